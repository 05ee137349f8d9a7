"""What is measured: Everline, and what it is compared with."""
