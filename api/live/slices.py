"""Reads the slices that many pages want, each table once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from api.desk.models import AgentOut, CallOut, PhoneOut, QueueOut, Slice
from api.desk.snapshot import read_desk
from api.errors import RefusedError
from api.live import mapping
from api.live.hub import Listener, Update
from db import desk
from db.engine import ReadSession

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet


@dataclass(frozen=True)
class Wanted:
    """What one page needs: slices of its user, and queues. A whole desk makes the rest unnecessary."""

    own: frozenset[str]
    queue_ids: frozenset[UUID]


async def read_slices(
    session: ReadSession, wanted: Mapping[Listener, Wanted], now: datetime
) -> dict[Listener, dict[str, Update]]:
    """The updates for each page, from one snapshot of the database."""
    whole = {listener for listener, slices in wanted.items() if mapping.DESK in slices.own}
    rest = {listener: slices for listener, slices in wanted.items() if listener not in whole}
    agents = await desk.agents(session, _users(rest, mapping.AGENT), now)
    calls = await desk.calls(session, _users(rest, mapping.CALL))
    phones = await desk.phones(session, _users(rest, mapping.PHONE))
    queue_ids = frozenset[UUID]().union(*(slices.queue_ids for slices in rest.values()))
    queues = {queue.queue_id: queue for queue in await desk.queues(session, queue_ids)} if queue_ids else {}
    updates: dict[Listener, dict[str, Update]] = {}
    for listener, slices in rest.items():
        user_id = listener.visitor.user_id
        made: dict[str, Update] = {}
        if mapping.AGENT in slices.own and user_id in agents:
            made[mapping.AGENT] = _update(mapping.AGENT, AgentOut.model_validate(agents[user_id]))
        if mapping.CALL in slices.own:
            call = calls.get(user_id)
            made[mapping.CALL] = _update(mapping.CALL, CallOut.model_validate(call) if call else None)
        if mapping.PHONE in slices.own and user_id in phones:
            made[mapping.PHONE] = _update(mapping.PHONE, PhoneOut.model_validate(phones[user_id]))
        for queue_id in slices.queue_ids & queues.keys():
            made[mapping.queue_key(queue_id)] = _update("queue", QueueOut.model_validate(queues[queue_id]))
        updates[listener] = made
    return updates | await _desks(session, whole, now)


def _users(wanted: Mapping[Listener, Wanted], name: str) -> "AbstractSet[UUID]":
    return {listener.visitor.user_id for listener, slices in wanted.items() if name in slices.own}


async def _desks(
    session: ReadSession, listeners: Iterable[Listener], now: datetime
) -> dict[Listener, dict[str, Update]]:
    made = {}
    for listener in listeners:
        try:
            whole = await read_desk(session, listener.visitor, now)
        except RefusedError:
            continue
        made[listener] = {mapping.DESK: _update(mapping.DESK, whole)}
    return made


def _update(event: str, content: Slice | None) -> Update:
    return Update(event, content.model_dump_json() if content is not None else "null")
