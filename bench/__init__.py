"""Measures the centre beside Asterisk's own queue, on one machine in one run."""
