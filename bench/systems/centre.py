"""Everline, all of it, as `everline up` runs it."""

import asyncio
import secrets
from collections.abc import Sequence

from sqlalchemy import func, select

from bench.place import CENTRE_CALLERS, Place
from bench.sipp import BenchError, PhoneSecret
from bench.systems.console import Console
from bench.systems.system import NotQuietError
from db.agents import attendance
from db.core.clock import now
from db.core.engine import Database
from db.inbound import numbers
from db.models import Agent, Call, Cdr, Extension, Recording, Registration
from db.phones import extensions
from db.phones.extensions import Phone
from db.queues import memberships, queues
from db.queues.queues import NewQueue
from db.trunks import trunks
from db.trunks.trunks import TrunkLine
from db.users import passwords, users
from db.users.users import NewUser
from domain.agents.agent import AgentState, ExtensionKind, Role
from domain.calls.call import Disposition

_NUMBER = "5000"
_CROWDED_NUMBER = "5001"
_FIRST_EXTENSION = 2001
_PROVISION_SECONDS = 60.0
_QUIET_SECONDS = 60.0
_LOOK_SECONDS = 0.2


class Centre:
    """Our own centre, recorded, no wrap-up time."""

    name = "everline"
    does = (
        "a Temporal workflow a call, longest idle agent claimed in PostgreSQL, rung over ARI, bridge, WAV recording; "
        "CDR and recording rows in PostgreSQL, live events; survives the death of any process but Asterisk"
    )
    caller_address = CENTRE_CALLERS
    number = _NUMBER
    crowded_number = _CROWDED_NUMBER

    def __init__(self, place: Place, database: Database, console: Console) -> None:
        self._database = database
        self._console = console
        self._recordings = place.spool_dir / "recording"

    async def begin(self) -> None:
        """Nothing: it runs anyway."""

    async def end(self) -> None:
        """Wait until every call is completed and every agent idle."""
        await self._console.wait_for_quiet()
        try:
            async with asyncio.timeout(_QUIET_SECONDS):
                while any(await self._busy()):  # noqa: ASYNC110  # Rows tell nobody.
                    await asyncio.sleep(_LOOK_SECONDS)
        except TimeoutError:
            calls, agents = await self._busy()
            raise NotQuietError(f"{calls} calls are not completed and {agents} agents are not idle") from None

    async def kept(self, callers: Sequence[str]) -> set[str]:
        """The callers with exactly one CDR, answered, and a stored recording of it."""
        number = func.ltrim(Cdr.customer_number, "+")
        async with self._database.read() as session:
            found = await session.execute(
                select(number, func.array_agg(Recording.name))
                .join(Recording, Recording.call_id == Cdr.call_id)
                .where(number.in_(callers), Cdr.disposition == Disposition.ANSWERED, Recording.status == "stored")
                .group_by(number)
                .having(func.count(Cdr.call_id) == 1)
            )
            return {caller for caller, names in found if self._is_file(names[0])}

    def _is_file(self, name: str) -> bool:
        path = self._recordings / f"{name}.wav"
        return path.exists() and path.stat().st_size > 16_000

    async def _busy(self) -> tuple[int, int]:
        """Calls that are not completed, and agents who are not idle."""
        async with self._database.read() as session:
            calls = await session.scalar(select(func.count()).select_from(Call))
            agents = await session.scalar(select(func.count()).select_from(Agent).where(Agent.state != AgentState.IDLE))
        return calls or 0, agents or 0


def extension_numbers(count: int) -> list[str]:
    """The extensions of the agents that `people` makes."""
    return [str(_FIRST_EXTENSION + place) for place in range(count)]


async def people(database: Database, count: int, crowded: int = 0, *, password: str | None = None) -> list[PhoneSecret]:
    """Make agents with SIP phones, a queue that all serve and one that the first `crowded` serve, and their trunk.

    None is at work yet; each can log in by the extension's number and the password. Raises BenchError when Asterisk
    does not learn of them.
    """
    phones = [PhoneSecret(number, secrets.token_hex(8)) for number in extension_numbers(count)]
    password_hash = passwords.hash_password(password or passwords.new_password())
    async with database.write() as session:
        queue_id = await queues.add(session, NewQueue("Bench", wrap_up_seconds=0), now())
        await numbers.add(session, _NUMBER, numbers.Destination(queue_id), None, now())
        crowded_id = await queues.add(session, NewQueue("Crowded", wrap_up_seconds=0), now())
        await numbers.add(session, _CROWDED_NUMBER, numbers.Destination(crowded_id), None, now())
        revision = await trunks.add(session, TrunkLine("bench-callers", CENTRE_CALLERS, CENTRE_CALLERS))
        for place, phone in enumerate(phones):
            new = NewUser(f"Agent {phone.number}", phone.number, Role.AGENT, password_hash)
            user_id = await users.add(session, new, now())
            digest = passwords.sip_digest(phone.number, phone.secret)
            revision = await extensions.add(session, user_id, Phone(phone.number, ExtensionKind.SIP, digest))
            await memberships.add(session, queue_id, user_id)
            if place < crowded:
                await memberships.add(session, crowded_id, user_id)
    if not await extensions.wait_provisioned(database, revision, _PROVISION_SECONDS):
        raise BenchError("The agents' phones did not reach Asterisk in time.")
    return phones


async def begin_work(database: Database) -> None:
    """Every agent whose phone has registered becomes idle; waits until all have."""
    try:
        async with asyncio.timeout(_PROVISION_SECONDS):
            while await _unregistered(database):  # noqa: ASYNC110  # Rows tell nobody.
                await asyncio.sleep(_LOOK_SECONDS)
    except TimeoutError:
        raise BenchError(f"{await _unregistered(database)} agents' phones are not known to be there.") from None
    async with database.write() as session:
        for user_id in (
            await session.scalars(select(Agent.user_id).join(Extension, Extension.user_id == Agent.user_id))
        ).all():
            await attendance.arrive(session, user_id, now())


async def _unregistered(database: Database) -> int:
    async with database.read() as session:
        found = await session.scalar(
            select(func.count())
            .select_from(Extension)
            .outerjoin(Registration, Registration.extension_id == Extension.id)
            .where(Extension.kind == ExtensionKind.SIP, Registration.node.is_(None))
        )
    return found or 0
