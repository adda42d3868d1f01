"""Passages of reuse: stretches of both texts that share their words, whichever order their sentences are in."""
