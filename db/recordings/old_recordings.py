"""Recordings and messages that are older than they are to be kept, and files that no row names.

A row goes, or says that its file is gone, before the file does: no row ever promises a file that is not there. A file
that was left behind by a round that was broken off is found by `unnamed`.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, or_, select, update

from db.audit import audit
from db.core.engine import AnySession, WriteSession
from db.core.notices import Notice, publish
from db.models import Recording, Voicemail
from domain.calls.call import RecordingState
from domain.events.notice import NoticeKind

_QUIET = {"synchronize_session": False}


async def due(session: AnySession, node: str, before: datetime, most: int) -> Sequence[str]:
    """Names of a node's recordings of calls that are from before a moment, the oldest first."""
    is_message = exists().where(Voicemail.recording == Recording.name)
    found = await session.scalars(
        select(Recording.name)
        .where(
            Recording.node == node,
            Recording.status != RecordingState.REMOVED,
            Recording.stored_at < before,
            ~is_message,
        )
        .order_by(Recording.stored_at)
        .limit(most)
    )
    return found.all()


async def remove(session: WriteSession, node: str, names: Sequence[str], before: datetime, now: datetime) -> None:
    """Writes down that the files of these recordings, all from before a moment, are removed."""
    await _mark(session, names, before)
    await audit.note(session, None, "recordings.removed", node, {"count": len(names), "last": names[-1]}, now)


async def due_messages(session: AnySession, node: str, before: datetime, most: int) -> Sequence[str]:
    """Names of the files of messages that were left before a moment, heard or not, the oldest first.

    Those of this node, and those of which no row says any more which node has them.
    """
    listed = Recording.name == Voicemail.recording
    mine: ColumnElement[bool] = or_(exists().where(listed, Recording.node == node), ~exists().where(listed))
    found = await session.scalars(
        select(Voicemail.recording).where(Voicemail.left_at < before, mine).order_by(Voicemail.left_at).limit(most)
    )
    return found.all()


async def remove_messages(
    session: WriteSession, node: str, names: Sequence[str], before: datetime, now: datetime
) -> None:
    """Removes the rows of these messages; the pages of their queues are told."""
    gone = await session.scalars(
        delete(Voicemail)
        .where(Voicemail.recording.in_(names))
        .returning(Voicemail.queue_id)
        .execution_options(**_QUIET)
    )
    for queue_id in set(gone):
        publish(session, Notice(NoticeKind.VOICEMAIL_REMOVED, None, queue_id))
    await _mark(session, names, before)
    await audit.note(session, None, "voicemails.removed", node, {"count": len(names), "last": names[-1]}, now)


async def unnamed(session: AnySession, names: Collection[str]) -> Sequence[str]:
    """Which of these files no row of a recording or of a message promises."""
    recorded = select(Recording.name).where(Recording.name.in_(names), Recording.status != RecordingState.REMOVED)
    left = select(Voicemail.recording).where(Voicemail.recording.in_(names))
    promised = {*await session.scalars(recorded), *await session.scalars(left)}
    return sorted(set(names) - promised)


async def _mark(session: WriteSession, names: Sequence[str], before: datetime) -> None:
    await session.execute(
        update(Recording)
        .where(Recording.name.in_(names), Recording.stored_at < before)
        .values(status=RecordingState.REMOVED)
        .execution_options(**_QUIET)
    )
