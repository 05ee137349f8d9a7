import asyncio
from collections.abc import Callable
from typing import TypeVar

from telephony.events import Event

Kind = TypeVar("Kind", bound=Event)


class Heard:
    """Every event that came, in order, and a way to wait for one."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._began = 0
        self._changed = asyncio.Condition()

    async def take(self, event: Event) -> None:
        async with self._changed:
            self.events.append(event)
            self._changed.notify_all()

    def begin(self) -> None:
        """A new test begins: what came before is no event of its own."""
        self._began = len(self.events)

    def mark(self) -> int:
        """A place in the order: what came later is after it."""
        return len(self.events)

    def after(self, mark: int, kind: type[Kind]) -> list[Kind]:
        return [event for event in self.events[mark:] if isinstance(event, kind)]

    async def wait(
        self,
        kind: type[Kind],
        matches: Callable[[Kind], bool] = lambda _: True,
        *,
        after: int | None = None,
        seconds: float = 10.0,
    ) -> Kind:
        """The first event of that kind that matches, after the mark, or since the test began."""
        mark = self._began if after is None else after

        def found() -> Kind | None:
            return next((event for event in self.after(mark, kind) if matches(event)), None)

        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(lambda: found() is not None)
        event = found()
        assert event is not None
        return event
