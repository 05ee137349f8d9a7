"""Who talked on a call and left it to others has had it: in the list of own calls, and in the rate."""

from uuid import UUID
from zoneinfo import ZoneInfo

from db.accounts.accounts import NewAccount
from db.core.clock import now
from db.queues import wrap_up_codes
from db.records import call_parts, rates, recent_calls
from db.records.past_calls import PastCall
from db.records.recent_calls import CallFilter
from domain.calls.call import Involvement, Purpose
from domain.records.periods import periods_at
from tests.calls.talk import Talk
from workflows.calls.workflow import CallWorkflow


async def had(talk: Talk, who: NewAccount) -> list[PastCall]:
    async with talk.centre.database.read() as session:
        found = (await recent_calls.listing(session, CallFilter(who.user_id), 10)).items
    assert {call.call_id for call in found} <= {talk.call_id}
    return list(found)


async def queue_of(talk: Talk) -> UUID:
    async with talk.centre.database.read() as session:
        return await talk.centre.queue_id(session, talk.number)


async def answered(talk: Talk, who: NewAccount) -> int:
    async with talk.centre.database.read() as session:
        return (await rates.of_agent(session, who.user_id, periods_at(now(), ZoneInfo("UTC")))).month.answered


async def test_who_passes_a_call_on_has_answered_it(talk: Talk) -> None:
    await talk.consult()
    await talk.calls.ask(CallWorkflow.hand_over, talk.call_id, talk.by_agent)
    await talk.talk("c", "2")
    await talk.with_agent.wait_for_end()
    # While it still goes on, it is over for the one and not yet for the other.
    [passed_on] = await had(talk, talk.agent)
    assert (passed_on.part, passed_on.disposition, passed_on.queue) == (
        Involvement.PASSED_ON,
        "answered",
        f"Queue {talk.number}",
    )
    assert await had(talk, talk.boss) == []
    async with talk.centre.database.write() as session:
        await wrap_up_codes.add(
            session, wrap_up_codes.NewCode("Needs billing", None, await queue_of(talk)), None, now()
        )
        await call_parts.put_code(session, talk.call_id, talk.agent.user_id, "needs billing")
    await talk.customer.hang_up()
    await talk.over("customer", talk.boss)
    [still] = await had(talk, talk.agent)
    [own] = await had(talk, talk.boss)
    assert (still.part, still.duration) == (Involvement.PASSED_ON, passed_on.duration)
    assert (still.wrap_up_code, own.wrap_up_code) == ("Needs billing", None)
    assert own.part is Involvement.OWN
    # Each of them is shown the own talk: the boss was not there from the start.
    whole = (await talk.centre.cdr_of(talk.call_id)).talk_seconds
    assert 0 < passed_on.duration < whole
    assert 0 < own.duration < whole
    assert (await answered(talk, talk.agent), await answered(talk, talk.boss)) == (1, 1)


async def test_who_was_only_asked_was_brought_in_and_has_answered_nothing(talk: Talk) -> None:
    await talk.consult()
    await talk.calls.ask(CallWorkflow.cancel, talk.call_id, talk.by_agent)
    await talk.talk("c", "1")
    [asked] = await had(talk, talk.boss)
    assert asked.part is Involvement.BROUGHT_IN
    assert await had(talk, talk.agent) == []
    await talk.customer.hang_up()
    await talk.over("customer", talk.agent)
    [own] = await had(talk, talk.agent)
    assert own.part is Involvement.OWN
    assert (await answered(talk, talk.agent), await answered(talk, talk.boss)) == (1, 0)


async def test_who_is_in_the_conference_at_its_end_was_brought_in(talk: Talk) -> None:
    await talk.consult()
    await talk.calls.ask(CallWorkflow.conference, talk.call_id, talk.by_agent)
    await talk.talk("c", "1", "2")
    await talk.customer.hang_up()
    await talk.over("customer", talk.agent)
    assert [call.part for call in await had(talk, talk.boss)] == [Involvement.BROUGHT_IN]
    assert [call.part for call in await had(talk, talk.agent)] == [Involvement.OWN]


async def test_who_let_a_transfer_ring_had_no_part(talk: Talk) -> None:
    asked = await talk.reach(Purpose.TRANSFER)
    await asked.decline()
    await talk.talk("c", "1")
    await talk.customer.hang_up()
    await talk.over("customer", talk.agent)
    assert await had(talk, talk.boss) == []
