"""Commands: what the command line does, as plain functions that return an exit code."""
