"""The routing simulator: the real claims under a virtual clock, beside what queueing theory says (goal D1)."""
