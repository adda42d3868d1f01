"""Cut an article into tokens and sentences."""
