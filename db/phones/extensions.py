"""Users' phones: what Asterisk has to know of them, and what it tells about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from db.core.engine import AnySession, WriteSession
from db.core.errors import AlreadyTakenError
from db.core.notices import Notice, publish
from db.models import Extension, Registration, User
from db.nodes import revisions
from db.users.passwords import random_digest
from domain.agents.agent import ExtensionKind
from domain.calls import ids
from domain.events.notice import NoticeKind

wait_provisioned = revisions.wait_provisioned

FIRST_NUMBER = 1001


@dataclass(frozen=True)
class Phone:
    """A user's phone. `digest` is what both sides of its registration compute with."""

    number: str
    kind: ExtensionKind
    digest: str


@dataclass(frozen=True)
class ChangedExtension:
    """An extension as Asterisk should have it from `revision` on."""

    revision: int
    number: str
    kind: ExtensionKind
    digest: str
    removed: bool


async def add(session: WriteSession, user_id: UUID, phone: Phone) -> int:
    """Gives the user a phone; a number that was removed may be used again. Returns its revision.

    Raises AlreadyTakenError for a number in use.
    """
    revision = await revisions.next_revision(session)
    values = {
        "user_id": user_id,
        "kind": phone.kind,
        "digest": phone.digest,
        "revision": revision,
        "removed_at": None,
        "registered_since": None,
        "refused": None,
        "refused_at": None,
        "microphone_lost_at": None,
    }
    made = await session.scalar(
        insert(Extension)
        .values(id=ids.uuid7(), number=phone.number, **values)
        .on_conflict_do_update(index_elements=["number"], set_=values, where=Extension.removed_at.is_not(None))
        .returning(Extension.id),
    )
    if made is None:
        holder = await session.scalar(
            select(User.name).join(Extension, Extension.user_id == User.id).where(Extension.number == phone.number),
        )
        raise AlreadyTakenError(
            f"The extension {phone.number} is {holder}'s. Choose another number.", field="extension"
        )
    return revision


async def holder(session: AnySession, text: str) -> UUID | None:
    """The user whose extension somebody has typed."""
    number = text.strip()
    if not (number.isascii() and number.isdecimal()):
        return None
    found: UUID | None = await session.scalar(select(Extension.user_id).where(Extension.number == number))
    return found


async def remove(session: WriteSession, user_id: UUID, now: datetime) -> None:
    """Takes the user's phone away; Asterisk forgets it as soon as a node has pushed the change."""
    revision = await revisions.next_revision(session)
    phone = select(Extension.id).where(Extension.user_id == user_id)
    await session.execute(delete(Registration).where(Registration.extension_id.in_(phone)))
    await session.execute(
        update(Extension)
        .where(Extension.user_id == user_id)
        .values(user_id=None, removed_at=now, revision=revision, digest=random_digest()),
    )


async def renew_web_digest(session: WriteSession, user_id: UUID) -> int | None:
    """Gives a Web extension a new digest, which makes the old one void. Returns the revision; None for a SIP phone."""
    found = await phone_of(session, user_id)
    if found is None or found.kind is not ExtensionKind.WEB:
        return None
    return await set_digest(session, user_id, random_digest())


async def set_digest(session: WriteSession, user_id: UUID, digest: str) -> int:
    """Replaces what the user's phone registers with. Returns the revision."""
    revision = await revisions.next_revision(session)
    await session.execute(
        update(Extension)
        .where(Extension.user_id == user_id)
        # Another browser has another microphone.
        .values(digest=digest, revision=revision, microphone_lost_at=None),
    )
    return revision


async def set_microphone(session: WriteSession, user_id: UUID, *, usable: bool, now: datetime) -> bool:
    """Notes what the user's page says of its microphone, and tells of it when that is news. True when it is."""
    changed = await session.scalar(
        update(Extension)
        .where(
            Extension.user_id == user_id,
            Extension.kind == ExtensionKind.WEB,
            Extension.removed_at.is_(None),
            Extension.microphone_lost_at.is_not(None) if usable else Extension.microphone_lost_at.is_(None),
        )
        .values(microphone_lost_at=None if usable else now)
        .returning(Extension.id)
        .execution_options(synchronize_session=False),
    )
    if changed is not None:
        publish(session, Notice(NoticeKind.PHONE_CHANGED, user_id, None, {"microphone": usable}))
    return changed is not None


async def phone_of(session: AnySession, user_id: UUID) -> Phone | None:
    """The user's phone."""
    found = await session.execute(
        select(Extension.number, Extension.kind, Extension.digest).where(
            Extension.user_id == user_id, Extension.removed_at.is_(None)
        ),
    )
    row = found.first()
    return Phone(row.number, row.kind, row.digest) if row else None


async def free_number(session: WriteSession) -> str:
    """The lowest number from 1001 that neither an extension nor an agent id has; it stays so in this transaction."""
    await revisions.hold(session)
    taken = set(await session.scalars(select(Extension.number).where(Extension.removed_at.is_(None))))
    taken |= set(await session.scalars(select(User.agent_id).where(User.disabled_at.is_(None))))
    number = FIRST_NUMBER
    while str(number) in taken:
        number += 1
    return str(number)


async def changed_since(session: AnySession, revision: int) -> Sequence[ChangedExtension]:
    """What changed after `revision`, in order."""
    found = await session.execute(
        select(Extension.revision, Extension.number, Extension.kind, Extension.digest, Extension.removed_at)
        .where(Extension.revision > revision)
        .order_by(Extension.revision),
    )
    return [
        ChangedExtension(row.revision, row.number, row.kind, row.digest, row.removed_at is not None) for row in found
    ]
