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
from domain.dialling_rules.destinations import decide
from domain.queues.queue import Queue
from workflows.calls import (
    agent_return,
    callbacks,
    customer_leg,
    ending,
    guest_return,
    ivr,
    leaving,
    offering,
    parties,
    probing,
    talk,
    third_party,
)

AGENT = UUID(int=7)
QUEUE = Queue(UUID(int=1), "Support", ring_seconds=20, wrap_up_seconds=1, recorded=True)
LONG_WRAP_UP = replace(QUEUE, wrap_up_seconds=600)

_GIVEN: dict[str, type] = {
    ivr.ADMIT.name: Arrival,
    ivr.ENTER_QUEUE.name: ivr.EnterQueue,
    offering.SEARCH.name: offering.Search,
    offering.REQUEUE.name: offering.Requeue,
    offering.CONNECT.name: offering.Connect,
    customer_leg.DIAL.name: customer_leg.Dial,
    customer_leg.RETRY_LATER.name: customer_leg.RetryLater,
    ivr.ANNOUNCE.name: ivr.Announce,
    ivr.SAY.name: ivr.Speak,
    leaving.LEAVE.name: leaving.Leave,
    leaving.TAKE_VOICEMAIL.name: leaving.TakeVoicemail,
    callbacks.CHECK_NUMBER.name: callbacks.CheckNumber,
    callbacks.REQUEST_CALLBACK.name: callbacks.RequestCallback,
    ending.FINISH.name: ending.Finish,
    ending.STORE.name: ending.Store,
    ending.COMPLETE.name: ending.Complete,
    ending.EXTEND_WRAP_UP.name: ending.ExtendWrapUp,
    probing.PROBE.name: probing.Probe,
    offering.RELEASE_LEG.name: offering.ReleaseLeg,
    talk.SET_MUTE.name: talk.SetMute,
    talk.HOLD.name: talk.Hold,
    talk.RESUME.name: talk.Resume,
    third_party.REACH.name: third_party.Reach,
    third_party.JOIN.name: third_party.Join,
    third_party.DROP_GUEST.name: third_party.DropGuest,
    third_party.HAND_OVER.name: third_party.HandOver,
    talk.LET_GO.name: talk.LetGo,
    agent_return.RING_AGAIN.name: agent_return.RingAgain,
    guest_return.RING_GUEST.name: guest_return.RingGuest,
    agent_return.REJOIN.name: agent_return.Rejoin,
    talk.SEND_DIGITS.name: talk.SendDigits,
    talk.PAUSE_RECORDING.name: talk.PauseRecording,
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

    admitted: ivr.Admitted = field(default_factory=lambda: ivr.Admitted(QUEUE, (offer(1),)))
    entered: deque[ivr.Admitted] = field(default_factory=deque)
    found: deque[offering.Found] = field(default_factory=deque)
    connected: deque[offering.Connected] = field(default_factory=deque)
    said: deque[ivr.Spoken] = field(default_factory=deque)
    dialled: deque[customer_leg.DialResult] = field(default_factory=deque)
    reached: deque[third_party.Reached] = field(default_factory=deque)
    handed_over: deque[third_party.HandedOver] = field(default_factory=deque)
    stored: bool = False
    """Whether the end of a call also lists its recording."""
    failing: dict[type, int] = field(default_factory=dict)
    """How often the next steps of a kind fail; a step that fails is noted like any other."""
    words_of_failure: str = "This step fails in this test."
    waiting: dict[type, asyncio.Event] = field(default_factory=dict)
    """What steps of a kind wait for before they answer."""
    legs: probing.Legs = field(default_factory=lambda: probing.Legs(True, True, (1,), (1,)))
    asked: list[object] = field(default_factory=list)

    def asked_for(self, kind: type[Asked]) -> list[Asked]:
        """What steps of one kind were asked for, in order."""
        return [asked for asked in self.asked if isinstance(asked, kind)]

    def finished(self) -> ending.Finish:
        """How the call was finished. A step may be repeated, as when a late event comes between, but not changed."""
        [finish] = {replace(finish, ended_at=_ANY_TIME): finish for finish in self.asked_for(ending.Finish)}.values()
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
            if isinstance(asked, agent_return.RingAgain):
                return agent_return.RungAgain(replace(asked.agent, attempt=asked.attempt))
            if isinstance(asked, callbacks.CheckNumber):
                return callbacks.CheckedNumber(decide(asked.number, "US", ()).number)
            return self._answer(name)

        # Temporal reads from the annotation what the input is to be.
        step.__annotations__["asked"] = given
        return activity.defn(name=name)(step)

    def _answer(self, name: str) -> object:
        if name == ivr.ADMIT.name:
            return self.admitted
        if name == probing.PROBE.name:
            return self.legs
        if name == ending.FINISH.name:
            return ending.Finished(stored=self.stored)
        told: dict[str, tuple[deque[Any], object]] = {
            ivr.ENTER_QUEUE.name: (self.entered, ivr.Admitted(QUEUE)),
            offering.SEARCH.name: (self.found, offering.Found()),
            offering.REQUEUE.name: (self.found, offering.Found()),
            offering.CONNECT.name: (self.connected, offering.Connected(connected=True)),
            ivr.SAY.name: (self.said, ivr.Spoken(spoken=True)),
            third_party.HAND_OVER.name: (self.handed_over, third_party.HandedOver()),
            customer_leg.DIAL.name: (self.dialled, customer_leg.DialResult(ringing=True)),
        }
        answers, otherwise = told.get(name, (deque(), None))
        return answers.popleft() if answers else otherwise
