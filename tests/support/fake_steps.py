"""The steps of a call without a world: each answers as the test has told it, and notes that it was asked."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from temporalio import activity

from domain.arrival import Arrival
from domain.queue import Queue
from workflows import messages, steps

AGENT = UUID(int=7)
QUEUE = Queue(UUID(int=1), "Support", ring_seconds=20, wrap_up_seconds=1, recorded=True)
LONG_WRAP_UP = replace(QUEUE, wrap_up_seconds=600)


def offer(attempt: int) -> messages.Offer:
    """The agent is rung for the so-many-th time."""
    return messages.Offer(AGENT, attempt)


@dataclass
class FakeSteps:
    """`found` and `connected` are what the next searches and connections answer; then nobody, and yes."""

    admitted: messages.Admitted = field(default_factory=lambda: messages.Admitted(QUEUE, offer(1)))
    found: deque[messages.Found] = field(default_factory=deque)
    connected: deque[messages.Connected] = field(default_factory=deque)
    legs: messages.Legs = field(default_factory=lambda: messages.Legs(customer=True, agent=True, agent_up=True))
    asked: list[object] = field(default_factory=list)

    def finished(self) -> messages.Finish:
        """How the call was finished; it must have been, once."""
        [finish] = [asked for asked in self.asked if isinstance(asked, messages.Finish)]
        return finish

    def all(self) -> Sequence[Callable[..., Any]]:
        """The activities to register with a worker."""
        return [
            self.admit,
            self.search,
            self.requeue,
            self.connect,
            self.finish,
            self.complete,
            self.probe,
            self.release_leg,
            self.set_mute,
        ]

    @activity.defn(name=steps.ADMIT.name)
    async def admit(self, arrival: Arrival) -> messages.Admitted:
        self.asked.append(arrival)
        return self.admitted

    @activity.defn(name=steps.SEARCH.name)
    async def search(self, search: messages.Search) -> messages.Found:
        self.asked.append(search)
        return self.found.popleft() if self.found else messages.Found()

    @activity.defn(name=steps.REQUEUE.name)
    async def requeue(self, requeue: messages.Requeue) -> messages.Found:
        self.asked.append(requeue)
        return self.found.popleft() if self.found else messages.Found()

    @activity.defn(name=steps.CONNECT.name)
    async def connect(self, connect: messages.Connect) -> messages.Connected:
        self.asked.append(connect)
        return self.connected.popleft() if self.connected else messages.Connected(connected=True)

    @activity.defn(name=steps.FINISH.name)
    async def finish(self, finish: messages.Finish) -> None:
        self.asked.append(finish)

    @activity.defn(name=steps.COMPLETE.name)
    async def complete(self, complete: messages.Complete) -> None:
        self.asked.append(complete)

    @activity.defn(name=steps.PROBE.name)
    async def probe(self, probe: messages.Probe) -> messages.Legs:
        self.asked.append(probe)
        return self.legs

    @activity.defn(name=steps.RELEASE_LEG.name)
    async def release_leg(self, leg: messages.ReleaseLeg) -> None:
        self.asked.append(leg)

    @activity.defn(name=steps.SET_MUTE.name)
    async def set_mute(self, mute: messages.SetMute) -> None:
        self.asked.append(mute)
