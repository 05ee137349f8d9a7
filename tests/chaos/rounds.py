"""A round of a chaos run: some calls at once, some faults among them, and a look at everything once all is quiet."""

import asyncio
import contextlib
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from temporalio.client import Client, WorkflowFailureError

from db.core.clock import now
from db.models import Callback, Cdr
from domain.agents.agent import AgentState
from domain.calls import ids
from domain.calls.call import CallType
from tests.chaos.faults import EXCHANGE, Fault, Harm, inflict, seeded
from tests.chaos.floor import PATIENCE, Floor, patiently
from tests.chaos.stories import KINDS, Kind, Story, play
from tests.chaos.verdict import Facts, Leg, Record, dialled_twice, overlaps, violations
from tests.phones.audio import length, tones_in
from tests.phones.errors import PhoneError
from tests.phones.phone_call import PhoneCall
from tests.support.centre import Centre

_CALLS = 4
_SPREAD = 2.0
"""Seconds within which the calls of a round begin."""
_AGENTS_HZ = [500.0, 600.0, 700.0, 800.0]
_OF_MUSIC = -20.0
"""The music that waits has such tones in it, too; an agent's is louder (dB of full scale)."""
_COMING_BACK = 5.0
"""Seconds until a killed process works again, and what waited for it has been tried again."""
_DEAD = 1.0
"""Seconds to wait for the end of a call that has no other side any more."""
_DYING = 0.2
"""Seconds that a killed Asterisk may still say something."""
_PLAYED = 10.0
"""Seconds within which a call is over that began after all faults."""
_PROVISIONED = 3.0
"""Seconds from Asterisk's start until trunks are let in again; earlier callers hear 503, and leave no record."""
_RUNNING = "WorkflowType = 'Call' AND ExecutionStatus = 'Running'"


@dataclass(frozen=True)
class Round:
    """What was done under one seed, and what was wrong."""

    seed: int
    kinds: Sequence[str]
    faults: Sequence[Fault]
    wrong: Sequence[str]
    seconds: float


async def play_round(floor: Floor, seed: int, faults: int | None = None) -> Round:
    """Makes the calls and the faults of a seed; `faults` says how many, else chance does."""
    began = time.monotonic()
    chance = random.Random(seed)
    kinds = [chance.choice(KINDS) for _ in range(_CALLS)]
    stories = [Story(floor, _number(seed, place), random.Random(chance.random()), []) for place in range(_CALLS)]
    done = seeded(chance, chance.choice((1, 1, 2)) if faults is None else faults)
    starts = [chance.uniform(0.0, _SPREAD) for _ in stories]
    first = time.time()
    acts = [
        asyncio.create_task(play(story, kind, after)) for story, kind, after in zip(stories, kinds, starts, strict=True)
    ]
    killed = await inflict(floor.centre.stack, done)
    if killed:
        await _give_up(acts)
    broken = await asyncio.gather(*acts)
    wrong = await _left_over(floor)
    lost = _Lost(
        killed,
        sum(fault.seconds for fault in done if fault.part == EXCHANGE),
        sum(map(_away, done)),
        [callback.number for callback in await patiently(lambda: _called_later(floor.centre))],
    )
    for story, kind in zip(stories, kinds, strict=True):
        wrong += violations(await _facts(story, kind, lost))
    for seat in floor.seats:
        wrong += overlaps(
            [_leg(seat.account.name, call, killed) for call in seat.phone.calls if call.since["incoming"] >= first]
        )
    wrong += dialled_twice([call.dialled for call in floor.called.calls if call.since["incoming"] >= first])
    await patiently(lambda: _forget_later(floor.centre))
    if killed:
        await _hang_up_dead(floor)
        await asyncio.sleep(_PROVISIONED)
    # Where Asterisk died, no story can go on.
    wrong += [] if killed else [words for words in broken if words]
    return Round(seed, [kind.name for kind in kinds], done, wrong, time.monotonic() - began)


@dataclass(frozen=True)
class _Lost:
    """What the faults of a round cost at most: when Asterisk was killed, how long it, and anything, was away."""

    killed: Sequence[float]
    slack: float
    away: float
    later: Sequence[str] = ()
    """Customers who are called again later: what was away while we called them let them hear nothing."""


def _away(fault: Fault) -> float:
    return _COMING_BACK if fault.harm is Harm.KILL else fault.seconds


def _number(seed: int, place: int) -> str:
    """A number that no other call has, and that may be called."""
    return f"+1212{200 + seed % 700}{seed // 700 * 10 + place:04d}"


async def _left_over(floor: Floor) -> list[str]:
    """Waits until nothing goes on any more; what then still does is wrong."""
    found: list[str] = []

    async def quiet() -> bool:
        found[:] = await patiently(lambda: _things(floor))
        return not found

    try:
        await floor.centre.until(quiet, PATIENCE)
    except TimeoutError:
        # The rounds that follow begin with nothing.
        temporal: Client = await floor.centre.temporal()
        async for call in temporal.list_workflows(_RUNNING):
            await temporal.get_workflow_handle(call.id).cancel()
        return [f"left over: {thing}" for thing in found]
    return []


