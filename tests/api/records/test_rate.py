"""The figures of the rings: what counts, whose it is, and in which month and day."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from fastapi import FastAPI
from sqlalchemy import delete, insert

from db.accounts.accounts import NewAccount
from db.calls import calls, cdrs
from db.core.clock import now
from db.models import AgentChange, Cdr
from db.records import rates
from db.records.rates import Rate, Rates
from db.routing.claims import CLAIM_LASTS
from domain.agents.agent import AgentState
from domain.calls import ids
from domain.calls.call import CallType, Disposition, Party
from domain.records.periods import periods_at
from tests.api.browser import Browser
from tests.api.floor import Floor

RATE = "/api/v1/agent/rate"
TUESDAY_NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
NOTHING = Rate(0, 0)
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Past:
    """An agent's calls of long ago, written as the database would have."""

    floor: Floor
    user: NewAccount

    async def record(
        self,
        at: datetime,
        disposition: Disposition = Disposition.ANSWERED,
        kind: CallType = CallType.INBOUND,
        *,
        call_id: str | None = None,
        answered_at: datetime | None = None,
        user: NewAccount | None = None,
        queued: bool = True,
    ) -> None:
        """A call's record."""
        agent = user or self.user
        values = {
            "call_id": call_id or f"rate-{ids.uuid7()}",
            "type": kind,
            "disposition": disposition,
            "customer_number": "+12025550147",
            "customer_name": "Cleo",
            "our_number": "5000",
            "user_id": agent.user_id,
            "agent_name": agent.name,
            "arrived_at": at,
            "queued_at": at if queued else None,
            "answered_at": answered_at,
            "ended_at": at + timedelta(seconds=25),
            "wait_seconds": 0,
            "talk_seconds": 0,
            "ended_by": "customer",
            "cause": 16,
        }
        async with self.floor.database.write() as session:
            await session.execute(insert(Cdr).values(**values))

    async def ring(self, at: datetime, call_id: str, after: AgentState, seconds: float = 20) -> None:
        """A call rang the agent, who was something else then."""
        changes = [(AgentState.OFFERED, at), (after, at + timedelta(seconds=seconds))]
        async with self.floor.database.write() as session:
            for state, moment in changes:
                mine = call_id if state in {AgentState.OFFERED, AgentState.ON_CALL} else None
                await session.execute(
                    insert(AgentChange).values(user_id=self.user.user_id, state=state, call_id=mine, at=moment)
                )

    async def rates(self, moment: datetime = TUESDAY_NOON, zone: str = "UTC") -> Rates:
        async with self.floor.database.read() as session:
            return await rates.of_agent(session, self.user.user_id, periods_at(moment, ZoneInfo(zone)))


@pytest.fixture
async def past(floor: Floor) -> Past:
    user = await floor.add_user()
    async with floor.database.write() as session:
        # The one that says that the agent was made, just now.
        await session.execute(delete(AgentChange).where(AgentChange.user_id == user.user_id))
    return Past(floor, user)


async def test_an_agent_without_calls_has_none(past: Past) -> None:
    assert await past.rates() == Rates(NOTHING, NOTHING)


@pytest.mark.parametrize(
    ("at", "month"),
    [
        (datetime(2026, 11, 1, tzinfo=UTC), 1),
        (datetime(2026, 11, 1, tzinfo=UTC) - SECOND, 0),
        (TUESDAY_NOON, 1),
    ],
)
async def test_the_month_begins_at_midnight_of_the_first(past: Past, at: datetime, month: int) -> None:
    await past.record(at)
    await past.ring(at, "none", AgentState.IDLE)
    assert (await past.rates()).month == Rate(month, month)


@pytest.mark.parametrize(
    ("at", "yesterday"),
    [
        (datetime(2026, 11, 23, tzinfo=UTC) - SECOND, 0),
        (datetime(2026, 11, 23, tzinfo=UTC), 1),
        (datetime(2026, 11, 24, tzinfo=UTC) - SECOND, 1),
        (datetime(2026, 11, 24, tzinfo=UTC), 0),
    ],
)
async def test_yesterday_lies_between_two_midnights(past: Past, at: datetime, yesterday: int) -> None:
    await past.record(at)
    await past.ring(at, "none", AgentState.IDLE)
    assert await past.rates() == Rates(Rate(1, 1), Rate(yesterday, yesterday))


