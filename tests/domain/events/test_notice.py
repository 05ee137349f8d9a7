from domain.calls.call import CallStage
from domain.events.notice import AUDIENCE, ENDS_SESSIONS, DeskPart, NoticeKind, QueuePart

MOVES = (
    CallStage.CONNECTED,
    CallStage.HELD,
    CallStage.REACHING,
    CallStage.CONSULTING,
    CallStage.CONFERENCE,
    CallStage.RETURNING,
)
"""The stages between which a call moves while somebody talks: each is told by its name."""


def test_every_kind_has_an_audience() -> None:
    assert set(AUDIENCE) == set(NoticeKind)


def test_each_stage_of_a_talk_can_be_told() -> None:
    assert all(NoticeKind(f"call.{stage}") for stage in MOVES)


def test_an_event_of_a_call_changes_its_agents_desk_its_queues_line_and_the_floor() -> None:
    audience = AUDIENCE[NoticeKind.CALL_CONNECTED]
    assert audience.own == {DeskPart.AGENT, DeskPart.CALL}
    assert (audience.floor, audience.queue, audience.everybody) == (True, QueuePart.LINE, None)


def test_a_voicemail_changes_no_line_and_no_colleague() -> None:
    audience = AUDIENCE[NoticeKind.VOICEMAIL_LEFT]
    assert (audience.own, audience.floor, audience.queue) == (frozenset(), False, QueuePart.VOICEMAILS)


def test_the_end_of_a_session_changes_no_desk() -> None:
    assert all(not AUDIENCE[kind].own for kind in ENDS_SESSIONS)
