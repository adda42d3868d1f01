"""The desk: where moderators see the cases, read the evidence, and decide."""
