"""How much each user may call out by hand, and what each has dialled.

The count is made under the routing lock: two requests of one user at the same time cannot both be the last allowed.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select, text
from sqlalchemy.dialects.postgresql import insert

from db.audit import audit
from db.core.engine import AnySession, WriteSession
from db.core.errors import UnusableValueError
from db.models import DialLimit, OutsideDial
from domain.calls import ids
from domain.dialling_rules.dial_limits import MOST, USUAL, DialLimits, refusal

KEPT = timedelta(days=1)
"""How long a dialled number is remembered; a call that lasts longer counts no more."""

_STARTS_WITHIN = timedelta(seconds=5)
"""A call by hand that was let through counts as going on until it is there."""

_IS_STARTING = """
    outside_dials.attempt = 0 AND outside_dials.at > :starting
        AND NOT EXISTS (SELECT FROM calls WHERE calls.id = outside_dials.call_id)
        AND NOT EXISTS (SELECT FROM cdrs
            WHERE cdrs.call_id = outside_dials.call_id AND cdrs.arrived_at > outside_dials.at - interval '1 day')
"""
# A call counts once, however many numbers were brought into it. It counts for the agent who has it or, once it is
# handed to a number outside, for the last who had it, and not once it is a colleague's.
_DIALLED = text(f"""
    SELECT count(*) FILTER (WHERE outside_dials.at > :minute) AS recent,
        count(DISTINCT outside_dials.call_id) FILTER (
            WHERE outside_dials.call_id <> :call_id
                AND (calls.id IS NOT NULL OR {_IS_STARTING})
        ) AS going_on
    FROM outside_dials LEFT JOIN calls
        ON calls.id = outside_dials.call_id AND calls.ended_at IS NULL AND outside_dials.user_id = (
            SELECT user_id FROM participants WHERE call_id = calls.id AND role = 'agent'
            ORDER BY until IS NULL DESC, id DESC LIMIT 1
        )
    WHERE outside_dials.user_id = :user_id AND outside_dials.at > :kept
""")  # noqa: S608 - made of constants
_STARTING = text(f"""
    SELECT EXISTS (SELECT FROM outside_dials WHERE outside_dials.user_id = :user_id AND {_IS_STARTING})
""")  # noqa: S608 - made of constants


@dataclass(frozen=True)
class SetLimits:
    """What an administrator has set; None leaves it as for everybody, or as usual."""

    a_minute: int | None = None
    at_once: int | None = None


async def of_user(session: AnySession, user_id: UUID | None) -> SetLimits:
    """What is set for a user, or, without one, for everybody."""
    wanted = select(DialLimit.a_minute, DialLimit.at_once).where(DialLimit.user_id.is_not_distinct_from(user_id))
    row = (await session.execute(wanted)).first()
    return SetLimits(*row) if row else SetLimits()


async def users_with_own(session: AnySession) -> AbstractSet[UUID]:
    """The users who have limits of their own."""
    return {user_id for user_id in await session.scalars(select(DialLimit.user_id)) if user_id is not None}


async def in_force(session: AnySession, user_id: UUID | None) -> DialLimits:
    """What holds for a user: the user's own, else everybody's, else the usual."""
    own = await of_user(session, user_id)
    all_of_us = await of_user(session, None)
    return DialLimits(
        next(limit for limit in (own.a_minute, all_of_us.a_minute, USUAL.a_minute) if limit is not None),
        next(limit for limit in (own.at_once, all_of_us.at_once, USUAL.at_once) if limit is not None),
    )


async def put(
    session: WriteSession, user_id: UUID | None, limits: SetLimits, by: UUID | None, now: datetime
) -> DialLimits:
    """Sets both limits of a user, or of everybody. Returns what holds. Raises UnusableValueError."""
    for limit, most in ((limits.a_minute, MOST.a_minute), (limits.at_once, MOST.at_once)):
        if limit is not None and not 0 <= limit <= most:
            raise UnusableValueError(
                f"A user may dial 0 to {MOST.a_minute} numbers a minute, and have 0 to {MOST.at_once} calls at once."
            )
    values = {"a_minute": limits.a_minute, "at_once": limits.at_once}
    await session.execute(delete(DialLimit).where(DialLimit.user_id.is_not_distinct_from(user_id)))
    if limits != SetLimits():
        session.add(DialLimit(id=ids.uuid7(), user_id=user_id, **values))
        await session.flush()
    await audit.note(session, by, "dial_limits.changed", str(user_id) if user_id else "everybody", values, now)
    return await in_force(session, user_id)


async def take(session: WriteSession, user_id: UUID, call_id: str, attempt: int, now: datetime) -> str | None:
    """Counts a number that is about to be dialled, once however often it is asked; says why when it may not be.

    A call by hand is attempt 0. The caller holds the routing lock.
    """
    if await session.get(OutsideDial, (call_id, attempt)) is not None:
        return None
    why = await _why_not(session, user_id, call_id, now)
    if why is None:
        values = {"call_id": call_id, "attempt": attempt, "user_id": user_id, "at": now}
        await session.execute(insert(OutsideDial).values(**values))
    return why


async def is_starting(session: AnySession, user_id: UUID, now: datetime) -> bool:
    """Whether a call by hand of this user was let through and is not there yet."""
    return bool(await session.scalar(_STARTING, {"user_id": user_id, "starting": now - _STARTS_WITHIN}))


async def prune(session: WriteSession, now: datetime) -> None:
    """Forgets what was dialled too long ago to matter."""
    await session.execute(delete(OutsideDial).where(OutsideDial.at < now - KEPT))


async def _why_not(session: AnySession, user_id: UUID, call_id: str, now: datetime) -> str | None:
    about = {"minute": now - timedelta(minutes=1), "starting": now - _STARTS_WITHIN, "kept": now - KEPT}
    row = (await session.execute(_DIALLED, {**about, "user_id": user_id, "call_id": call_id})).one()
    return refusal(await in_force(session, user_id), recent=row.recent, going_on=row.going_on)
