"""What the lexicon and the statistics of English are learnt from."""
