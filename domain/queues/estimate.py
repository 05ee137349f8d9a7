"""How long a caller may have to wait."""


def wait(place: int, agents: int, handle_seconds: float) -> float | None:
    """The expected wait in seconds of the caller at `place` (1 is next), while all `agents` talk.

    With exponential service, one of the agents becomes free every `handle_seconds / agents`, and the caller needs
    `place` of them to (the mean of an Erlang distribution: Gross et al., Fundamentals of Queueing Theory, M/M/c).
    None when nobody is there to serve.
    """
    return place * handle_seconds / agents if agents > 0 else None
