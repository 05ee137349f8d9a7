"""The Asterisk nodes: whether they are connected, and how far their extensions and trunks are up to date."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select, update
from sqlalchemy.dialects.postgresql import insert

from db.core.engine import AnySession, WriteSession
from db.core.notices import Notice, publish
from db.models import Call, Node, Participant
from db.nodes.leases import IS_ALIVE
from db.nodes.revisions import PROVISIONED_CHANNEL, PROVISIONING_CHANNEL
from domain.calls.call import CallRole, CallStage
from domain.events.notice import NoticeKind


@dataclass(frozen=True)
class LowDisk:
    """A node that has little room for recordings, and how many megabytes."""

    node: str
    megabytes: int


async def connected(  # noqa: PLR0913, PLR0917 - each is a different fact of the node
    session: WriteSession,
    name: str,
    asterisk_started_at: datetime,
    music: Sequence[str],
    now: datetime,
    sip_address: str | None = None,
) -> int:
    """Notes that a node has its Asterisk, with what it can play to callers who wait, and where others reach it.

    Returns the revision that this Asterisk has, 0 for one that is new.
    """
    known = await session.scalar(select(Node).where(Node.name == name).with_for_update())
    same = known is not None and known.asterisk_started_at == asterisk_started_at
    values: dict[str, Any] = {"connected": True, "changed_at": now, "asterisk_started_at": asterisk_started_at}
    values |= {"music": list(music), "sip_address": sip_address}
    if not same:
        values["provisioned_revision"] = 0
    await session.execute(
        insert(Node).values(name=name, **values).on_conflict_do_update(index_elements=[Node.name], set_=values),
    )
    if known is None or known.sip_address != sip_address:
        # The other nodes are to know it.
        await session.execute(select(func.pg_notify(PROVISIONING_CHANNEL, "")))
    return known.provisioned_revision if known and same else 0


async def peers(session: AnySession, name: str) -> dict[str, str]:
    """Where the other nodes are reached, by name."""
    other = select(Node.name, Node.sip_address).where(Node.name != name, Node.sip_address.is_not(None))
    return {row.name: row.sip_address for row in await session.execute(other)}


async def disconnected(session: WriteSession, name: str, now: datetime) -> None:
    """Notes that a node has stopped in an orderly way: whoever continues it, and wherever, need not wait."""
    await session.execute(
        update(Node)
        .where(Node.name == name)
        .values(connected=False, changed_at=now, holder="")
        .execution_options(synchronize_session=False),
    )


async def provisioned(session: WriteSession, name: str, revision: int) -> None:
    """Notes that a node's Asterisk has everything up to `revision`, and wakes the processes that wait for that."""
    await session.execute(
        update(Node)
        .where(Node.name == name)
        .values(provisioned_revision=revision)
        .execution_options(synchronize_session=False),
    )
    await session.execute(select(func.pg_notify(PROVISIONED_CHANNEL, "")))


async def note_disk(session: WriteSession, name: str, left: int | None) -> None:
    """Notes how many megabytes a node has for recordings, None while there is enough. A change is told."""
    node = await session.get(Node, name, with_for_update=True)
    if node is None or node.disk_left == left:
        return
    if (node.disk_left is None) is not (left is None):
        publish(session, Notice(NoticeKind.NODE_DISK, facts={"node": name}))
    node.disk_left = left
    await session.flush()


async def low_disks(session: AnySession) -> list[LowDisk]:
    """The nodes whose disks are nearly full."""
    found = await session.execute(select(Node.name, Node.disk_left).order_by(Node.name))
    return [LowDisk(name, left) for name, left in found if left is not None]


async def revision(session: AnySession, name: str) -> int:
    """How far a node's Asterisk is up to date."""
    return await session.scalar(select(Node.provisioned_revision).where(Node.name == name)) or 0


async def music(session: AnySession) -> list[str]:
    """What every node can play to callers who wait, by name; a dead one does not count while another is alive."""
    has_been_there = Node.asterisk_started_at.is_not(None)
    found = (await session.execute(select(Node.music, IS_ALIVE).where(has_been_there))).all()
    names = [set(music) for music, is_alive in found if is_alive] or [set(music) for music, _ in found]
    return sorted(set.intersection(*names)) if names else []


@dataclass(frozen=True)
class LiveCall:
    """A call that goes on, and the leg of its agent, if it has one."""

    id: str
    stage: CallStage
    arrived_at: datetime
    agent_leg: int | None


async def live_calls(session: AnySession, name: str) -> list[LiveCall]:
    """The calls that a node should have now, those in wrap-up left out."""
    agent = and_(Participant.call_id == Call.id, Participant.role == CallRole.AGENT, Participant.until.is_(None))
    found = await session.execute(
        select(Call.id, Call.stage, Call.arrived_at, Participant.leg)
        .outerjoin(Participant, agent)
        .where(Call.node == name, Call.ended_at.is_(None))
    )
    return [LiveCall(*row) for row in found]


async def last_sign(session: AnySession, name: str) -> datetime | None:
    """When a node that was stopped in an orderly way had its Asterisk for the last time; None otherwise."""
    found: datetime | None = await session.scalar(
        select(Node.changed_at).where(Node.name == name, Node.connected.is_(False))
    )
    return found
