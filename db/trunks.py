"""Lines to the outside world."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from db.engine import AnySession, WriteSession
from db.errors import AlreadyTakenError, NotFoundError
from db.models import Trunk
from db.revisions import next_revision
from db.users import known
from domain import ids


@dataclass(frozen=True)
class TrunkLine:
    """A trunk: calls from the `match` addresses are its calls, calls out go to `host`."""

    name: str
    host: str
    match: str


@dataclass(frozen=True)
class ChangedTrunk:
    """A trunk as Asterisk should have it from `revision` on."""

    revision: int
    name: str
    host: str
    match: str
    removed: bool


CAN_DIAL = select(Trunk.id).where(Trunk.removed_at.is_(None)).exists()
"""Whether there is a trunk by which calls could go out."""

_FIRST = select(Trunk.name).where(Trunk.removed_at.is_(None)).order_by(Trunk.name).limit(1)


async def add(session: WriteSession, line: TrunkLine) -> int:
    """Makes the trunk; the name of a removed one may be used again. Returns its revision."""
    values = {
        "host": line.host,
        "match": line.match,
        "revision": await next_revision(session),
        "removed_at": None,
    }
    made: int | None = await session.scalar(
        insert(Trunk)
        .values(id=ids.uuid7(), name=line.name, **values)
        .on_conflict_do_update(index_elements=["name"], set_=values, where=Trunk.removed_at.is_not(None))
        .returning(Trunk.revision),
    )
    if made is None:
        raise AlreadyTakenError(f"There is a trunk {line.name} already. Choose another name, or remove it first.")
    return made


async def remove(session: WriteSession, name: str, now: datetime) -> int:
    """Takes the trunk away. Returns the revision. Raises NotFoundError, which names the trunks there are."""
    found: int | None = await session.scalar(
        update(Trunk)
        .where(Trunk.name == name, Trunk.removed_at.is_(None))
        .values(removed_at=now, revision=await next_revision(session))
        .returning(Trunk.revision),
    )
    if found is None:
        names = [line.name for line in await listing(session)]
        raise NotFoundError(f"There is no trunk {name}. {known('trunks', names)}")
    return found


async def listing(session: AnySession) -> Sequence[TrunkLine]:
    """All trunks, by name."""
    found = await session.execute(
        select(Trunk.name, Trunk.host, Trunk.match).where(Trunk.removed_at.is_(None)).order_by(Trunk.name),
    )
    return [TrunkLine(*row) for row in found]


async def changed_since(session: AnySession, revision: int) -> Sequence[ChangedTrunk]:
    """What changed after `revision`, in order."""
    found = await session.execute(
        select(Trunk.revision, Trunk.name, Trunk.host, Trunk.match, Trunk.removed_at)
        .where(Trunk.revision > revision)
        .order_by(Trunk.revision),
    )
    return [ChangedTrunk(row.revision, row.name, row.host, row.match, row.removed_at is not None) for row in found]


async def outgoing(session: AnySession) -> str | None:
    """The trunk by which calls go out: the first by name; None when there is none."""
    found: str | None = await session.scalar(_FIRST)
    return found
