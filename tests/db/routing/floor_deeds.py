"""What callers and agents do with calls. Each deed is noted first; nothing is returned where it cannot be done."""

import itertools
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from db.calls import arrivals, calls, cdrs
from db.core.engine import WriteSession
from db.routing import line
from db.routing.claims import Claim
from domain.agents.agent import AgentState
from domain.calls.arrival import Arrival
from domain.calls.call import Disposition, Party
from domain.queues.line import Move
from domain.routing.matching import Match
from tests.db.routing.floor_notes import CallNote, Notes, QueueNote

RING = timedelta(hours=1)
MISS_LIMIT = 2
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Deed:
    """One transaction: what happens at `now`. An `asker` rings its own agents at once, so nobody need wake it."""

    name: str
    now: datetime
    do: Callable[[WriteSession], Awaitable[Sequence[Match]]]
    asker: str | None = None


def arrive(notes: Notes, now: datetime, queue: QueueNote, priority: int) -> Deed:
    call = CallNote(f"floor-{next(_numbers):06}", queue, priority, now)
    notes.calls[call.call_id] = call
    arrival = Arrival(call.call_id, "test", "100", "555", "Caller", now)

    async def do(session: WriteSession) -> Sequence[Match]:
        await arrivals.enter(session, arrival, queue.queue, now, priority=priority)
        return (await look(session, call, now, is_new=True))[1]

    return Deed("arrive", now, do, call.call_id)


async def look(
    session: WriteSession, call: CallNote, now: datetime, *, is_new: bool = False
) -> tuple[Sequence[Claim], Sequence[Match]]:
    """A call looks for agents. Returns those it rings, and all matches made on the way."""
    of_queue = call.queue.queue.queue_id
    claims, matches = await calls.search(session, call.call_id, of_queue, call.attempts + 1, now, RING, is_new=is_new)
    call.attempts = max([call.attempts, *(claim.attempt for claim in claims)])
    return claims, matches


def search(notes: Notes, now: datetime, call: CallNote, *, forgive: bool = False) -> Deed | None:
    """By a call's own timer, which may `forgive` those who missed it."""
    if not call.in_line or call.rung:
        return None
    if forgive:
        call.missed_by.clear()

    async def do(session: WriteSession) -> Sequence[Match]:
        if forgive:
            await calls.forgive(session, call.call_id)
        return (await look(session, call, now))[1]

    return Deed("forgive" if forgive else "search", now, do, call.call_id)


def answer(notes: Notes, now: datetime, pick: int) -> Deed | None:
    rung = [(call, user_id) for call in notes.calls.values() for user_id in sorted(call.rung)]
    if not rung:
        return None
    call, user_id = rung[pick % len(rung)]
    others = len(call.rung) > 1
    notes.answered(call, user_id, now)

    async def do(session: WriteSession) -> Sequence[Match]:
        found = await calls.connect(session, call.call_id, user_id, now, recorded=False, others=others)
        assert found is not None
        return found

    return Deed("answer one of several" if others else "answer", now, do)


def miss(notes: Notes, now: datetime, pick: int, *, everybody: bool, no_answer: bool) -> Deed | None:
    rung = [(call, user_id) for call in notes.calls.values() for user_id in sorted(call.rung)]
    if not rung:
        return None
    call, user_id = rung[pick % len(rung)]
    users = sorted(call.rung) if everybody else [user_id]
    notes.missed(call, users, now, limit=MISS_LIMIT if no_answer else None)

    async def do(session: WriteSession) -> Sequence[Match]:
        of_queue = call.queue.queue.queue_id
        return await calls.missed(session, call.call_id, users, of_queue, now, no_answer=no_answer, limit=MISS_LIMIT)

    return Deed("let ring" if no_answer else "decline", now, do)


def forgive(notes: Notes, now: datetime, pick: int) -> Deed | None:
    """Some seconds after everybody has missed a call."""
    missed = [call for call in notes.waiting() if call.missed_by]
    return search(notes, now, missed[pick % len(missed)], forgive=True) if missed else None


def hang_up(notes: Notes, now: datetime, pick: int) -> Deed | None:
    """A caller waits no longer, perhaps while agents are being rung."""
    in_line = [call for call in notes.calls.values() if call.in_line]
    if not in_line:
        return None
    call = in_line[pick % len(in_line)]
    name = "hang up ringing" if call.rung else "hang up"
    notes.ended(call, now, timedelta(0))
    return Deed(name, now, _end(call, Disposition.ABANDONED, now, timedelta(0)))


def finish(notes: Notes, now: datetime, pick: int, wrap_up: timedelta) -> Deed | None:
    """A talk is over. Without wrap-up its agent is free at once."""
    talks = [call for call in notes.calls.values() if call.talks_with and not call.wraps_until]
    if not talks:
        return None
    call = talks[pick % len(talks)]
    notes.ended(call, now, wrap_up)
    return Deed("finish", now, _end(call, Disposition.ANSWERED, now, wrap_up))


def _end(
    call: CallNote, disposition: Disposition, now: datetime, wrap_up: timedelta
) -> Callable[[WriteSession], Awaitable[Sequence[Match]]]:
    async def do(session: WriteSession) -> Sequence[Match]:
        await cdrs.end(session, cdrs.Ending(call.call_id, disposition, Party.CUSTOMER, 16, now), wrap_up)
        return [] if wrap_up else await cdrs.complete(session, call.call_id, now)

    return do


def complete(notes: Notes, now: datetime, call: CallNote) -> Deed:
    """A wrap-up is over. Its agent may have gone on before."""
    agent = notes.agents[call.talks_with] if call.talks_with else None
    wraps_up = agent is not None and agent.state is AgentState.WRAP_UP and agent.call_id == call.call_id
    notes.completed(call, now)

    async def do(session: WriteSession) -> Sequence[Match]:
        return await cdrs.complete(session, call.call_id, now)

    return Deed("leave wrap-up" if wraps_up else "complete", now, do)


def complete_one(notes: Notes, now: datetime, pick: int) -> Deed | None:
    """An agent has done with a call before the time."""
    wrapping = [call for call in notes.calls.values() if call.wraps_until]
    return complete(notes, now, wrapping[pick % len(wrapping)]) if wrapping else None


def reorder(notes: Notes, now: datetime, pick: int, move: Move | int) -> Deed | None:
    """A supervisor moves a call in its line."""
    in_line = [call for call in notes.calls.values() if call.in_line]
    if not in_line:
        return None
    call = in_line[pick % len(in_line)]
    if not notes.move(call, move, now):
        return None

    async def do(session: WriteSession) -> Sequence[Match]:
        return await line.move(session, call.call_id, call.queue.queue.queue_id, move, None, now)

    return Deed("reorder", now, do)
