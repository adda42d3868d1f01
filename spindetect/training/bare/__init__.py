"""Learning where sentences begin in texts without punctuation."""
