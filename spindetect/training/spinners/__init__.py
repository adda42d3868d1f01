"""Simulated spinning tools: their dictionaries, how they replace phrases, and invented ones."""