async def test_midnight_is_that_of_the_centres_time_zone(past: Past) -> None:
    await past.record(datetime(2026, 11, 22, 15, 30, tzinfo=UTC))
    assert (await past.rates(zone="UTC")).yesterday == NOTHING
    assert (await past.rates(zone="Asia/Tokyo")).yesterday == Rate(1, 0)
    await past.record(datetime(2026, 11, 23, 15, 30, tzinfo=UTC))
    assert (await past.rates(zone="UTC")).yesterday == Rate(1, 0)
    assert (await past.rates(zone="Asia/Tokyo")).yesterday == Rate(1, 0)
    assert (await past.rates(zone="America/New_York")).yesterday == Rate(1, 0)


async def test_the_month_is_that_of_the_centres_time_zone(past: Past) -> None:
    await past.record(datetime(2026, 10, 31, 20, tzinfo=UTC))
    assert (await past.rates(zone="UTC")).month == NOTHING
    assert (await past.rates(zone="Asia/Tokyo")).month == Rate(1, 0)


async def test_on_the_first_yesterday_is_of_the_month_before(past: Past) -> None:
    first = datetime(2026, 11, 1, 12, tzinfo=UTC)
    await past.record(first - timedelta(days=1))
    await past.ring(first - timedelta(days=1), "none", AgentState.IDLE)
    assert await past.rates(first) == Rates(NOTHING, Rate(1, 1))


async def test_a_day_on_which_the_clocks_change_is_whole(past: Past) -> None:
    """In Berlin 25 October 2026 has 25 hours, from 22:00 to 23:00 UTC."""
    monday = datetime(2026, 10, 26, 12, tzinfo=UTC)
    for at in (datetime(2026, 10, 24, 22, tzinfo=UTC), datetime(2026, 10, 25, 22, 59, tzinfo=UTC)):
        await past.record(at)
    await past.record(datetime(2026, 10, 24, 21, 59, tzinfo=UTC))
    await past.record(datetime(2026, 10, 25, 23, tzinfo=UTC))
    assert (await past.rates(monday, "Europe/Berlin")).yesterday == Rate(2, 0)


async def test_calls_of_others_are_not_mine(past: Past, floor: Floor) -> None:
    other = Past(floor, await floor.add_user())
    await other.record(TUESDAY_NOON)
    await other.record(TUESDAY_NOON, Disposition.BUSY, CallType.MANUAL)
    await other.ring(TUESDAY_NOON, "none", AgentState.IDLE)
    assert await past.rates() == Rates(NOTHING, NOTHING)


@pytest.mark.parametrize(
    ("disposition", "kind", "expected"),
    [
        (Disposition.ANSWERED, CallType.INBOUND, Rate(1, 0)),
        (Disposition.ANSWERED, CallType.MANUAL, Rate(1, 0)),
        (Disposition.ANSWERED, CallType.AUTO, Rate(1, 0)),
        (Disposition.UNANSWERED, CallType.MANUAL, Rate(0, 1)),
        (Disposition.BUSY, CallType.MANUAL, Rate(0, 1)),
        (Disposition.UNANSWERED, CallType.AUTO, Rate(0, 1)),
        (Disposition.FAILED, CallType.MANUAL, NOTHING),
        (Disposition.ABANDONED, CallType.INBOUND, NOTHING),
    ],
)
async def test_a_record_counts_by_how_the_call_ended(
    past: Past, disposition: Disposition, kind: CallType, expected: Rate
) -> None:
    await past.record(TUESDAY_NOON, disposition, kind)
    assert (await past.rates()).month == expected


async def test_a_call_that_the_agent_took_in_the_end_is_answered_only(past: Past) -> None:
    for minute, after in enumerate((AgentState.IDLE, AgentState.ON_CALL)):
        await past.ring(TUESDAY_NOON + timedelta(minutes=minute), f"taken {past.user.user_id}", after)
    await past.record(TUESDAY_NOON, call_id=f"taken {past.user.user_id}")
    assert (await past.rates()).month == Rate(1, 0)


async def test_a_call_that_rang_twice_in_vain_is_one(past: Past) -> None:
    for minute in range(2):
        await past.ring(TUESDAY_NOON + timedelta(minutes=minute), "twice", AgentState.IDLE)
    assert (await past.rates()).month == Rate(0, 1)


