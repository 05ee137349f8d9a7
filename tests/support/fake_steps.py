"""The steps of a call without a world: each answers as the test has told it, and notes that it was asked."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

from temporalio import activity

from domain.calls.arrival import Arrival
from domain.dialling_rules.destinations import ordinary_number
from domain.queues.queue import Queue
from workflows.calls import messages, parties, steps, third_party

AGENT = UUID(int=7)
QUEUE = Queue(UUID(int=1), "Support", ring_seconds=20, wrap_up_seconds=1, recorded=True)
LONG_WRAP_UP = replace(QUEUE, wrap_up_seconds=600)

_GIVEN: dict[str, type] = {
    steps.ADMIT.name: Arrival,
    steps.ENTER_QUEUE.name: messages.EnterQueue,
    steps.SEARCH.name: messages.Search,
    steps.REQUEUE.name: messages.Requeue,
    steps.CONNECT.name: messages.Connect,
    steps.DIAL.name: messages.Dial,
    steps.RETRY_LATER.name: messages.RetryLater,
    steps.ANNOUNCE.name: messages.Announce,
    steps.SAY.name: messages.Say,
    steps.LEAVE.name: messages.Leave,
    steps.TAKE_VOICEMAIL.name: messages.TakeVoicemail,
    steps.CHECK_NUMBER.name: messages.CheckNumber,
    steps.REQUEST_CALLBACK.name: messages.RequestCallback,
    steps.FINISH.name: messages.Finish,
    steps.STORE.name: messages.Store,
    steps.COMPLETE.name: messages.Complete,
    steps.EXTEND_WRAP_UP.name: messages.ExtendWrapUp,
    steps.PROBE.name: messages.Probe,
    steps.RELEASE_LEG.name: messages.ReleaseLeg,
    steps.SET_MUTE.name: messages.SetMute,
    steps.HOLD.name: messages.Hold,
    steps.RESUME.name: messages.Resume,
    steps.REACH.name: third_party.Reach,
    steps.JOIN.name: third_party.Join,
    steps.DROP_GUEST.name: third_party.DropGuest,
    steps.HAND_OVER.name: third_party.HandOver,
    steps.LET_GO.name: messages.LetGo,
    steps.RING_AGAIN.name: messages.RingAgain,
    steps.RING_GUEST.name: third_party.RingGuest,
    steps.REJOIN.name: messages.Rejoin,
    steps.SEND_DIGITS.name: messages.SendDigits,
    steps.PAUSE_RECORDING.name: messages.PauseRecording,
}

_ANY_TIME = datetime.max.replace(tzinfo=UTC)

Asked = TypeVar("Asked")


def offer(attempt: int) -> parties.Offer:
    """The agent is rung for the so-many-th time."""
    return parties.Offer(AGENT, attempt)


def offers(*attempts: int) -> tuple[parties.Offer, ...]:
    """As many agents are rung at once, each a different one."""
    return tuple(parties.Offer(UUID(int=attempt), attempt) for attempt in attempts)


@dataclass
class FakeSteps:
    """The queues of answers are what the next steps of their kind answer; then nobody is found, and all succeeds."""

    admitted: messages.Admitted = field(default_factory=lambda: messages.Admitted(QUEUE, (offer(1),)))
    entered: deque[messages.Admitted] = field(default_factory=deque)
    found: deque[messages.Found] = field(default_factory=deque)
    connected: deque[messages.Connected] = field(default_factory=deque)
    said: deque[messages.Said] = field(default_factory=deque)
    dialled: deque[messages.Dialled] = field(default_factory=deque)
    reached: deque[third_party.Reached] = field(default_factory=deque)
    handed_over: deque[third_party.HandedOver] = field(default_factory=deque)
    stored: bool = False
    """Whether the end of a call also lists its recording."""
    failing: dict[type, int] = field(default_factory=dict)
    """How often the next steps of a kind fail; a step that fails is noted like any other."""
    words_of_failure: str = "This step fails in this test."
    waiting: dict[type, asyncio.Event] = field(default_factory=dict)
    """What steps of a kind wait for before they answer."""
    legs: messages.Legs = field(default_factory=lambda: messages.Legs(True, True, (1,), (1,)))
    asked: list[object] = field(default_factory=list)

    def asked_for(self, kind: type[Asked]) -> list[Asked]:
        """What steps of one kind were asked for, in order."""
        return [asked for asked in self.asked if isinstance(asked, kind)]

    def finished(self) -> messages.Finish:
        """How the call was finished. A step may be repeated, as when a late event comes between, but not changed."""
        [finish] = {replace(finish, ended_at=_ANY_TIME): finish for finish in self.asked_for(messages.Finish)}.values()
        return finish

    def all(self) -> Sequence[Callable[..., Any]]:
        """The activities to register with a worker."""
        return [self._step(name, given) for name, given in _GIVEN.items()]

    def _step(self, name: str, given: type) -> Callable[..., Any]:
        async def step(asked: Any) -> object:
            self.asked.append(asked)
            if given in self.waiting:
                await self.waiting[given].wait()
            if self.failing.get(given, 0):
                self.failing[given] -= 1
                raise LookupError(self.words_of_failure)
            if isinstance(asked, third_party.Reach):
                guest = parties.Guest(asked.attempt, asked.target)
                return self.reached.popleft() if self.reached else third_party.Reached(guest)
            if isinstance(asked, messages.RingAgain):
                return messages.RungAgain(replace(asked.agent, attempt=asked.attempt))
            if isinstance(asked, messages.CheckNumber):
                return messages.CheckedNumber(ordinary_number(asked.number, "US"))
            return self._answer(name)

        # Temporal reads from the annotation what the input is to be.
        step.__annotations__["asked"] = given
        return activity.defn(name=name)(step)

    def _answer(self, name: str) -> object:
        if name == steps.ADMIT.name:
            return self.admitted
        if name == steps.PROBE.name:
            return self.legs
        if name == steps.FINISH.name:
            return messages.Finished(stored=self.stored)
        told: dict[str, tuple[deque[Any], object]] = {
            steps.ENTER_QUEUE.name: (self.entered, messages.Admitted(QUEUE)),
            steps.SEARCH.name: (self.found, messages.Found()),
            steps.REQUEUE.name: (self.found, messages.Found()),
            steps.CONNECT.name: (self.connected, messages.Connected(connected=True)),
            steps.SAY.name: (self.said, messages.Said(spoken=True)),
            steps.HAND_OVER.name: (self.handed_over, third_party.HandedOver()),
            steps.DIAL.name: (self.dialled, messages.Dialled(ringing=True)),
        }
        answers, otherwise = told.get(name, (deque(), None))
        return answers.popleft() if answers else otherwise
