"""The list of past calls goes back to the first one, part by part, and no part reads all that is past."""

import re
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, insert, text

from db.core.clock import now
from db.core.engine import Database
from db.models import AgentChange, Cdr, Participant
from db.records import own_past, recent_calls
from db.records.recent_calls import CallFilter, Place
from domain.agents.agent import AgentState
from domain.calls import ids
from domain.calls.call import CallRole
from tests.api.browser import Browser
from tests.api.floor import Floor
from tests.api.records.test_rate import Past, past

__all__ = ["past"]

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
CALLS = "/api/v1/calls"


def record(call_id: str, at: datetime, user_id: UUID | None, disposition: str = "answered") -> dict[str, Any]:
    return {
        "call_id": call_id,
        "type": "inbound",
        "direction": "inbound",
        "disposition": disposition,
        "customer_number": "+12025550147",
        "customer_name": "",
        "our_number": "100",
        "user_id": user_id,
        "arrived_at": at,
        "answered_at": at + timedelta(seconds=5) if disposition == "answered" else None,
        "ended_at": at + timedelta(minutes=2),
        "wait_seconds": 5.0,
        "talk_seconds": 100.0,
        "ended_by": "customer",
        "cause": 16,
    }


def rings(user_id: UUID, call_id: str, at: datetime, *, taken: bool) -> list[dict[str, Any]]:
    after = (AgentState.ON_CALL, call_id) if taken else (AgentState.IDLE, None)
    changes = [(AgentState.OFFERED, call_id, at), (*after, at + timedelta(seconds=20))]
    return [{"user_id": user_id, "state": state, "call_id": call, "at": when} for state, call, when in changes]


class Life:
    """An agent's past of own calls, some left to others and some missed, one every so often."""

    def __init__(self, past: Past, count: int, every: timedelta, *, one_missed_in: int = 5) -> None:
        self.past, self.user_id = past, past.user.user_id
        self.rows: list[dict[str, Any]] = []
        self.changes: list[dict[str, Any]] = []
        self.parts: list[dict[str, Any]] = []
        self.missed: list[str] = []
        newest = now() - timedelta(hours=3)
        for number in range(count):
            self._add(f"life-{number}-{ids.uuid7()}", newest - number * every, number, one_missed_in)
        self.ids = [row["call_id"] for row in self.rows]

    def _add(self, call_id: str, at: datetime, number: int, one_missed_in: int) -> None:
        is_missed, is_left = number % one_missed_in == 1, number % one_missed_in == 2
        other = ids.uuid7() if is_left else None
        self.rows.append(
            record(call_id, at, None if is_missed else other or self.user_id, "abandoned" if is_missed else "answered")
        )
        self.changes += rings(self.user_id, call_id, at + timedelta(seconds=1), taken=not is_missed)
        if is_missed:
            self.missed.append(call_id)
        if is_left:
            times = {"arrived_at": at, "since": at, "joined_at": at, "until": at + MINUTE, "seconds": 50.0}
            self.parts.append({"call_id": call_id, "role": CallRole.AGENT, "user_id": self.user_id, **times})

    async def write(self) -> None:
        async with self.past.floor.database.write() as session:
            for model, rows in ((Cdr, self.rows), (AgentChange, self.changes), (Participant, self.parts)):
                if rows:
                    await session.execute(insert(model), rows)

    async def read_all(self, limit: int, *, missed: bool = False) -> list[str]:
        """The list to its end."""
        return list(chain(*await self.read(limit, missed=missed)))

    async def read(self, limit: int, *, missed: bool = False) -> list[list[str]]:
        """All parts of the list, by the ids of their calls."""
        parts: list[list[str]] = []
        place: Place | None = None
        while place is not None or not parts:
            async with self.past.floor.database.read() as session:
                part = await recent_calls.listing(session, CallFilter(self.user_id, missed), limit, place)
            parts.append([call.call_id for call in part.items])
            place = part.next
        return parts


@pytest.mark.parametrize("every", [5 * MINUTE, 9 * DAY])
async def test_all_calls_are_listed_each_once_and_in_order(past: Past, every: timedelta) -> None:
    life = Life(past, 43, every)
    await life.write()
    parts = await life.read(10)
    assert [len(part) for part in parts] == [10, 10, 10, 10, 3]
    assert list(chain(*parts)) == life.ids
    assert await life.read_all(4, missed=True) == life.missed


