"""What workflows ask of the world: commands to Asterisk, writes to the database, signals to other calls."""
