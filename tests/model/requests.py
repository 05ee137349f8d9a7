"""What an agent's page can ask a call for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from hypothesis import strategies as st

from domain.calls.call import CallStage, Purpose
from tests.model.effect import Effect
from tests.model.setting import OUTSIDE
from workflows.calls import updates

_Details = Callable[[Sequence[UUID], int], list[object]]


@dataclass(frozen=True)
class Request:
    """A press of a button. `is_done` says whether it has had its effect."""

    name: str
    is_done: Callable[[Effect], bool]
    details: _Details = lambda _users, _by: []
    label: str = ""

    def __repr__(self) -> str:
        return f"{self.name} {self.label}".strip()


def _reach(purpose: Purpose) -> _Details:
    return lambda users, by: [updates.Target(purpose, users[(by + 1) % len(users)])]


def _reach_outside(purpose: Purpose) -> _Details:
    return lambda _users, _by: [updates.Target(purpose, None, OUTSIDE)]


def _just(*details: object) -> _Details:
    return lambda _users, _by: list(details)


_ENDED = frozenset({CallStage.WRAP_UP, CallStage.CLOSED})


ALL = (
    Request("decline", lambda it: it.asker not in it.rung),
    Request("hang_up", lambda it: it.asker not in it.talking or it.guest_left or it.stage in _ENDED),
    Request("hold", lambda it: it.stage is CallStage.HELD, _just(True), "on"),
    Request("hold", lambda it: it.stage is CallStage.CONNECTED, _just(False), "off"),
    Request("rejoin", lambda it: it.stage is CallStage.RETURNING),
    Request("reach", lambda it: it.stage is CallStage.REACHING, _reach(Purpose.CONSULT), "consult"),
    Request("reach", lambda it: it.stage is CallStage.REACHING, _reach(Purpose.TRANSFER), "transfer"),
    Request("reach", lambda it: it.stage is CallStage.REACHING, _reach_outside(Purpose.CONSULT), "consult outside"),
    Request("reach", lambda it: it.stage is CallStage.REACHING, _reach_outside(Purpose.TRANSFER), "transfer outside"),
    Request("cancel", lambda it: it.guest_left),
    Request("hand_over", lambda it: it.asker not in it.talking),
    Request("conference", lambda it: it.stage is CallStage.CONFERENCE),
    Request("send_digits", lambda it: it.keys > 0, _just("1")),
    Request("pause_recording", lambda it: it.is_paused, _just(True), "on"),
    Request("pause_recording", lambda it: not it.is_paused, _just(False), "off"),
    Request("mute", lambda it: it.is_muted, _just(True), "on"),
    Request("mute", lambda it: not it.is_muted, _just(False), "off"),
    Request("complete_wrap_up", lambda it: it.stage is CallStage.CLOSED, _just(updates.WrapUp("Sold"))),
    Request("extend_wrap_up", lambda it: it.stage is CallStage.WRAP_UP, _just(30)),
)
HOLD = next(request for request in ALL if repr(request) == "hold on")
REACHES = tuple(request for request in ALL if request.name == "reach")
WITH_CUSTOMER = frozenset({CallStage.CONNECTED, CallStage.HELD})


def _named(*names: str) -> tuple[Request, ...]:
    return tuple(request for request in ALL if request.name in names)


_WITH_GUEST = _named("hang_up", "cancel", "hand_over", "conference", "mute", "rejoin")
IN_A_TALK = _named("send_digits", "pause_recording", "mute")
"""What changes only what is heard, or kept, of a talk."""
FITTING: dict[CallStage, tuple[Request, ...]] = {
    CallStage.OFFERED: _named("decline", "hang_up"),
    CallStage.DIALLING: _named("hang_up"),
    CallStage.CONNECTED: _named("hang_up", "hold", "rejoin", "reach", "send_digits", "pause_recording", "mute"),
    CallStage.HELD: _named("hang_up", "hold", "rejoin", "reach"),
    CallStage.REACHING: (*_WITH_GUEST, *_named("decline")),
    CallStage.CONSULTING: _WITH_GUEST,
    CallStage.CONFERENCE: _WITH_GUEST,
    CallStage.RETURNING: _named("rejoin", "hang_up"),
    CallStage.WRAP_UP: _named("complete_wrap_up", "extend_wrap_up"),
}
"""What the page offers at each stage, more or less."""
_AT_ANY_TIME = frozenset({"hang_up", "mute", "pause_recording"})
NOT_TOO_LATE = {
    stage: tuple(request for request in fitting if request.name not in _AT_ANY_TIME)
    for stage, fitting in FITTING.items()
}
"""What is refused to a page that shows the call as it was. A hang-up passes where it means the same talk."""

requests = st.sampled_from(ALL)
