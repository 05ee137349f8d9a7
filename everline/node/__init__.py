"""The process beside an Asterisk: takes its events, runs its calls, keeps its extensions as the database says."""