@pytest.mark.parametrize(
    ("answered_after", "missed"),
    [(timedelta(seconds=20), 0), (timedelta(seconds=40), 1), (timedelta(seconds=-30), 0)],
    ids=["a colleague was quicker", "a colleague was rung later", "a consultation"],
)
async def test_a_call_counts_as_missed_while_nobody_had_answered_it(
    past: Past, floor: Floor, answered_after: timedelta, missed: int
) -> None:
    call_id = f"shared {past.user.user_id}"
    await past.ring(TUESDAY_NOON, call_id, AgentState.IDLE)
    answered_at = TUESDAY_NOON + answered_after
    await past.record(TUESDAY_NOON, call_id=call_id, answered_at=answered_at, user=await floor.add_user())
    await past.ring(TUESDAY_NOON + timedelta(hours=1), "later", AgentState.ON_CALL)
    assert (await past.rates()).month == Rate(0, missed)


async def test_of_two_phones_that_ring_the_slower_has_missed_nothing_and_who_lets_it_ring_has(floor: Floor) -> None:
    users = [await floor.add_user() for _ in range(3)]
    quick, _, away = users
    queue = await floor.add_queue(*users)
    call_id = await floor.add_waiting_call(queue)
    await floor.ring(call_id, *users)
    async with floor.database.write() as session:
        await calls.missed(session, call_id, [away.user_id], queue.queue_id, now(), no_answer=True, limit=None)
    async with floor.database.write() as session:
        await calls.connect(session, call_id, quick.user_id, now(), recorded=False, others=True)
    async with floor.database.write() as session:
        ending = cdrs.Ending(call_id, Disposition.ANSWERED, Party.AGENT, 16, now())
        await cdrs.end(session, ending, timedelta(0))
    async with floor.database.read() as session:
        found = [
            (await rates.of_agent(session, user.user_id, periods_at(now(), ZoneInfo("UTC")))).month for user in users
        ]
    assert found == [Rate(1, 0), NOTHING, Rate(0, 1)]


async def test_a_call_by_hand_counts_once_and_only_when_the_customer_was_called(past: Past) -> None:
    call_id = f"by hand {past.user.user_id}"
    await past.ring(TUESDAY_NOON, call_id, AgentState.IDLE)
    await past.record(TUESDAY_NOON, Disposition.UNANSWERED, CallType.MANUAL, call_id=call_id, queued=False)
    assert (await past.rates()).month == NOTHING
    called = f"called {past.user.user_id}"
    await past.ring(TUESDAY_NOON + timedelta(minutes=1), called, AgentState.ON_CALL)
    await past.record(TUESDAY_NOON, Disposition.UNANSWERED, CallType.MANUAL, call_id=called)
    assert (await past.rates()).month == Rate(0, 1)


async def test_a_claim_that_ran_out_rang_nobody(past: Past) -> None:
    await past.ring(TUESDAY_NOON, "none", AgentState.IDLE, CLAIM_LASTS.total_seconds())
    assert (await past.rates()).month == NOTHING


async def test_what_rings_now_is_not_missed_yet(past: Past, floor: Floor) -> None:
    async with floor.database.write() as session:
        values = {"user_id": past.user.user_id, "state": AgentState.OFFERED, "call_id": "now", "at": TUESDAY_NOON}
        await session.execute(insert(AgentChange).values(**values))
    assert (await past.rates()).month == NOTHING


@pytest.fixture
async def in_kiritimati(app: FastAPI) -> AsyncIterator[None]:
    """For as long as the test, the centre is where a day begins first."""
    before = app.state.portal
    app.state.portal = replace(before, config=replace(before.config, time_zone="Pacific/Kiritimati"))
    yield
    app.state.portal = before


async def test_the_page_gets_the_figures_of_its_time_zone(
    past: Past, floor: Floor, address: str, in_kiritimati: None
) -> None:
    here = periods_at(now(), ZoneInfo("Pacific/Kiritimati"))
    await past.record(here.today_begins - SECOND)
    await past.record(here.today_begins)
    async with Browser(address, await floor.token(past.user)) as browser:
        told = (await browser.get(RATE)).json
    assert told["yesterday"] == {"answered": 1, "not_answered": 0}
    # On the first of a month only one of them is of this month.
    assert told["month"]["answered"] == 1 + (here.month_begins <= here.yesterday_begins)
    assert told["time_zone"] == "Pacific/Kiritimati"
    assert datetime.fromisoformat(told["until"]) == here.today_ends
