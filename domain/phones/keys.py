KEYS = frozenset("0123456789*#")
"""The keys of a telephone."""
