"""Lines to the outside world."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from ipaddress import ip_network
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from db.core.engine import AnySession, WriteSession
from db.core.errors import AlreadyTakenError, NotFoundError
from db.core.texts import known
from db.models import Trunk
from db.nodes.revisions import next_revision
from domain.calls import ids
from domain.calls.caller_id import caller_id
from domain.numbering.number_format import NumberFormat, written
from domain.trunks.trunk import Dtmf, Transport


@dataclass(frozen=True)
class TrunkLine:
    """A trunk: calls from the `match` addresses are its calls, calls out go to `host`. See db.models.Trunk."""

    name: str
    host: str
    match: str
    username: str = ""
    password: str = field(default="", repr=False)
    registers: bool = False
    from_user: str = ""
    from_domain: str = ""
    proxy: str = ""
    transport: Transport = Transport.UDP
    number_format: NumberFormat = NumberFormat.PLUS
    caller_format: NumberFormat = NumberFormat.PLUS
    shown: str = ""
    trusted: bool = False
    position: int = 50
    prefixes: tuple[str, ...] = ()
    codecs: str = "alaw,ulaw,g722,opus"
    dtmf: Dtmf = Dtmf.AUTO
    setup_seconds: int = 20
    ring_seconds: int = 30
    max_channels: int = 0
    limits_inbound: bool = False
    allowed: tuple[str, ...] = ()
    anonymous: bool = False
    srtp: bool = False
    login_digest: str = field(default="", repr=False)
    """Of the password with which it logs in here, as the user of its name; then its addresses mean nothing."""


@dataclass(frozen=True)
class ChangedTrunk:
    """A trunk as Asterisk should have it from `revision` on."""

    revision: int
    line: TrunkLine
    removed: bool


@dataclass(frozen=True)
class Route:
    """A way out for one number: the trunk, and number and caller as that trunk wants them written."""

    trunk: str
    host: str
    transport: Transport
    number: str
    caller: str
    setup_seconds: int
    """How long until it rings there."""
    ring_seconds: int
    anonymous: bool = False
    """Whether the called phone is not to show who calls."""


CAN_DIAL = select(Trunk.id).where(Trunk.removed_at.is_(None)).exists()
"""Whether there is a trunk by which calls could go out."""

_AS: Mapping[str, Callable[[Any], Any]] = {
    "transport": Transport,
    "number_format": NumberFormat,
    "caller_format": NumberFormat,
    "dtmf": Dtmf,
    "prefixes": tuple,
    "allowed": tuple,
}
"""What a column becomes that is no plain value."""
_IN_ORDER = select(Trunk).where(Trunk.removed_at.is_(None)).order_by(Trunk.position, Trunk.name)


async def add(session: WriteSession, line: TrunkLine) -> int:
    """Makes the trunk; the name of a removed one may be used again. Returns its revision. Raises AlreadyTakenError."""
    await _check_addresses(session, line)
    values = {**_values(line), "revision": await next_revision(session), "removed_at": None}
    made: int | None = await session.scalar(
        insert(Trunk)
        .values(id=ids.uuid7(), name=line.name, **values)
        .on_conflict_do_update(index_elements=["name"], set_=values, where=Trunk.removed_at.is_not(None))
        .returning(Trunk.revision),
    )
    if made is None:
        raise AlreadyTakenError(f"There is a trunk {line.name} already. Choose another name, or remove it first.")
    return made


async def put(session: WriteSession, line: TrunkLine) -> int:
    """Changes the trunk of that name to this, from the next call on. Returns its revision.

    Raises NotFoundError, and AlreadyTakenError for addresses that are another trunk's.
    """
    await _check_addresses(session, line)
    found: int | None = await session.scalar(
        update(Trunk)
        .where(Trunk.name == line.name, Trunk.removed_at.is_(None))
        .values(**_values(line), revision=await next_revision(session))
        .returning(Trunk.revision),
    )
    if found is None:
        raise await _missing(session, line.name)
    return found


async def remove(session: WriteSession, name: str, now: datetime) -> int:
    """Takes the trunk away, and forgets its password. Returns the revision.

    Raises NotFoundError, which names the trunks there are.
    """
    found: int | None = await session.scalar(
        update(Trunk)
        .where(Trunk.name == name, Trunk.removed_at.is_(None))
        .values(removed_at=now, password="", login_digest="", revision=await next_revision(session))
        .returning(Trunk.revision),
    )
    if found is None:
        raise await _missing(session, name)
    return found


async def get(session: AnySession, name: str) -> TrunkLine:
    """One trunk. Raises NotFoundError, which names the trunks there are."""
    found = await session.scalar(select(Trunk).where(Trunk.name == name, Trunk.removed_at.is_(None)))
    if found is None:
        raise await _missing(session, name)
    return _line(found)


async def listing(session: AnySession) -> Sequence[TrunkLine]:
    """All trunks, in the order in which they are used."""
    return [_line(found) for found in await session.scalars(_IN_ORDER)]


async def changed_since(session: AnySession, revision: int) -> Sequence[ChangedTrunk]:
    """What changed after `revision`, in order."""
    found = await session.scalars(select(Trunk).where(Trunk.revision > revision).order_by(Trunk.revision))
    return [ChangedTrunk(row.revision, _line(row), row.removed_at is not None) for row in found]


async def candidates(session: AnySession, number: str, shown: str, region: str) -> Sequence[Route]:
    """The ways out for a number in E.164, the best first: what its prefix is for, then by the trunks' order.

    `shown` is the number of ours that the called phone shall show, where the trunk allows it.
    """
    ways: list[tuple[int, Route]] = []
    for line in await listing(session):
        matching = [prefix for prefix in line.prefixes if number.startswith(prefix)]
        if line.prefixes and not matching:
            continue
        ways.append((max(map(len, matching), default=0), route(line, number, shown, region)))
    return [way for _, way in sorted(ways, key=lambda found: -found[0])]


def route(line: TrunkLine, number: str, shown: str, region: str) -> Route:
    """The way out for a number by this trunk, which shows our number `shown` if it may."""
    return Route(
        line.name,
        line.host,
        line.transport,
        written(number, line.number_format, region),
        written(caller_id(shown, line.shown, line.allowed), line.caller_format, region),
        line.setup_seconds,
        line.ring_seconds,
        line.anonymous,
    )


async def _check_addresses(session: WriteSession, line: TrunkLine) -> None:
    """An address belongs to one trunk: with two, Asterisk would take either."""
    for other in await listing(session):
        for shared in _shared(line.match, other.match) if other.name != line.name else ():
            raise AlreadyTakenError(
                f"Calls from {shared} are those of the trunk {other.name} already, and could not be told apart."
                " Give each trunk addresses of its own, or let this one log in here.",
            )


def _shared(ours: str, theirs: str) -> Sequence[str]:
    """Those of our addresses and networks that overlap with theirs."""
    others = [ip_network(other, strict=False) for other in filter(None, theirs.split(","))]
    mine = [ip_network(one, strict=False) for one in filter(None, ours.split(","))]
    return [str(one) for one in mine if any(one.version == other.version and one.overlaps(other) for other in others)]


def told(line: TrunkLine) -> dict[str, Any]:
    """A trunk for people and for the audit log: whether it has passwords, and never which."""
    values = _values(line)
    logs_in = bool(values.pop("login_digest"))
    return {"name": line.name, **values, "password": bool(values["password"]), "logs_in": logs_in}


def _values(line: TrunkLine) -> dict[str, Any]:
    values = asdict(line)
    del values["name"]
    return values | {"prefixes": list(line.prefixes), "allowed": list(line.allowed)}


def _line(row: Trunk) -> TrunkLine:
    values: dict[str, Any] = {column.name: getattr(row, column.name) for column in fields(TrunkLine)}
    return TrunkLine(**{name: _AS.get(name, lambda value: value)(value) for name, value in values.items()})


async def _missing(session: AnySession, name: str) -> NotFoundError:
    names = [line.name for line in await listing(session)]
    return NotFoundError(f"There is no trunk {name}. {known('trunks', names)}")
