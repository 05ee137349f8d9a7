"""Commands for people. Each module `<name>.py` here with a Typer called `app` is the command `everline <name>`."""
