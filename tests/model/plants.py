"""Faults that are planted on purpose: each must be found, or the model proves nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from activities.calls.third_party import ThirdPartySteps
from domain.calls.call import CallStage, EventKind
from domain.calls.transitions import TRANSITIONS, CallAction
from telephony.asterisk import Asterisk
from workflows.calls import failures, probing, requests
from workflows.calls.event import CallEvent
from workflows.calls.state import CallState


@dataclass(frozen=True)
class Plant:
    """A fault, and what puts it in for as long as a block."""

    name: str
    put_in: Callable[[], Any]

    @contextmanager
    def planted(self) -> Iterator[None]:
        """The fault is there."""
        with self.put_in():
            yield

    def __str__(self) -> str:
        return self.name


async def _nothing(*_: object, **__: object) -> None:
    return None


def _table(stage: CallStage, kind: EventKind, step: CallAction | None) -> Callable[[], Any]:
    """Another row in the table, or a row less."""
    if step is not None:
        return lambda: patch.dict(TRANSITIONS, {(stage, kind): step})
    return lambda: _without(stage, kind)


@contextmanager
def _without(stage: CallStage, kind: EventKind) -> Iterator[None]:
    row = TRANSITIONS.pop((stage, kind))
    try:
        yield
    finally:
        TRANSITIONS[stage, kind] = row


def _of_leg(call: CallState, kind: EventKind, event: CallEvent) -> EventKind:
    """Whoever answers or goes is taken for the agent of now."""
    guest = call.guest is not None and event.attempt == call.guest.attempt
    return {EventKind.AGENT_ANSWERED: EventKind.GUEST_ANSWERED}.get(kind, EventKind.GUEST_ENDED) if guest else kind


async def _no_matches(*_: object, **__: object) -> list[object]:
    return []


PLANTS = (
    Plant("nobody asks who asks", lambda: patch.object(requests, "_of_asker", lambda *_, **__: None)),
    Plant("nobody asks what was seen", lambda: patch.object(requests, "_changed", lambda *_: None)),
    Plant("what is not done is told as done", lambda: patch.object(failures, "refuse", lambda _: None)),
    Plant("a cancelled call is not ended", lambda: patch.object(failures, "close", _nothing)),
    Plant("a customer who leaves a talk is not noticed", _table(CallStage.CONNECTED, EventKind.CUSTOMER_ENDED, None)),
    Plant("a customer who goes on hold is not noticed", _table(CallStage.HELD, EventKind.CUSTOMER_ENDED, None)),
    Plant("a phone picked up too late stays", _table(CallStage.CONNECTED, EventKind.STALE_LEG_ANSWERED, None)),
    Plant(
        "a third party who goes ends the call",
        _table(CallStage.CONSULTING, EventKind.GUEST_ENDED, CallAction.END_BY_AGENT),
    ),
    Plant("a ring that nobody answers lasts", _table(CallStage.OFFERED, EventKind.RING_TIMED_OUT, None)),
    Plant("hold is only said", lambda: patch("activities.calls.talk.to_music", _nothing)),
    Plant("a third party's phone is not hung up", lambda: patch.object(ThirdPartySteps, "_drop", _nothing)),
    Plant("a bridge is left", lambda: patch.object(Asterisk, "destroy_bridge", _nothing)),
    Plant("other phones ring on", lambda: patch("activities.calls.legs.hang_up_agents", _nothing)),
    Plant("whose leg it was is not asked", lambda: patch.object(CallState, "_of_leg", _of_leg)),
    Plant("a probe finds nothing", lambda: patch.object(probing, "probe", _nothing)),
    Plant("a connection is not written down", lambda: patch("activities.calls.offering.calls.connect", _no_matches)),
    Plant("agents are not let go", lambda: patch("activities.calls.ending.cdrs.complete", _no_matches)),
    Plant("who declines keeps the call", lambda: patch("activities.calls.offers.calls.missed", _no_matches)),
    Plant(
        "a customer is dialled twice",
        lambda: patch("activities.calls.customer_leg.manual.begin_dial", _is_first),
    ),
    Plant("a mute is only said", lambda: patch.object(Asterisk, "mute", _nothing)),
)


async def _is_first(*_: object) -> bool:
    return True
