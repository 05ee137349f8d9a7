"""A floor that is driven at random through the real claims, and the rules that must hold after every step (goal D2)."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

from sqlalchemy import select, update

from db import attendance, calls, cdrs, door, line, pauses, routing
from db.engine import AnySession, Database
from db.models import Agent, Call, QueueMember, WaitingCall
from db.models import Queue as QueueRow
from domain import ids
from domain.agent import AgentState
from domain.arrival import Arrival
from domain.call import CallStage, Disposition, Party
from domain.line import Move
from domain.queue import Queue, Strategy
from domain.routing import Candidate, Match, Rules, in_order, may_take
from domain.routing import WaitingCall as InLine

RING = timedelta(hours=1)
_STEP = timedelta(seconds=1)


@dataclass
class Floor:
    """Queues, agents and calls; `now` is the floor's own clock."""

    db: Database
    chance: Random
    queues: Sequence[Queue]
    agents: Sequence[UUID]
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    live: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    fresh: list[Match] = field(default_factory=list)
    """Who was claimed for what in the latest step."""

    async def step(self) -> None:
        """Something happens. What was woken by it is done before anything else does."""
        self.now += _STEP
        self.fresh.clear()
        frequent = [self.arrive, self.answer, self.finish, self.change]
        rare = [self.miss, self.forgive, self.hang_up, self.pause_queue, self.reorder]
        happen = self.chance.choice([*frequent, *frequent, *rare])
        self.told.append(happen.__name__)
        await self.wake(await happen())

    async def wake(self, matches: Sequence[Match]) -> None:
        """The calls that were matched confirm their agents, as their workflows would."""
        self.fresh += matches
        for call_id in {made.call_id for made in matches}:
            await self.search(call_id)

    async def search(self, call_id: str) -> None:
        async with self.db.write() as session:
            waiting = await session.get(WaitingCall, call_id)
            if waiting is None:
                return
            _, matches = await calls.search(session, call_id, waiting.queue_id, 1, self.now, RING)
        self.fresh += [made for made in matches if made.call_id == call_id]
        await self.wake([made for made in matches if made.call_id != call_id])

    async def arrive(self) -> Sequence[Match]:
        queue = self.chance.choice(self.queues)
        arrival = Arrival(f"floor-{ids.uuid7()}", "test", "100", "555", "Caller", self.now)
        self.live.append(arrival.call_id)
        async with self.db.write() as session:
            await door.enter(session, arrival, queue, self.now, priority=self.chance.choice([50, 50, 50, 60]))
            _, matches = await calls.search(session, arrival.call_id, queue.queue_id, 1, self.now, RING, is_new=True)
        self.fresh += [made for made in matches if made.call_id == arrival.call_id]
        return [made for made in matches if made.call_id != arrival.call_id]

    async def _offered(self) -> tuple[str, UUID] | None:
        async with self.db.read() as session:
            query = select(Agent.call_id, Agent.user_id).where(
                Agent.user_id.in_(self.agents), Agent.state == AgentState.OFFERED, Agent.attempt.is_not(None)
            )
            found = sorted((str(call_id), user_id) for call_id, user_id in await session.execute(query))
        return self.chance.choice(found) if found else None

    async def answer(self) -> Sequence[Match]:
        offered = await self._offered()
        if offered is None:
            return []
        async with self.db.write() as session:
            return await calls.connect(session, *offered, self.now, recorded=False, others=True)

    async def miss(self) -> Sequence[Match]:
        offered = await self._offered()
        if offered is None:
            return []
        call_id, user_id = offered
        async with self.db.write() as session:
            waiting = await session.get_one(WaitingCall, call_id)
            return await calls.missed(
                session, call_id, [user_id], waiting.queue_id, self.now, no_answer=self.chance.random() < 0.5, limit=3
            )

    async def forgive(self) -> Sequence[Match]:
        """The timer of a call that everybody has missed."""
        async with self.db.write() as session:
            query = select(WaitingCall).where(WaitingCall.call_id.in_(self.live), WaitingCall.missed_by != [])
            missed = sorted(await session.scalars(query), key=lambda row: row.call_id)
            if not missed:
                return []
            chosen = self.chance.choice(missed)
            await routing.lock(session)
            await calls.forgive(session, chosen.call_id)
            return await routing.match(session, [chosen.queue_id], self.now)

    async def hang_up(self) -> Sequence[Match]:
        return await self._end(Disposition.ABANDONED, talking=False)

    async def finish(self) -> Sequence[Match]:
        return await self._end(Disposition.ANSWERED, talking=True)

    async def _end(self, disposition: Disposition, *, talking: bool) -> Sequence[Match]:
        async with self.db.read() as session:
            stages = {call.id: call.stage for call in await session.scalars(select(Call).where(Call.id.in_(self.live)))}
        fitting = sorted(call for call, stage in stages.items() if (stage == CallStage.CONNECTED) is talking)
        if not fitting:
            return []
        call_id = self.chance.choice(fitting)
        self.live.remove(call_id)
        ending = cdrs.Ending(call_id, disposition, Party.CUSTOMER, 16, self.now)
        async with self.db.write() as session:
            await cdrs.end(session, ending, None, timedelta(0))
            return await cdrs.complete(session, call_id, self.now)

    async def change(self) -> Sequence[Match]:
        user_id = self.chance.choice(self.agents)
        wanted = self.chance.choice([AgentState.IDLE, AgentState.IDLE, AgentState.PAUSED, AgentState.OFFLINE])
        async with self.db.read() as session:
            if await session.scalar(select(Agent.state).where(Agent.user_id == user_id)) == AgentState.OFFLINE:
                wanted = AgentState.IDLE
        async with self.db.write() as session:
            return await attendance.change(session, user_id, wanted, self.now, None)

    async def pause_queue(self) -> Sequence[Match]:
        user_id, queue = self.chance.choice(self.agents), self.chance.choice(self.queues)
        async with self.db.write() as session:
            member = await session.get(QueueMember, (queue.queue_id, user_id))
            if member is None:
                return []
            if member.paused_at is None:
                await pauses.pause(session, user_id, queue.queue_id, "Break", self.now)
                return []
            return await pauses.resume(session, user_id, queue.queue_id, self.now)

    async def reorder(self) -> Sequence[Match]:
        queue = self.chance.choice(self.queues)
        async with self.db.read() as session:
            waiting = sorted(one.call_id for one in await line.listing(session, [queue.queue_id], self.now))
        if not waiting:
            return []
        async with self.db.write() as session:
            move = self.chance.choice(list(Move))
            return await line.move(session, self.chance.choice(waiting), queue.queue_id, move, None, self.now)

    async def check(self) -> None:
        """The rules. A failure tells what happened until then."""
        async with self.db.read() as session:
            facts = await Facts.read(session, self)
        self._check_claims(facts)
        order = in_order([_in_line(row) for row in facts.lines], facts.rules, self.now)
        alone = [call for call in order if not facts.row(call).offered_to and _is_in_line(facts.row(call), self.now)]
        for call in alone:
            beside = [one for one in facts.candidates if one.user_id in facts.idle and facts.takes(one, call, self.now)]
            # A level that widened by the mere passing of time is found by the call's own timer.
            assert not beside or call.skills, f"{call.call_id} waits beside an idle agent after {self.told}"
        for made in self.fresh:
            served = next((call for call in order if call.call_id == made.call_id), None)
            if served is not None and made.user_id in facts.row(served).offered_to:
                self._check_choice(facts, made, served, order[: order.index(served)])

    def _check_claims(self, facts: "Facts") -> None:
        rung = list(itertools.chain.from_iterable(row.offered_to for row in facts.lines))
        assert len(rung) == len(set(rung)), f"an agent is rung for two calls after {self.told}"
        offered = {user_id for user_id, agent in facts.agents.items() if agent.state == AgentState.OFFERED}
        assert offered == set(rung), f"agents and calls disagree after {self.told}"
        for row in facts.lines:
            assert {facts.agents[user_id].call_id for user_id in row.offered_to} <= {row.call_id}

    def _check_choice(self, facts: "Facts", made: Match, served: InLine, ahead: Sequence[InLine]) -> None:
        mine = [one for one in facts.candidates if one.user_id == made.user_id]
        for call in ahead:
            if not facts.row(call).offered_to and _is_in_line(facts.row(call), self.now):
                could = any(facts.takes(one, call, self.now) for one in mine)
                assert not could, f"{served.call_id} overtook {call.call_id} after {self.told}"
        if facts.rules[served.queue_id].strategy is Strategy.LONGEST_IDLE:
            [chosen] = [one for one in mine if one.queue_id == served.queue_id]
            for other in facts.candidates:
                if other.user_id in facts.idle and facts.takes(other, served, self.now):
                    assert (other.penalty, other.idle_since) >= (chosen.penalty, chosen.idle_since), self.told


