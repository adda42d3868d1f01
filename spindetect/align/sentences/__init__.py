"""Align the sentences of two documents."""
