"""What an agent's page can ask a call for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from hypothesis import strategies as st

from domain.call import CallStage, Purpose
from tests.model.setting import OUTSIDE
from workflows import messages

_Arguments = Callable[[Sequence[UUID], int], list[object]]


@dataclass(frozen=True)
class Request:
    """A press of a button."""

    name: str
    make: _Arguments
    label: str = ""

    def arguments(self, users: Sequence[UUID], by: int) -> list[object]:
        """What the workflow's update is given when the so-many-th agent asks, whatever the agent may have seen."""
        return [messages.Asked(users[by]), *self.make(users, by)]

    def __repr__(self) -> str:
        return f"{self.name} {self.label}".strip()


def _nothing(_users: Sequence[UUID], _by: int) -> list[object]:
    return []


def _reach(purpose: Purpose) -> _Arguments:
    return lambda users, by: [messages.Target(purpose, users[(by + 1) % len(users)])]


def _reach_outside(purpose: Purpose) -> _Arguments:
    return lambda _users, _by: [messages.Target(purpose, None, OUTSIDE)]


ALL = (
    Request("decline", _nothing),
    Request("hang_up", _nothing),
    Request("hold", lambda _users, _by: [True], "on"),
    Request("hold", lambda _users, _by: [False], "off"),
    Request("rejoin", _nothing),
    Request("reach", _reach(Purpose.CONSULT), "consult"),
    Request("reach", _reach(Purpose.TRANSFER), "transfer"),
    Request("reach", _reach_outside(Purpose.CONSULT), "consult outside"),
    Request("reach", _reach_outside(Purpose.TRANSFER), "transfer outside"),
    Request("cancel", _nothing),
    Request("hand_over", _nothing),
    Request("conference", _nothing),
    Request("send_digits", lambda _users, _by: ["1"]),
    Request("pause_recording", lambda _users, _by: [True], "on"),
    Request("pause_recording", lambda _users, _by: [False], "off"),
    Request("mute", lambda _users, _by: [True], "on"),
    Request("mute", lambda _users, _by: [False], "off"),
    Request("complete_wrap_up", lambda _users, _by: [messages.WrapUp("Sold")]),
    Request("extend_wrap_up", lambda _users, _by: [30]),
)

REACHES = tuple(request for request in ALL if request.name == "reach")
WITH_CUSTOMER = frozenset({CallStage.CONNECTED, CallStage.HELD})


def _named(*names: str) -> tuple[Request, ...]:
    return tuple(request for request in ALL if request.name in names)


_WITH_GUEST = _named("hang_up", "cancel", "hand_over", "conference", "mute", "rejoin")
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

requests = st.sampled_from(ALL)
