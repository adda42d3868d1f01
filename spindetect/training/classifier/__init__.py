"""Fitting what scores a pair of articles."""
