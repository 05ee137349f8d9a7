"""What the centre remembers: tables, the queries on them, and the events that tell of their changes."""
