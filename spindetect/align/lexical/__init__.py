"""What an aligner knows of words: which are the same, known substitutions, what it costs to put one for another."""
