"""A model is a folder: parameters, a manifest, a card. Loading refuses what it does not know."""
