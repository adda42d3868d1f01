"""What each command may be asked for: one dataclass for each, whose fields are its arguments and options in order.

Only what ``--help`` needs is imported here.
"""
