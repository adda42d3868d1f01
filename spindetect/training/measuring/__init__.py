"""Measuring a model on what it wasn't trained on."""
