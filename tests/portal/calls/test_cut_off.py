"""Goal X9: a page that is loaded anew, or whose process dies, loses no call."""

import pytest
from playwright.async_api import Browser, Dialog, expect
from sqlalchemy import select

from db.accounts.accounts import NewAccount
from db.models import Agent
from domain.agents.agent import ExtensionKind
from domain.calls.call import CallStage
from tests.phones.browser import open_page
from tests.portal.desk import Desk
from tests.support.centre import Centre

LONG = 60.0
"""Seconds for what waits until Asterisk hears nothing any more."""


async def connected(centre: Centre, desk: Desk, number: str) -> str:
    """The agent takes the call that rings. Returns its id."""
    await desk.stage("offered")
    await desk.part("answer").click()
    await desk.stage("connected")
    return (await centre.until_stage(number, CallStage.CONNECTED)).id


async def hears_agent_again(centre: Centre, call_id: str, seconds: float = 15.0) -> None:
    """Waits until the customer hears the agent on another leg than the first."""

    async def so() -> bool:
        together = await centre.in_bridge(call_id)
        return len(together) == 2 and call_id in together and f"{call_id}-a1" not in together

    await centre.until(so, seconds)


async def test_after_a_reload_the_call_is_back_by_itself(centre: Centre, agent: NewAccount, desk: Desk) -> None:
    number = await centre.add_queue([agent])
    await desk.ready(agent)
    async with centre.customer() as customer:
        call = await customer.dial(centre.uri(number))
        call_id = await connected(centre, desk, number)
        await desk.page.reload()
        await hears_agent_again(centre, call_id)
        await desk.stage("connected")
        assert not call.ended
        await call.hang_up()
        cdr = await centre.cdr_of(call_id)
    assert (cdr.disposition, cdr.user_id, cdr.ended_by) == ("answered", agent.user_id, "customer")


@pytest.mark.timeout(150)
async def test_a_customer_hears_music_when_the_browser_is_gone_and_the_agent_comes_back(
    centre: Centre, agent: NewAccount, desk: Desk, browser: Browser
) -> None:
    number = await centre.add_queue([agent])
    async with open_page(browser) as page, centre.customer() as customer:
        lost = Desk(page, desk.address)
        await lost.ready(agent)
        call = await customer.dial(centre.uri(number))
        call_id = await connected(centre, lost, number)
        # Nothing can be sent any more, not even a goodbye.
        await page.context.set_offline(True)
        await page.close(run_before_unload=False)
        await centre.until(lambda: centre.is_at(call_id, CallStage.RETURNING), LONG)
        assert not call.ended
        await desk.log_in(agent)
        await desk.stage("connected")
        await hears_agent_again(centre, call_id, LONG)
        await call.hang_up()
        await centre.cdr_of(call_id)


@pytest.mark.parametrize("stage", ["consulting", "conference"])
async def test_a_colleague_who_is_consulted_and_loads_the_page_anew_is_back_in_the_call(
    centre: Centre, agent: NewAccount, desk: Desk, browser: Browser, stage: str
) -> None:
    number = await centre.add_queue([agent])
    colleague = await centre.add_agent(ExtensionKind.WEB)
    await desk.ready(agent)
    async with open_page(browser) as page, centre.customer() as customer:
        other = Desk(page, desk.address)
        await other.ready(colleague)
        call = await customer.dial(centre.uri(number))
        call_id = await connected(centre, desk, number)
        await desk.consult(colleague)
        await other.stage("offered")
        await other.part("answer").click()
        await desk.stage("consulting")
        if stage == "conference":
            await desk.part("conference").click()
            await other.stage("conference")
        with_customer = {call_id} if stage == "conference" else set()
        joined = await _times(other)
        assert joined[1] is not None
        await other.page.reload()

        async def together() -> bool:
            members = await centre.in_bridge(call_id)
            guests = {leg for leg in members if leg not in {call_id, f"{call_id}-a1", f"{call_id}-a2"}}
            return len(guests) == 1 and members - guests == {*with_customer, f"{call_id}-a1"}

        await centre.until(together, LONG)
        await desk.stage(stage)
        await other.stage("connected" if stage == "consulting" else stage)
        # The talk goes on from when the colleague joined, and so does its clock.
        assert await _times(other) == joined
        assert not call.ended
        await call.hang_up()
        await centre.cdr_of(call_id)


