"""Messages that callers left for queues: listed, heard, and told of."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, func, select, text, tuple_, update

from db.core.engine import AnySession, WriteSession
from db.core.errors import NotFoundError
from db.core.id_in import id_in
from db.core.notices import Notice, publish
from db.core.partitions import LONGEST_CALL
from db.models import QUEUE_NAMES, User, Voicemail
from domain.calls import ids
from domain.events.notice import NoticeKind


@dataclass(frozen=True)
class Message:
    """What a caller left. `heard_by` is the name of the first user who heard it."""

    id: UUID
    call_id: str
    queue_id: UUID
    queue: str
    customer_number: str | None
    customer_name: str
    seconds: float
    left_at: datetime
    heard_at: datetime | None
    heard_by: str | None
    recording: str


@dataclass(frozen=True)
class Unheard:
    """How many messages nobody has heard yet, and when the newest of all came."""

    count: int
    newest_at: datetime | None


_MESSAGES = (
    select(Voicemail, QUEUE_NAMES.c.name, User.name)
    .join(QUEUE_NAMES, QUEUE_NAMES.c.id == Voicemail.queue_id)
    .outerjoin(User, User.id == Voicemail.heard_by)
)

_UNHEARD = select(func.count().filter(Voicemail.heard_at.is_(None)), func.max(Voicemail.left_at)).where(
    id_in(Voicemail.queue_id, "queue_ids")
)


@dataclass(frozen=True)
class MessageFilter:
    """Which messages a list has: those for these queues, of which nobody has, or somebody has, heard."""

    queue_ids: Collection[UUID]
    heard: bool | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """The same for a query."""
        found: list[ColumnElement[bool]] = [Voicemail.queue_id.in_(self.queue_ids)]
        if self.heard is not None:
            found.append(Voicemail.heard_at.is_not(None) if self.heard else Voicemail.heard_at.is_(None))
        return found


async def count(session: AnySession, messages: MessageFilter, most: int) -> int:
    """How many messages there are, counted up to `most`."""
    some = select(Voicemail.id).where(*messages.conditions()).limit(most)
    return await session.scalar(select(func.count()).select_from(some.subquery())) or 0


async def listing(
    session: AnySession, messages: MessageFilter, *, limit: int, before: tuple[datetime, UUID] | None = None
) -> Sequence[Message]:
    """The messages, newest first; `before` is moment and id of the last one of the page before."""
    wanted: Select[Voicemail, str, str] = _MESSAGES.where(*messages.conditions())
    if before is not None:
        wanted = wanted.where(tuple_(Voicemail.left_at, Voicemail.id) < before)
    found = await session.execute(wanted.order_by(Voicemail.left_at.desc(), Voicemail.id.desc()).limit(limit))
    return [_message(row) for row in found]


async def find(session: AnySession, voicemail_id: UUID, queue_ids: Collection[UUID]) -> Message:
    """One of the messages for these queues. Raises NotFoundError."""
    found = await session.execute(
        _MESSAGES.where(Voicemail.id == voicemail_id, Voicemail.queue_id.in_(queue_ids)),
    )
    row = found.first()
    if row is None:
        raise NotFoundError("There is no such voicemail.")
    return _message(row)


async def unheard(session: AnySession, queue_ids: Collection[UUID]) -> Unheard:
    """How many messages for these queues nobody has heard."""
    found = await session.execute(_UNHEARD, {"queue_ids": list(queue_ids)})
    count, newest = found.one()
    return Unheard(count, newest)


async def note_heard(session: WriteSession, message: Message, user_id: UUID, now: datetime) -> None:
    """Somebody has heard the message; only the first counts."""
    first = await session.scalar(
        update(Voicemail)
        .where(Voicemail.id == message.id, Voicemail.heard_at.is_(None))
        .values(heard_at=now, heard_by=user_id)
        .returning(Voicemail.id)
        .execution_options(synchronize_session=False),
    )
    if first is not None:
        publish(
            session, Notice(NoticeKind.VOICEMAIL_HEARD, user_id, message.queue_id, {"voicemail_id": str(message.id)})
        )


def _message(row: Row[Voicemail, str, str]) -> Message:
    left, queue, heard_by = row
    return Message(
        left.id,
        left.call_id,
        left.queue_id,
        queue,
        left.customer_number,
        left.customer_name,
        left.seconds,
        left.left_at,
        left.heard_at,
        heard_by,
        left.recording,
    )


_STORE = text(f"""
    INSERT INTO voicemails (id, call_id, queue_id, customer_number, customer_name, recording, seconds, left_at)
    SELECT :id, call_id, queue_id, customer_number, customer_name, :recording, :seconds, :now
    FROM cdrs
    WHERE call_id = :call_id AND arrived_at > CAST(:now AS timestamptz) - interval '{LONGEST_CALL.days} days'
        AND queue_id IS NOT NULL
    ON CONFLICT DO NOTHING
    RETURNING queue_id
""")  # noqa: S608 - made of constants


@dataclass(frozen=True)
class NewMessage:
    """What a caller left: the name of the recording, and its length."""

    call_id: str
    recording: str
    seconds: float


async def store(session: WriteSession, message: NewMessage, now: datetime) -> None:
    """Lists a message for the queue that the caller had left, once the call has its record."""
    values = {
        "id": ids.uuid7(),
        "call_id": message.call_id,
        "recording": message.recording,
        "seconds": message.seconds,
        "now": now,
    }
    queue_id = await session.scalar(_STORE, values)
    if queue_id is not None:
        publish(session, Notice(NoticeKind.VOICEMAIL_LEFT, None, queue_id, {"call_id": message.call_id}))
