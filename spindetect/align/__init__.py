"""Align sentences, then the words inside each pair of sentences."""
