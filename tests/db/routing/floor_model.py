"""A floor on which things happen through the real claims; every step is noted, and judged by the notes (goal D2)."""

import asyncio
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from db.core.engine import Database
from domain.queues.queue import Strategy
from domain.routing.matching import Match
from tests.db.routing import floor_deeds, floor_facts
from tests.db.routing.floor_deeds import Deed
from tests.db.routing.floor_judge import Judge, Made
from tests.db.routing.floor_notes import Notes
from tests.db.routing.floor_setting import MOMENT, OPENING

SECOND = timedelta(seconds=1)


@dataclass
class Floor:
    """Queues, agents and calls; `now` is the floor's own clock, and `told` counts what happened in all runs."""

    db: Database
    notes: Notes
    told: Counter[str]
    now: datetime = field(default=OPENING + SECOND)

    def tick(self) -> datetime:
        """The next moment. They are so short that only waiting brings a call to its next second."""
        self.now += MOMENT
        return self.now

    async def happen(self, deed: Deed | None, *, by_timer: bool = False) -> None:
        """One thing happens, if it can. What was woken by it is done before anything else does."""
        if deed is None:
            return
        judge = Judge(self.notes, deed.now)
        matches = await self._commit(deed)
        made = judge.note(matches)
        judge.judge(made, within_queues=by_timer)
        self._tell(deed, made)
        await self._wake(matches, but=deed.asker)

    async def happen_at_once(self, *deeds: Deed) -> None:
        """Things happen in transactions of the same moment; whichever comes first, nobody gets two calls."""
        found = await asyncio.gather(*(self._commit(deed) for deed in deeds))
        self.told["at once"] += 1
        for deed, matches in zip(deeds, found, strict=True):
            self._tell(deed, Judge(self.notes, deed.now).note(matches))
        for deed, matches in zip(deeds, found, strict=True):
            await self._wake(matches, but=deed.asker)

    async def wait(self, seconds: int) -> None:
        """Time passes. At each second at which a wrap-up is over, and at the end, the timers of all calls run."""
        while seconds:
            due = [call.wraps_until for call in self.notes.calls.values() if call.wraps_until]
            stride = min([seconds, *(max(1, math.ceil((moment - self.now) / SECOND)) for moment in due)])
            self.now, seconds = self.now + stride * SECOND, seconds - stride
            for call in self.notes.turns(self.now):
                await self.happen(floor_deeds.search(self.notes, self.now, call), by_timer=True)
            for call in list(self.notes.calls.values()):
                if call.wraps_until and call.wraps_until <= self.now:
                    await self.happen(floor_deeds.complete(self.notes, self.tick(), call))

    async def look_on(self) -> None:
        """The calls that somebody missed look for others."""
        for call in self.notes.waiting():
            if call.missed_by:
                await self.happen(floor_deeds.search(self.notes, self.now, call))

    async def check(self) -> None:
        """What holds whenever things are quiet."""
        async with self.db.read() as session:
            await floor_facts.compare(session, self.notes, self.now)
        for call in self.notes.waiting():
            for agent in self.notes.idle():
                assert not self.notes.may_take(agent, call, self.now), f"{call.call_id} waits beside an idle agent"

    async def _commit(self, deed: Deed) -> Sequence[Match]:
        async with self.db.write() as session:
            return await deed.do(session)

    async def _wake(self, matches: Sequence[Match], *, but: str | None) -> None:
        """The calls that were matched confirm their agents, as their workflows would."""
        for call_id in sorted({made.call_id for made in matches} - {but}):
            call = self.notes.calls[call_id]
            async with self.db.write() as session:
                claims, others = await floor_deeds.look(session, call, self.tick())
            assert {claim.user_id for claim in claims} == call.rung, f"{call_id} does not ring whom it was matched with"
            assert not others, f"{call_id} has agents, and looked for more"

    def _tell(self, deed: Deed, made: Sequence[Made]) -> None:
        """Counts what happened, and what there was to choose: a floor on which nothing could go wrong proves little."""
        self.told[deed.name] += 1
        for one in made:
            self.told[f"served by {deed.name}"] += 1
            self.told[f"rung as {one.call.queue.strategy}"] += len(one.agents)
            rivals = [agent for agent in self.notes.idle() if self.notes.may_take(agent, one.call, self.now)]
            self.told["chosen among several"] += bool(rivals)
            self.told["several rung"] += len(one.agents) > 1
            self.told["served after waiting"] += one.call.entered_at != deed.now
            self.told["wanted a skill"] += any(one.call.wanted(skill, self.now) > 0 for skill in self.notes.skills)
        if one_of_many := [one for one in made if one.call.queue.strategy is Strategy.LONGEST_IDLE]:
            self.told["by longest idle"] += len(one_of_many)
