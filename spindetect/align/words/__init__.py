"""Align the words of two sentences."""
