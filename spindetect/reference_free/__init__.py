"""Scoring an article with no reference: what gives it away, what it may have said before, which tool did it."""
