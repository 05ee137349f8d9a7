class ClosingCalls:
    """Calls whose legs we are hanging up ourselves, so that the ends of those legs are no news to their workflows.

    Only a saving: a call that is missing here, after a restart say, is told and finds the news late.
    """

    def __init__(self, most: int = 10_000) -> None:
        self._most = most
        self._calls: dict[str, None] = {}

    def add(self, call_id: str) -> None:
        """Notes a call, and forgets the oldest beyond the limit."""
        self._calls[call_id] = None
        if len(self._calls) > self._most:
            del self._calls[next(iter(self._calls))]

    def __contains__(self, call_id: str) -> bool:
        return call_id in self._calls
