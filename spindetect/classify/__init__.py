"""Turn links between words into substitutions: minimal phrases with a kind and a reason."""
