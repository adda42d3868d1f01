"""Undo what was done to a text: damage repaired, disguises seen through, each character's place kept."""
