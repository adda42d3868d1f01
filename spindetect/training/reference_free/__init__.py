"""Learning what scores an article on its own."""
