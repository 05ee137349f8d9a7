"""Which numbers agents may call: the rules of administrators. Every number outside passes `decide`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from db.audit import audit
from db.core.engine import AnySession, WriteSession
from db.core.errors import AlreadyTakenError, NotFoundError, UnusableValueError
from db.core.texts import checked_name, known
from db.models import DestinationRule
from domain.calls import ids
from domain.dialling_rules.destinations import Decision, Rule, checked_prefix
from domain.dialling_rules.destinations import decide as decided


@dataclass(frozen=True)
class Destination:
    """Numbers that begin with `prefix`, and whether they may be called."""

    id: UUID
    prefix: str
    allowed: bool
    name: str | None


@dataclass(frozen=True)
class NewDestination:
    """A rule to be made."""

    prefix: str
    allowed: bool = True
    name: str | None = None


async def decide(session: AnySession, text: str, region: str, *, by_caller: bool = False) -> Decision:
    """Whether what somebody wants to call may be called now, by the rules that there are, from `region` (ISO 3166).

    `by_caller`: a caller has given the number. Then no special number is called.
    """
    found = await session.execute(select(DestinationRule.prefix, DestinationRule.allowed))
    return decided(text, region, [Rule(*row) for row in found], by_caller=by_caller)


async def listing(session: AnySession) -> Sequence[Destination]:
    """All rules, by prefix."""
    wanted = select(DestinationRule.id, DestinationRule.prefix, DestinationRule.allowed, DestinationRule.name)
    found = await session.execute(wanted.order_by(DestinationRule.prefix.collate("C")))
    return [Destination(*row) for row in found]


async def add(session: WriteSession, new: NewDestination, by: UUID | None, now: datetime) -> Destination:
    """Adds a rule, which holds from the next call on. Raises AlreadyTakenError or UnusableValueError."""
    prefix = _checked(new.prefix)
    name = None if new.name is None else checked_name(new.name, "a destination")
    made: UUID | None = await session.scalar(
        insert(DestinationRule)
        .values(id=ids.uuid7(), prefix=prefix, allowed=new.allowed, name=name)
        .on_conflict_do_nothing()
        .returning(DestinationRule.id),
    )
    if made is None:
        raise AlreadyTakenError(f"There is a destination {prefix} already. Remove it first to change it.")
    facts = {"prefix": prefix, "allowed": new.allowed, "name": name}
    await audit.note(session, by, "destination.added", str(made), facts, now)
    return Destination(made, prefix, new.allowed, name)


async def find(session: AnySession, prefix: str) -> UUID:
    """The rule of that very prefix. Raises NotFoundError, which names those there are, and UnusableValueError."""
    plain = _checked(prefix)
    there = await listing(session)
    for rule in there:
        if rule.prefix == plain:
            return rule.id
    raise NotFoundError(f"There is no destination {plain}. {known('destinations', [rule.prefix for rule in there])}")


async def remove(session: WriteSession, rule_id: UUID, by: UUID | None, now: datetime) -> None:
    """Takes a rule away; calls that go on are not ended. Raises NotFoundError."""
    gone = (
        await session.execute(
            delete(DestinationRule)
            .where(DestinationRule.id == rule_id)
            .returning(DestinationRule.prefix, DestinationRule.allowed)
        )
    ).first()
    if gone is None:
        raise NotFoundError("There is no such destination.")
    facts = {"prefix": gone.prefix, "allowed": gone.allowed}
    await audit.note(session, by, "destination.removed", str(rule_id), facts, now)


def _checked(prefix: str) -> str:
    plain = checked_prefix(prefix)
    if plain is None:
        raise UnusableValueError(
            "A destination is a + and the first digits of numbers, with the whole country code: +44, +4930 or +1900."
        )
    return plain
