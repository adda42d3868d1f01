"""The labelled pairs to learn from: real ones, and those made for the purpose."""
