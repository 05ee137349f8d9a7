"""Nobody is missed without a trace: what rang and was not taken, who gave up, who was refused; and the rate agrees."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, update

from db.calls import calls, cdrs
from db.core.clock import now
from db.models import Call, Cdr
from db.records import recent_calls
from db.records.recent_calls import CallFilter
from domain.agents.agent import AgentState, Role
from domain.calls import ids
from domain.calls.call import CallStage, CallType, Counted, Disposition, Involvement, Party
from domain.calls.failure import Failure
from tests.api.browser import Browser
from tests.api.floor import Floor, agent_in
from tests.api.records.test_rate import Past, past

__all__ = ["past"]

CALLS = "/api/v1/calls"
CLEO = {"display": "+1 202-555-0147", "handle": "number:+12025550147"}
SHORT, LONG = 3.0, 15.0


async def give_up(floor: Floor, call_id: str) -> None:
    async with floor.database.write() as session:
        ending = cdrs.Ending(call_id, Disposition.ABANDONED, Party.CUSTOMER, 16, now())
        await cdrs.end(session, ending, timedelta(0))
        await cdrs.complete(session, call_id, now())


async def test_who_rang_and_whose_caller_gave_up_can_call_back(floor: Floor, address: str) -> None:
    user, colleague = await floor.add_user(), await floor.add_user()
    queue = await floor.add_queue(user)
    call_id = await floor.add_waiting_call(queue)
    await floor.ring(call_id, user)
    await give_up(floor, call_id)
    async with Browser(address, await floor.token(user)) as browser:
        [told] = (await browser.get(CALLS)).json["items"]
        [missed] = (await browser.get(f"{CALLS}?missed=true")).json["items"]
    assert (told["part"], told["disposition"], told["customer"]) == ("missed", "abandoned", CLEO)
    assert missed == told
    async with Browser(address, await floor.token(colleague)) as browser:
        assert (await browser.get(CALLS)).json["items"] == []


async def test_a_call_that_a_colleague_took_in_the_end_is_missed_and_answered(floor: Floor) -> None:
    user, colleague = await floor.add_user(), await floor.add_user()
    queue = await floor.add_queue(user, colleague)
    call_id = await floor.add_waiting_call(queue)
    await floor.ring(call_id, user)
    async with floor.database.write() as session:
        await calls.missed(session, call_id, [user.user_id], queue.queue_id, now(), no_answer=True, limit=None)
    [going_on] = await listed(floor, user)
    assert (going_on.part, going_on.counted) == (Involvement.MISSED, Counted.NOT_ANSWERED)
    await floor.ring(call_id, colleague)
    async with floor.database.write() as session:
        await calls.connect(session, call_id, colleague.user_id, now(), recorded=False)
    async with floor.database.write() as session:
        await cdrs.end(session, cdrs.Ending(call_id, Disposition.ANSWERED, Party.AGENT, 16, now()), timedelta(0))
        await cdrs.complete(session, call_id, now())
    [missed] = await listed(floor, user)
    assert (missed.part, missed.counted, missed.disposition) == (Involvement.MISSED, Counted.NOT_ANSWERED, "answered")
    assert await listed(floor, user, missed=True) == [missed]
    [taken] = await listed(floor, colleague)
    assert (taken.part, taken.counted) == (Involvement.OWN, Counted.ANSWERED)
    assert await listed(floor, colleague, missed=True) == []


async def listed(floor: Floor, user: Any, *, missed: bool = False) -> Any:
    async with floor.database.read() as session:
        return (await recent_calls.listing(session, CallFilter(user.user_id, missed), 100)).items


async def test_supervisors_see_whom_nobody_served(floor: Floor, address: str) -> None:
    boss = await floor.add_user(role=Role.SUPERVISOR)
    prefix = f"unserved-{ids.uuid7()}"
    outcomes = [
        (Disposition.ABANDONED, CallType.INBOUND, None),
        (Disposition.UNANSWERED, CallType.INBOUND, "full"),
        (Disposition.FAILED, CallType.INBOUND, None),
        (Disposition.ANSWERED, CallType.INBOUND, None),
        (Disposition.UNANSWERED, CallType.MANUAL, None),
    ]
    async with floor.database.write() as session:
        for number, (disposition, kind, left_by) in enumerate(outcomes):
            values = {
                "call_id": f"{prefix}-{number}",
                "type": kind,
                "disposition": disposition,
                "customer_number": "+12025550147",
                "customer_name": "Cleo",
                "our_number": "5000",
                "arrived_at": now(),
                "ended_at": now(),
                "wait_seconds": 3,
                "talk_seconds": 0,
                "ended_by": "system",
                "cause": 42,
                "exit": left_by,
            }
            await session.execute(insert(Cdr).values(**values))
    async with Browser(address, await floor.token(boss)) as browser:
        told = (await browser.get(f"{CALLS}?mine=false&missed=true&limit=100")).json["items"]
    mine = [one for one in told if one["call_id"].startswith(prefix)]
    assert {(one["disposition"], one["exit"]) for one in mine} == {
        ("abandoned", None),
        ("unanswered", "full"),
        ("failed", None),
    }
    assert all((one["customer"], one["waited"]) == (CLEO, 3.0) for one in mine)


@pytest.mark.parametrize(("seconds", "not_answered"), [(SHORT, 0), (LONG, 1)])
async def test_a_caller_who_gives_up_at_once_is_not_the_agents_fault(
    past: Past, floor: Floor, seconds: float, not_answered: int
) -> None:
    at = now() - timedelta(minutes=1)
    call_id = f"given up {past.user.user_id}"
    await past.record(at, Disposition.ABANDONED, call_id=call_id, user=await floor.add_user())
    await end_at(floor, call_id, at, seconds)
    await past.ring(at, call_id, AgentState.IDLE, seconds)
    assert (await past.rates(now())).month.not_answered == not_answered
    [told] = await listed(floor, past.user)
    assert told.part is Involvement.MISSED


@pytest.mark.parametrize(
    ("ended_by", "seconds", "not_answered"), [("agent", 1, 0), ("agent", 20, 1), ("customer", 1, 1)]
)
async def test_an_own_call_that_was_given_up_at_once_is_nobodys_fault(
    past: Past, floor: Floor, ended_by: str, seconds: float, not_answered: int
) -> None:
    at = now() - timedelta(minutes=1)
    call_id = f"dialled {past.user.user_id}"
    await past.record(at, Disposition.UNANSWERED, CallType.MANUAL, call_id=call_id)
    await end_at(floor, call_id, at, seconds, ended_by)
    assert (await past.rates(now())).month.not_answered == not_answered


async def end_at(floor: Floor, call_id: str, at: Any, seconds: float, ended_by: str = "customer") -> None:
    async with floor.database.write() as session:
        ended = {"ended_at": at + timedelta(seconds=seconds), "ended_by": ended_by, "user_id": None}
        if call_id.startswith("dialled"):
            del ended["user_id"]
        await session.execute(update(Cdr).where(Cdr.call_id == call_id).values(**ended))


async def test_the_list_and_the_rate_count_the_same(past: Past, floor: Floor) -> None:
    at, mine = now() - timedelta(minutes=1), past.user.user_id
    await past.record(at)
    await past.record(at, Disposition.BUSY, CallType.MANUAL)
    await past.record(at, Disposition.UNANSWERED, CallType.AUTO)
    await past.record(at, Disposition.FAILED, CallType.MANUAL)
    for number, seconds in enumerate((SHORT, LONG)):
        # One after the other: what rings next would end the ring before.
        call_id, rang = f"agreed {number} {mine}", at + timedelta(seconds=20 * number)
        await past.record(rang, Disposition.ABANDONED, call_id=call_id)
        await end_at(floor, call_id, rang, seconds)
        await past.ring(rang, call_id, AgentState.IDLE, seconds)
    rate = (await past.rates(now())).month
    assert rate.not_answered == 3
    counted = Counter(call.counted for call in await listed(floor, past.user))
    assert (counted[Counted.ANSWERED], counted[Counted.NOT_ANSWERED]) == (rate.answered, rate.not_answered)


async def test_the_list_says_why_an_own_call_failed(past: Past, floor: Floor) -> None:
    call_id = f"failed {past.user.user_id}"
    await past.record(now(), Disposition.FAILED, CallType.MANUAL, call_id=call_id)
    async with floor.database.write() as session:
        await session.execute(update(Cdr).where(Cdr.call_id == call_id).values(failure=Failure.WRONG_NUMBER))
    [told] = await listed(floor, past.user)
    assert (told.failure, told.counted) == (Failure.WRONG_NUMBER, None)


async def test_a_caller_whom_nobody_served_was_called_back_or_has_been_served_since(floor: Floor, address: str) -> None:
    user, colleague = await floor.add_user(), await floor.add_user()
    queue = await floor.add_queue(user)
    call_id = await floor.add_waiting_call(queue)
    await floor.ring(call_id, user)
    await give_up(floor, call_id)

    async def told(browser: Browser) -> Any:
        [missed] = (await browser.get(f"{CALLS}?missed=true")).json["items"]
        back = missed["called_back"]
        return back and (back["agent"], back["goes_on"], back["direction"])

    def later(kind: CallType, disposition: Disposition) -> dict[str, Any]:
        return {
            "call_id": ids.uuid7().hex,
            "type": kind,
            "disposition": disposition,
            "customer_number": "+12025550147",
            "customer_name": "",
            "our_number": "",
            "agent_name": colleague.name,
            "arrived_at": now(),
            "ended_at": now(),
            "wait_seconds": 0,
            "talk_seconds": 0,
            "ended_by": "customer",
            "cause": 16,
        }

    async with Browser(address, await floor.token(user)) as browser:
        assert await told(browser) is None
        # Who calls again, and gives up again, was not served.
        for record in (
            later(CallType.INBOUND, Disposition.ABANDONED),
            later(CallType.MANUAL, Disposition.ANSWERED) | {"customer_number": "+12025550199"},
        ):
            async with floor.database.write() as session:
                await session.execute(insert(Cdr).values(**record))
            assert await told(browser) is None
        moment = now()
        dialled = {"id": ids.uuid7().hex, "node": "n1", "type": CallType.MANUAL, "stage": CallStage.DIALLING}
        facts = {"customer_number": "+12025550147", "customer_name": "", "our_number": ""}
        async with floor.database.write() as session:
            await session.execute(insert(Call).values(**dialled, **facts, arrived_at=moment))
            session.add(agent_in(dialled["id"], colleague.user_id, now()))
        assert await told(browser) == (colleague.name, True, "outbound")
        async with floor.database.write() as session:
            record = later(CallType.MANUAL, Disposition.UNANSWERED) | {"call_id": dialled["id"], "arrived_at": moment}
            await session.execute(insert(Cdr).values(**record))
        assert await told(browser) == (colleague.name, False, "outbound")
        async with floor.database.write() as session:
            await session.execute(insert(Cdr).values(**later(CallType.INBOUND, Disposition.ANSWERED)))
        assert await told(browser) == (colleague.name, False, "inbound")