@dataclass(frozen=True)
class Facts:
    """What the database says of a floor."""

    agents: Mapping[UUID, Agent]
    lines: Sequence[WaitingCall]
    candidates: Sequence[Candidate]
    rules: Mapping[UUID, Rules]

    @classmethod
    async def read(cls, session: AnySession, floor: Floor) -> "Facts":
        agents = {
            one.user_id: one for one in await session.scalars(select(Agent).where(Agent.user_id.in_(floor.agents)))
        }
        lines = list(await session.scalars(select(WaitingCall).where(WaitingCall.call_id.in_(floor.live))))
        members = await session.scalars(
            select(QueueMember).where(QueueMember.user_id.in_(floor.agents), QueueMember.paused_at.is_(None))
        )
        candidates = [
            Candidate(one.user_id, one.queue_id, agents[one.user_id].idle_since, one.penalty) for one in members
        ]
        rules = {
            row.id: Rules(Strategy(row.strategy), row.weight, row.aging_seconds, row.skill_widening_seconds)
            for row in await session.scalars(select(QueueRow))
        }
        return cls(agents, lines, candidates, rules)

    @property
    def idle(self) -> set[UUID]:
        return {user_id for user_id, agent in self.agents.items() if agent.state == AgentState.IDLE}

    def row(self, call: InLine) -> WaitingCall:
        return next(row for row in self.lines if row.call_id == call.call_id)

    def takes(self, candidate: Candidate, call: InLine, now: datetime) -> bool:
        return may_take(candidate, call, self.rules[call.queue_id], now)


def _is_in_line(row: WaitingCall, now: datetime) -> bool:
    return row.not_before is None or row.not_before <= now


def _in_line(row: WaitingCall) -> InLine:
    return InLine(
        row.call_id, row.queue_id, row.place, row.entered_at, frozenset(row.missed_by), row.priority, row.skills
    )


async def set_up(db: Database, chance: Random, queues: Sequence[Queue], strategies: Sequence[Strategy]) -> None:
    """Gives the queues their strategies, weights and ages, and the members their penalties."""
    async with db.write() as session:
        for queue, strategy in zip(queues, strategies, strict=True):
            await session.execute(
                update(QueueRow)
                .where(QueueRow.id == queue.queue_id)
                .values(strategy=strategy, weight=chance.choice([0, 0, 1]), aging_seconds=chance.choice([None, 5]))
            )
            members = await session.scalars(select(QueueMember).where(QueueMember.queue_id == queue.queue_id))
            for member in members:
                member.penalty, member.position = chance.choice([0, 0, 1]), chance.randrange(5)
