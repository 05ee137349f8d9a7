"""Reads the slices that many pages want, each table once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from api.desk.schemas import (
    AgentOut,
    CallOut,
    FloorAgentOut,
    MembershipsOut,
    PhoneOut,
    QueueLineOut,
    VoicemailCountOut,
)
from api.desk.snapshot import read_desk
from api.live import mapping
from api.live.events import (
    AgentEvent,
    CallEvent,
    DeskChange,
    DeskEvent,
    FloorAgentEvent,
    FloorAgentGoneEvent,
    GoneOut,
    MembershipsEvent,
    PhoneEvent,
    QueueEvent,
    VoicemailsEvent,
)
from api.live.hub import Listener, Update
from api.live.mapping import Wanted
from api.web.errors import RefusedError
from db.calls import own_calls
from db.core.engine import ReadSession
from db.desk import desk, floor, queue_lines
from db.voicemails import voicemails
from domain.events.notice import DeskPart


@dataclass(frozen=True)
class _Found:
    """What was read, by user or by queue. What several pages see is put into words once."""

    agents: Mapping[UUID, desk.AgentSlice]
    calls: Mapping[UUID, own_calls.CallSlice]
    phones: Mapping[UUID, desk.PhoneSlice]
    memberships: Mapping[UUID, Sequence[desk.Membership]]
    queues: Mapping[UUID, Update]
    colleagues: Mapping[UUID, Update]
    unheard: Mapping[frozenset[UUID], voicemails.Unheard]


async def read_slices(
    session: ReadSession, wanted: Mapping[Listener, Wanted], now: datetime
) -> dict[Listener, dict[str, Update]]:
    """The updates for each page, from one snapshot of the database."""
    whole = {listener for listener, slices in wanted.items() if DeskPart.DESK in slices.own}
    rest = {listener: slices for listener, slices in wanted.items() if listener not in whole}
    found = await _read(session, rest, now)
    updates = {
        listener: _own(listener, slices.own, found) | _shared(slices, found) for listener, slices in rest.items()
    }
    return updates | await _desks(session, whole, now)


async def _read(session: ReadSession, wanted: Mapping[Listener, Wanted], now: datetime) -> _Found:
    def users(name: DeskPart) -> frozenset[UUID]:
        return frozenset(listener.visitor.user_id for listener, slices in wanted.items() if name in slices.own)

    colleagues = frozenset[UUID]().union(*(slices.colleagues for slices in wanted.values()))
    queue_ids = frozenset[UUID]().union(*(slices.queue_ids for slices in wanted.values()))
    mailboxes = {listener.queue_ids for listener, slices in wanted.items() if DeskPart.VOICEMAILS in slices.own}
    agents, calls, phones = users(DeskPart.AGENT), users(DeskPart.CALL), users(DeskPart.PHONE)
    members = users(DeskPart.MEMBERSHIPS)
    there = await floor.listing(session, now, colleagues) if colleagues else []
    return _Found(
        await desk.agents(session, agents, now) if agents else {},
        await own_calls.find(session, calls, now) if calls else {},
        await desk.phones(session, phones, now) if phones else {},
        await desk.memberships(session, members) if members else {},
        {
            queue.queue_id: _update(QueueEvent(data=QueueLineOut.model_validate(queue)))
            for queue in await queue_lines.listing(session, queue_ids, now)
        },
        {found.user_id: _update(FloorAgentEvent(data=FloorAgentOut.model_validate(found))) for found in there},
        {mailbox: await voicemails.unheard(session, mailbox) for mailbox in mailboxes},
    )


def _own(listener: Listener, names: frozenset[DeskPart], found: _Found) -> dict[str, Update]:
    """The slices of the page's own user."""
    user_id = listener.visitor.user_id
    made: dict[str, Update] = {}
    if DeskPart.AGENT in names and user_id in found.agents:
        made[DeskPart.AGENT] = _update(AgentEvent(data=AgentOut.model_validate(found.agents[user_id])))
    if DeskPart.CALL in names:
        call = found.calls.get(user_id)
        made[DeskPart.CALL] = _update(CallEvent(data=CallOut.model_validate(call) if call else None))
    if DeskPart.PHONE in names and user_id in found.phones:
        made[DeskPart.PHONE] = _update(PhoneEvent(data=PhoneOut.model_validate(found.phones[user_id])))
    if DeskPart.MEMBERSHIPS in names:
        serves = MembershipsOut.model_validate({"items": found.memberships[user_id]})
        made[DeskPart.MEMBERSHIPS] = _update(MembershipsEvent(data=serves))
    if DeskPart.VOICEMAILS in names:
        count = VoicemailCountOut.model_validate(found.unheard[listener.queue_ids])
        made[DeskPart.VOICEMAILS] = _update(VoicemailsEvent(data=count))
    return made


def _shared(slices: Wanted, found: _Found) -> dict[str, Update]:
    """What several pages see: queues, and agents on the floor."""
    made = {mapping.queue_key(queue_id): found.queues[queue_id] for queue_id in slices.queue_ids & found.queues.keys()}
    for user_id in slices.colleagues:
        there = found.colleagues.get(user_id)
        made[mapping.colleague_key(user_id)] = there or _update(FloorAgentGoneEvent(data=GoneOut(user_id=user_id)))
    return made


async def _desks(
    session: ReadSession, listeners: Iterable[Listener], now: datetime
) -> dict[Listener, dict[str, Update]]:
    made: dict[Listener, dict[str, Update]] = {}
    for listener in listeners:
        try:
            whole = await read_desk(session, listener.visitor, now)
        except RefusedError:
            continue
        made[listener] = {DeskPart.DESK: _update(DeskEvent(data=whole))}
    return made


def _update(change: DeskChange) -> Update:
    return Update(change.event, change.data.model_dump_json() if change.data is not None else "null")