async def _times(desk: Desk) -> list[str | None]:
    """When the agent of the desk was rung, and came in."""
    found: list[str | None] = await desk.page.evaluate(
        "fetch('/api/v1/desk').then(answer => answer.json()).then(({ call }) => [call.offered_at, call.answered_at])"
    )
    return found


async def test_a_colleague_who_loads_the_page_anew_while_a_consultation_rings_can_still_answer(
    centre: Centre, agent: NewAccount, desk: Desk, browser: Browser
) -> None:
    number = await centre.add_queue([agent])
    colleague = await centre.add_agent(ExtensionKind.WEB)
    await desk.ready(agent)
    async with open_page(browser) as page, centre.customer() as customer:
        other = Desk(page, desk.address)
        await other.ready(colleague)
        call = await customer.dial(centre.uri(number))
        await connected(centre, desk, number)
        await desk.consult(colleague)
        await other.stage("offered")
        await other.page.reload()
        await other.stage("offered")
        await other.part("answer").click()
        await desk.stage("consulting")
        await other.stage("connected")
        await call.hang_up()
        await centre.until_quiet(number)


async def test_a_page_that_is_loaded_anew_while_a_call_rings_is_rung_again_and_has_missed_nothing(
    centre: Centre, agent: NewAccount, desk: Desk
) -> None:
    number = await centre.add_queue([agent])
    await desk.ready(agent)
    async with centre.customer() as customer:
        call = await customer.dial(centre.uri(number))
        await desk.stage("offered")
        await desk.page.reload()
        await connected(centre, desk, number)
        async with centre.database.read() as session:
            assert await session.scalar(select(Agent.missed).where(Agent.user_id == agent.user_id)) == 0
        await call.hang_up()
        await centre.until_quiet(number)


async def test_a_page_asks_before_it_leaves_a_call_that_rings_outside_and_says_what_became_of_it(
    centre: Centre, agent: NewAccount, desk: Desk
) -> None:
    asked: list[str] = []

    async def accept(dialog: Dialog) -> None:
        asked.append(dialog.type)
        await dialog.accept()

    desk.page.on("dialog", accept)
    async with centre.customer() as customer:
        await centre.call_out_to(customer)
        await desk.ready(agent)
        await desk.dial("(202) 555-0147")
        called = await customer.next_call()
        await desk.stage("dialling")
        await desk.page.reload()
        assert asked == ["beforeunload"]
        await expect(desk.part("call-message")).to_contain_text("ended when the page was loaded anew")
        await called.wait_for_end()
        await desk.state("idle")


async def test_who_is_handed_a_call_reads_and_hears_what_has_happened_to_it(
    centre: Centre, agent: NewAccount, desk: Desk, browser: Browser
) -> None:
    number = await centre.add_queue([agent])
    colleague = await centre.add_agent(ExtensionKind.WEB)
    await desk.ready(agent)
    async with open_page(browser) as page, centre.customer() as customer:
        other = Desk(page, desk.address)
        await other.ready(colleague)
        call = await customer.dial(centre.uri(number), caller_name="Zoë Müller")
        await connected(centre, desk, number)
        await desk.consult(colleague)
        await other.stage("offered")
        await other.part("answer").click()
        await desk.stage("consulting")
        await expect(page.locator("[data-call-announcer]")).to_contain_text("in private")
        await desk.part("hand-over").click()
        await desk.stage("empty")
        await expect(other.part("this-call")).to_contain_text("Handed over to you")
        await expect(other.part("this-call")).to_contain_text("A colleague answered")
        await expect(other.part("this-call")).not_to_contain_text("You answered")
        await expect(page.locator("[data-call-announcer]")).to_have_text("Talking with Zoë Müller")
        await call.hang_up()
        await centre.until_quiet(number)
