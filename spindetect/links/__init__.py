"""Fetching what links lead to, politely and safely: one request a host at a time, no private addresses, limits."""