async def test_calls_of_one_moment_are_not_lost_between_two_parts(past: Past) -> None:
    life = Life(past, 9, timedelta(0))
    await life.write()
    assert await life.read_all(2) == sorted(life.ids, reverse=True)


async def test_a_callback_that_rang_days_after_it_was_asked_for_is_missed_in_its_place(past: Past) -> None:
    life = Life(past, 12, DAY)
    late = ids.callback(f"late-{ids.uuid7()}")
    asked = life.rows[8]["arrived_at"] + MINUTE
    life.rows.append(record(late, asked, None, "abandoned"))
    life.changes += rings(life.user_id, late, asked + 6 * DAY, taken=False)
    await life.write()
    assert await life.read_all(3) == [*life.ids[:8], late, *life.ids[8:]]


async def test_rare_misses_are_found_among_many_calls(past: Past) -> None:
    """Parts may be short: more rings are not looked through at once. None is skipped."""
    life = Life(past, 6000, 3 * MINUTE, one_missed_in=1500)
    await life.write()
    parts = await life.read(10, missed=True)
    assert len(parts) > 1
    assert list(chain(*parts)) == life.missed
    async with past.floor.database.read() as session:
        assert await recent_calls.count(session, CallFilter(life.user_id), 200) == 200
        assert await recent_calls.count(session, CallFilter(life.user_id, missed=True), 200) is None


@pytest.fixture
async def busy(past: Past) -> Life:
    """An agent of whom much is known: 8,000 calls in a year."""
    life = Life(past, 8000, 65 * MINUTE)
    await life.write()
    async with past.floor.database.write() as session:
        for table in ("cdrs", "agent_changes", "participants"):
            await session.execute(text(f"ANALYZE {table}"))
    return life


async def explained(database: Database, statement: Any, values: dict[str, Any]) -> str:
    """How a statement was run, and how many rows it has read where."""

    def explain(*told: Any) -> tuple[str, Any]:
        return f"EXPLAIN (ANALYZE, COSTS OFF) {told[2]}", told[3]

    async with database.read() as session:
        connection = (await session.connection()).sync_connection
        event.listen(connection, "before_cursor_execute", explain, retval=True)
        return "\n".join(await session.scalars(statement, values))


@pytest.mark.parametrize("age", [timedelta(0), 100 * DAY])
async def test_a_part_reads_some_of_the_past_and_never_all_of_it(busy: Life, age: timedelta) -> None:
    until = now() + DAY - age
    values = {"user_id": busy.user_id, "since": until - timedelta(days=31), "until": until, "last": "", "limit": 51}
    plan = await explained(busy.past.floor.database, own_past.MINE, values)
    reads = [line for line in plan.splitlines() if "Scan" in line and "CTE Scan" not in line and "Heap" not in line]
    rows = sum(float(n) * float(loops) for line in reads for n, loops in re.findall(r"rows=(\S+) loops=(\d+)", line))
    # 31 days are 700 calls, with two changes each, and callbacks are looked for among the rings of three months; all
    # are 8,000 calls with 16,000 changes.
    assert rows < 8000, plan


async def test_parts_of_the_list_are_asked_for_by_their_marks(past: Past, floor: Floor, address: str) -> None:
    life = Life(past, 7, 5 * MINUTE)
    await life.write()
    async with Browser(address, await floor.token(past.user)) as browser:
        first = (await browser.get(f"{CALLS}?limit=5&counted=1")).json
        second = (await browser.get(f"{CALLS}?limit=5&before={first['next']}")).json
        assert (await browser.get(f"{CALLS}?before=nonsense")).status == 400
        assert (await browser.get(f"{CALLS}?days=0")).status == 422
    assert [call["call_id"] for call in first["items"] + second["items"]] == life.ids
    assert (first["count"], second["count"], second["next"]) == (7, None, None)


async def test_only_calls_of_the_last_days(past: Past, floor: Floor, address: str) -> None:
    life = Life(past, 10, 2 * DAY)
    await life.write()
    async with Browser(address, await floor.token(past.user)) as browser:
        told = (await browser.get(f"{CALLS}?days=7&counted=1")).json
    days = {row["call_id"] for row in life.rows if row["arrived_at"] >= _midnight() - 6 * DAY}
    assert {call["call_id"] for call in told["items"]} == days
    assert (told["count"], told["next"]) == (len(days), None)


def _midnight() -> datetime:
    return datetime.combine(now().date(), datetime.min.time(), UTC)
