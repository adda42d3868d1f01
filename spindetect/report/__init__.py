"""Reporting: views of a comparison, as plain data, as tables and in the terminal; none computes a score."""
