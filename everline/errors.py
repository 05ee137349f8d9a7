class EverlineError(Exception):
    """A failure told to the person at the keyboard: one sentence that says what to do."""
