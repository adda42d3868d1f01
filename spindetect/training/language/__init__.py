"""The sources of the lexicon and of the statistics of English."""
