"""What agents do with a call while they talk, as rows: its stage and its participants."""

from datetime import datetime

from sqlalchemy import select

from db.calls import participants
from db.calls.participants import take_part, tell
from db.core.engine import AnySession, WriteSession
from db.models import Call, Participant
from domain.calls.call import CallRole, CallStage
from domain.events.notice import NoticeKind

_GUEST_TALKS = frozenset({CallStage.CONSULTING, CallStage.CONFERENCE})


async def move(
    session: WriteSession, call_id: str, stage: CallStage, now: datetime, returning_to: CallStage | None = None
) -> None:
    """Notes that the call has come to a stage, or that its agent is to come `returning_to` one.

    Its guest, if it has one, talks from the first stage on at which there are both.
    """
    call = await session.get(Call, call_id, with_for_update=True)
    if call is None:
        return
    now_at = returning_to or stage
    call.stage, call.returning_to = stage, returning_to
    # Nobody talks with a customer whose agent was cut off, but a third party in a conference.
    call.lost_at = (
        (call.lost_at or now) if stage is CallStage.RETURNING and now_at is not CallStage.CONFERENCE else None
    )
    guest = await participants.find(session, call_id, CallRole.THIRD_PARTY)
    if guest is not None and now_at in _GUEST_TALKS:
        guest.joined_at, guest.away = guest.joined_at or now, False
    await session.flush()
    if guest is not None and guest.user_id is not None and now_at is not CallStage.REACHING:
        await take_part(session, call_id, guest.user_id, now)
    await tell(session, NoticeKind(f"call.{stage}"), call)


async def is_muted(session: AnySession, call_id: str, role: CallRole = CallRole.AGENT) -> bool:
    """Whether the microphone of the call's agent, or of its third party, is off."""
    return bool(await session.scalar(select(Participant.muted).where(*participants.is_in(call_id, role))))


async def pause_recording(session: WriteSession, call_id: str, now: datetime, *, paused: bool) -> None:
    """Notes whether the recording of a call is paused."""
    call = await session.get(Call, call_id, with_for_update=True)
    if call is not None:
        note_pause(call, now, paused=paused)
        await session.flush()
        await tell(session, NoticeKind.CALL_RECORDING_PAUSED, call)


def note_pause(call: Call, now: datetime, *, paused: bool) -> None:
    """Has a call's row say whether its recording is paused, and for how long it was."""
    if call.recording_paused_at is not None and not paused:
        call.recording_paused_seconds += max(0.0, (now - call.recording_paused_at).total_seconds())
    call.recording_paused_at = (call.recording_paused_at or now) if paused else None
    call.recording_paused = paused