async def _things(floor: Floor) -> list[str]:
    centre = floor.centre
    live = await centre.live_calls() - len(await _called_later(centre))
    things = [f"{live} live calls"] if live else []
    async with centre.asterisk() as asterisk:
        things += [f"channel {channel.id}" for channel in await asterisk.channels()]
        things += [f"bridge {bridge.id}" for bridge in await asterisk.bridges()]
    for seat in (*floor.agents, floor.boss):
        state = await centre.state_of(seat.account.user_id)
        things += [] if state is AgentState.IDLE else [f"{seat.account.name} is {state}"]
    return things + await _running(centre)


async def _called_later(centre: Centre) -> Sequence[Callback]:
    async with centre.database.read() as session:
        return list(
            await session.scalars(select(Callback).where(Callback.next_at > now(), Callback.closed_at.is_(None)))
        )


async def _forget_later(centre: Centre) -> None:
    """What a later round would meet is ended."""
    temporal: Client = await centre.temporal()
    for callback in await _called_later(centre):
        await temporal.get_workflow_handle(ids.workflow(callback.call_id)).cancel()


async def _give_up(acts: Sequence["asyncio.Task[str | None]"]) -> None:
    """Asterisk died: calls that came later are played to their end, and the others' phones wait for nothing."""
    _, waiting = await asyncio.wait(acts, timeout=_PLAYED)
    for act in waiting:
        act.cancel()


async def _hang_up_dead(floor: Floor) -> None:
    """Ends what phones hold for alive: a phone has so many calls only."""
    for phone in (floor.customers, floor.called, *(seat.phone for seat in floor.seats)):
        for call in phone.calls:
            if not call.ended:
                with contextlib.suppress(PhoneError):
                    await call.hang_up(_DEAD)


async def _running(centre: Centre) -> list[str]:
    temporal: Client = await centre.temporal()
    later = {ids.workflow(callback.call_id) for callback in await _called_later(centre)}
    return [f"workflow {found.id}" async for found in temporal.list_workflows(_RUNNING) if found.id not in later]


async def _facts(story: Story, kind: Kind, lost: _Lost) -> Facts:
    floor = story.floor
    # A try that failed is no call yet: nobody was brought together with whoever picked up.
    tried = story.number in lost.later
    customer = [*story.calls, *(call for call in floor.called.calls if story.number in call.dialled and not tried)]
    agents = [
        _leg(seat.account.name, call, lost.killed)
        for seat in floor.seats
        for call in seat.phone.calls
        if story.number in call.caller and not tried
    ]
    records = await patiently(lambda: _records(floor.centre, story.number))
    return Facts(
        story.number,
        kind.name,
        tuple(_leg("customer", call, lost.killed) for call in customer),
        tuple(agents),
        tuple(records),
        expected_records=_expected(story, kind, records, lost),
        plain=kind.plain,
        heard_seconds=_heard(customer[-1]) if customer else None,
        slack=lost.slack,
        away=lost.away,
    )


def _expected(story: Story, kind: Kind, records: Sequence[Record], lost: _Lost) -> int:
    killed = lost.killed
    # A customer whom Asterisk never heard has no record.
    if killed and not any("confirmed" in call.since for call in story.calls):
        return min(len(records), 1)
    if kind.outbound and story.calls:
        if story.number in lost.later:
            return 1
        # Who was cut off before the callback was agreed is not called.
        return min(max(len(records), 1), 2) if killed else 2
    # A dial that was refused leaves no record; one that was accepted leaves one.
    return min(len(records), 1) if kind.outbound else 1


def _leg(phone: str, call: PhoneCall, killed: Sequence[float]) -> Leg:
    """The leg as its phone saw it.

    A phone is not told of Asterisk's death, which ended what was answered or rang here; who was calling calls on.
    """
    now = time.time()
    began = min(call.since.values(), default=now)
    ended, answered = call.since.get("disconnected", now), call.since.get("confirmed")
    up = answered if answered is not None else call.since.get("incoming")
    if up is not None:
        ended = min([ended, *(max(at, up) for at in killed if at > up - _DYING)])
    return Leg(phone, began, answered, ended)


async def _records(centre: Centre, number: str) -> list[Record]:
    async with centre.database.read() as session:
        cdrs = list(await session.scalars(select(Cdr).where(Cdr.customer_number == number).order_by(Cdr.arrived_at)))
    return [await _record(centre, cdr) for cdr in sorted(cdrs, key=lambda cdr: cdr.type == CallType.AUTO)]


async def _record(centre: Centre, cdr: Cdr) -> Record:
    try:
        recordings = await centre.recordings(cdr.call_id)
    except WorkflowFailureError:
        # It was left over, and we have cancelled it.
        recordings = ()
    files = [centre.recording_file(recording) for recording in recordings]
    seconds = sum(length(file) for file in files if file.exists() and file.stat().st_size > 44)
    status = recordings[0].status if recordings else None
    return Record(cdr.disposition, cdr.ended_at.timestamp(), cdr.talk_seconds, status, seconds)


def _heard(call: PhoneCall) -> float | None:
    # The file of a call that the phone holds for alive is not closed.
    if call.recording is None or not call.ended or not call.recording.exists():
        return None
    tones = tones_in(call.recording, _AGENTS_HZ).values()
    return max((tone.seconds for tone in tones if tone.level > _OF_MUSIC), default=0.0)
