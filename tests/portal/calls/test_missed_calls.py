"""Nobody is missed without a trace: the agent's own misses, and whom no queue served."""

from datetime import timedelta

import pytest
from playwright.async_api import expect
from sqlalchemy import delete, insert, select

from db.accounts.accounts import NewAccount
from db.calls import cdrs
from db.core.clock import now
from db.core.notices import Notice, publish
from db.models import AgentChange, Call, Cdr, Participant
from domain.agents.agent import AgentState, Role
from domain.calls import ids
from domain.calls.call import CallRole, CallStage, CallType, Disposition, Party
from domain.events.notice import NoticeKind
from tests.portal.desk import Desk
from tests.support.centre import Centre


async def _given_up(centre: Centre, name: str, exit_by: str | None = None) -> str:
    """The record of a caller whom nobody answered."""
    call_id, at = f"missed-{ids.uuid7()}", now()
    values = {
        "call_id": call_id,
        "type": CallType.INBOUND,
        "disposition": Disposition.UNANSWERED if exit_by else Disposition.ABANDONED,
        "customer_number": "+12025550147",
        "customer_name": name,
        "our_number": "5000",
        "arrived_at": at,
        "ended_at": at,
        "wait_seconds": 12,
        "talk_seconds": 0,
        "ended_by": "customer",
        "cause": 16,
        "exit": exit_by,
        "completed_at": at,
    }
    async with centre.database.write() as session:
        await session.execute(insert(Cdr).values(**values))
    return call_id


async def _rang_in_vain(centre: Centre, agent: NewAccount, caller: str) -> str:
    """A call that rang at an agent until the caller gave up."""
    call_id = await _given_up(centre, caller)
    async with centre.database.write() as session:
        for state, at in ((AgentState.OFFERED, now() - timedelta(seconds=15)), (AgentState.IDLE, now())):
            mine = call_id if state is AgentState.OFFERED else None
            changed = {"user_id": agent.user_id, "state": state, "call_id": mine, "at": at}
            await session.execute(insert(AgentChange).values(**changed))
    return call_id


async def test_a_caller_who_rang_in_vain_can_be_called_back(centre: Centre, agent: NewAccount, desk: Desk) -> None:
    call_id = await _rang_in_vain(centre, agent, "Grace")
    await desk.log_in(agent)
    row = desk.page.locator(f'[data-call="{call_id}"]')
    await expect(row).to_contain_text("Missed")
    await expect(row).to_contain_text("Caller gave up")
    # Nobody talked: what took its time is the wait.
    await expect(row).to_contain_text("waited 00:12")
    await expect(desk.part("recent-unserved")).to_be_hidden()


@pytest.mark.parametrize("width", [1440, 1280])
async def test_a_long_name_leaves_the_button_that_calls_back_in_sight(
    centre: Centre, agent: NewAccount, desk: Desk, width: int
) -> None:
    call_id = await _rang_in_vain(centre, agent, "Maximiliane Oberhuber-Schlüter von Rosenau")
    await desk.page.set_viewport_size({"width": width, "height": 900})
    await desk.log_in(agent)
    await expect(desk.page.locator(f'[data-call="{call_id}"]')).to_contain_text("waited 00:12")
    card = desk.page.locator("section", has=desk.part("recent-calls")).last
    assert await card.evaluate("card => card.scrollWidth - card.clientWidth") == 0


async def test_a_supervisor_sees_whom_no_queue_served(centre: Centre, desk: Desk) -> None:
    boss = await centre.add_agent(role=Role.SUPERVISOR)
    gone, full = await _given_up(centre, "Grace"), await _given_up(centre, "Ada", "full")
    await desk.log_in(boss)
    await desk.part("recent-unserved").click()
    await expect(desk.page.locator(f'[data-call="{gone}"]')).to_contain_text("Abandoned")
    await expect(desk.page.locator(f'[data-call="{full}"]')).to_contain_text("Line was full")
    await desk.part("recent-unserved").click()
    await expect(desk.page.locator(f'[data-call="{gone}"]')).to_have_count(0)


async def test_who_leaves_by_a_way_out_is_counted_meanwhile_and_listed_at_once(centre: Centre, desk: Desk) -> None:
    boss = await centre.add_agent(role=Role.SUPERVISOR)
    number = await centre.add_queue([])
    await desk.log_in(boss)
    await desk.part("recent-unserved").click()
    await expect(desk.part("waiting-total")).to_contain_text("No one is waiting")
    call_id = f"leaving-{ids.uuid7()}"
    async with centre.database.write() as session:
        queue_id = await centre.queue_id(session, number)
        facts = {"node": "n1", "type": CallType.INBOUND, "customer_number": "+12025550147", "customer_name": "Hedy"}
        leaving = {"id": call_id, "stage": CallStage.LEAVING, "queue_id": queue_id, "arrived_at": now()}
        await session.execute(insert(Call).values(**facts, **leaving, our_number=number))
        publish(session, Notice(NoticeKind.CALL_LEFT, None, queue_id, {"call_id": call_id}))
    await expect(desk.part("waiting-total")).to_contain_text("1 not served")
    record = cdrs.Ending(
        call_id, Disposition.UNANSWERED, Party.CUSTOMER, cause=16, ended_at=now(), exit="voicemail", failure=None
    )
    async with centre.database.write() as session:
        await cdrs.end(session, record, timedelta(0))
    await expect(desk.page.locator(f'[data-call="{call_id}"]')).to_contain_text("Left a message")
    await expect(desk.part("waiting-total")).to_contain_text("No one is waiting")
    async with centre.database.write() as session:
        await session.execute(delete(Call).where(Call.id == call_id))


async def test_nobody_calls_back_whom_a_colleague_calls_back_just_now(
    centre: Centre, agent: NewAccount, desk: Desk
) -> None:
    colleague = await centre.add_agent()
    missed, dialled = await _rang_in_vain(centre, agent, "Grace"), f"back-{ids.uuid7()}"
    await desk.log_in(agent)
    row = desk.page.locator(f'[data-call="{missed}"]')
    await expect(row).to_contain_text("Caller gave up")
    async with centre.database.write() as session:
        facts = {"node": "n1", "type": CallType.MANUAL, "customer_number": "+12025550147", "customer_name": "Grace"}
        goes_on = {"id": dialled, "stage": CallStage.DIALLING, "arrived_at": now()}
        await session.execute(insert(Call).values(**facts, **goes_on, our_number="5000"))
        agents = {"call_id": dialled, "role": CallRole.AGENT, "user_id": colleague.user_id}
        session.add(Participant(**agents, arrived_at=now(), since=now()))
    try:
        await row.get_by_test_id("call-back").click()
        await expect(row).to_contain_text("Being called")
        await expect(desk.page.get_by_text(f"{colleague.name} is calling back now. Press again")).to_be_visible()
        async with centre.database.look() as session:
            mine = await session.scalar(select(Participant.call_id).where(Participant.user_id == agent.user_id))
        assert mine is None
        # The row says so by now: whoever presses again means it.
        await row.get_by_test_id("call-back").click()
        await expect(desk.part("call-bar")).to_contain_text("Grace")
    finally:
        async with centre.database.write() as session:
            await session.execute(delete(Call).where(Call.id == dialled))
            await session.execute(delete(Participant).where(Participant.call_id == dialled))
