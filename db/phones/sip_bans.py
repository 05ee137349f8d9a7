"""Addresses that are kept out because SIP passwords were guessed from there."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from db.audit import audit
from db.core.engine import AnySession, WriteSession
from db.core.errors import NotFoundError
from db.models import SipBan, SipPlace
from domain.phones.guessing import FORGOTTEN_AFTER, KNOWN_FOR, ban_length

CHANNEL = "sip_bans"
"""Where it is told that a ban was made or lifted."""

_KEPT = timedelta(days=30)
"""How long a ban that is over is kept: a node that was away meanwhile has to lift it in its Asterisk."""


async def ban(
    session: WriteSession, address: str, extension: str, now: datetime, *, may_be_forged: bool = False
) -> datetime:
    """Keeps an address out, longer each time. Returns until when."""
    found = await session.get(SipBan, address, with_for_update=True)
    again = found is not None and found.lifted_at is None and now < found.until + FORGOTTEN_AFTER
    times = found.times + 1 if found is not None and again else 1
    until = now + ban_length(times, may_be_forged=may_be_forged)
    values = {"extension": extension, "times": times, "banned_at": now, "until": until, "lifted_at": None}
    await session.execute(
        insert(SipBan).values(address=address, **values).on_conflict_do_update(index_elements=["address"], set_=values)
    )
    await audit.note(
        session,
        None,
        "sip_ban.made",
        address,
        {"extension": extension, "times": times, "until": until.isoformat()},
        now,
    )
    await _tell(session)
    return until


async def lift(session: WriteSession, address: str, by: UUID | None, now: datetime) -> None:
    """Lets an address in again, as if it had never been banned. Raises NotFoundError."""
    lifted = await session.scalar(
        update(SipBan)
        .where(SipBan.address == address, SipBan.until > now)
        .values(until=now, lifted_at=now)
        .returning(SipBan.address)
    )
    if lifted is None:
        raise NotFoundError(f"{address} is not banned.")
    await audit.note(session, by, "sip_ban.lifted", address, {}, now)
    await _tell(session)


async def active(session: AnySession, now: datetime) -> Sequence[SipBan]:
    """The addresses that are banned now, the latest first."""
    found = await session.scalars(select(SipBan).where(SipBan.until > now).order_by(SipBan.banned_at.desc()))
    return found.all()


async def ended(session: AnySession, now: datetime) -> Sequence[str]:
    """Whose ban is over and still remembered."""
    return (await session.scalars(select(SipBan.address).where(SipBan.until <= now))).all()


async def note_place(session: WriteSession, address: str, now: datetime) -> None:
    """Writes down that a phone of ours is at an address, so that it is not banned."""
    values = {"seen_at": now}
    await session.execute(
        insert(SipPlace)
        .values(address=address, **values)
        .on_conflict_do_update(index_elements=["address"], set_=values)
    )


async def is_known(session: AnySession, address: str, now: datetime) -> bool:
    """Whether a phone of ours was at an address lately."""
    known = select(SipPlace.address).where(SipPlace.address == address, SipPlace.seen_at > now - KNOWN_FOR)
    return await session.scalar(known) is not None


async def forget(session: WriteSession, now: datetime) -> None:
    """Removes what needs no longer be remembered."""
    await session.execute(delete(SipBan).where(SipBan.until + _KEPT < now))
    await session.execute(delete(SipPlace).where(SipPlace.seen_at + KNOWN_FOR < now))


async def _tell(session: WriteSession) -> None:
    await session.execute(select(func.pg_notify(CHANNEL, "")))
