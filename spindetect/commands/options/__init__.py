"""The commands' arguments and options: one dataclass for each command, whose fields they are, in order.

Only what ``--help`` needs is imported here.
"""
