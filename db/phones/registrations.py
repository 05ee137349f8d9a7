"""Which phones are there, as each node tells it of its own Asterisk. What a node says concerns its own rows only."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, select, text

from db.core.engine import AnySession, WriteSession
from db.core.notices import Notice, publish
from db.models import Extension, Node, Registration
from db.nodes.leases import IS_CONNECTED
from domain.events.notice import NoticeKind

_OF_NUMBER = "FROM extensions WHERE number = :number AND removed_at IS NULL"
_NOTE = "UPDATE extensions SET registered_since = :now FROM phone WHERE extensions.id = phone.extension_id"
# A phone that has come anew is here, even if an older registration of it is known: it may have been elsewhere since.
_COME = text(f"""
    WITH phone AS (
        INSERT INTO registrations (extension_id, node, since) SELECT id, :node, :now {_OF_NUMBER}
        ON CONFLICT (extension_id, node) DO UPDATE SET since = excluded.since
        WHERE :anew AND EXISTS (
            SELECT FROM registrations AS other
            WHERE other.extension_id = registrations.extension_id AND other.since > registrations.since
        )
        RETURNING extension_id
    )
    {_NOTE} RETURNING user_id
""")  # noqa: S608 - made of constants
_GO = text(f"""
    WITH phone AS (
        DELETE FROM registrations WHERE node = :node AND extension_id = (SELECT id {_OF_NUMBER}) RETURNING extension_id
    )
    {_NOTE} RETURNING user_id
""")  # noqa: S608 - made of constants
_FORGET = text(f"""
    WITH phone AS (DELETE FROM registrations WHERE node = :node RETURNING extension_id)
    {_NOTE} RETURNING user_id
""")  # noqa: S608 - made of constants


async def put(  # noqa: PLR0913 - each is a different fact of the phone
    session: WriteSession, number: str, node: str, now: datetime, *, registered: bool, anew: bool = False
) -> UUID | None:
    """Notes what a node tells of a phone, and tells its user when that is news. Returns the user, if any.

    `anew`: the phone has registered just now. The caller must match agents whose phone is back with waiting calls.
    """
    about = {"number": number, "node": node, "now": now}
    found = await session.execute(_COME, {**about, "anew": anew}) if registered else await session.execute(_GO, about)
    changed: UUID | None = found.scalar()
    if changed is not None:
        publish(session, Notice(NoticeKind.PHONE_CHANGED, changed, None, {"registered": registered}))
        return changed
    known: UUID | None = await session.scalar(
        select(Extension.user_id).where(Extension.number == number, Extension.removed_at.is_(None)),
    )
    return known


async def listing(session: AnySession, node: str) -> dict[str, bool]:
    """Every extension's number, and whether its phone is known to be at that node."""
    here = and_(Registration.extension_id == Extension.id, Registration.node == node)
    found = await session.execute(
        select(Extension.number, Registration.node.is_not(None))
        .outerjoin(Registration, here)
        .where(Extension.removed_at.is_(None))
    )
    return {row[0]: row[1] for row in found}


async def node_of(session: AnySession, user_id: UUID) -> str | None:
    """The node at which a user calls: that of the phone, else one that has had its Asterisk for long; None without."""
    own = and_(Registration.node == Node.name, Registration.extension_id == Extension.id)
    found: str | None = await session.scalar(
        select(Node.name)
        .outerjoin(Extension, Extension.user_id == user_id)
        .outerjoin(Registration, own)
        .where(*IS_CONNECTED)
        .order_by(Registration.since.desc().nulls_last(), Node.changed_at, Node.name)
        .limit(1)
    )
    return found


async def forget_node(session: WriteSession, node: str, now: datetime) -> None:
    """Takes away what a node that is dead has told, and tells the users whose phones were there."""
    for user_id in (await session.scalars(_FORGET, {"node": node, "now": now})).all():
        publish(session, Notice(NoticeKind.PHONE_CHANGED, user_id, None, {"registered": False}))
