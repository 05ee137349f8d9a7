import pytest
from playwright.async_api import expect

from db.accounts.accounts import NewAccount
from tests.phones.soft_phone import SoftPhone
from tests.portal.desk import Desk
from tests.portal.queue_rules import add_codes, set_rules
from tests.support.centre import Centre

LONG_WRAP_UP = 60


async def _talk(centre: Centre, desk: Desk, customer: SoftPhone, number: str) -> None:
    """A call that the agent takes and ends."""
    await customer.dial(centre.uri(number))
    await desk.stage("offered")
    await desk.part("answer").click()
    await desk.stage("connected")
    await desk.part("hang-up").click()
    await desk.stage("wrap_up")


@pytest.fixture
async def number(centre: Centre, agent: NewAccount) -> str:
    number = await centre.add_queue([agent], wrap_up_seconds=LONG_WRAP_UP)
    await add_codes(centre, number, "Solved", "Wrong number")
    return number


async def test_one_digit_gives_the_code_and_makes_the_agent_ready(
    centre: Centre, agent: NewAccount, desk: Desk, number: str
) -> None:
    await desk.ready(agent)
    async with centre.customer() as customer:
        await _talk(centre, desk, customer, number)
        await expect(desk.part("wrap-up-code")).to_have_text(["1Solved", "2Wrong number"])
        await desk.page.keyboard.press("2")
        await desk.state("idle")
        assert (await centre.completed_cdr(number)).wrap_up_code == "Wrong number"
    await expect(desk.part("recent-call").first).to_contain_text("Wrong number")


async def test_a_queue_that_wants_a_code_lets_nobody_go_without(
    centre: Centre, agent: NewAccount, desk: Desk, number: str
) -> None:
    await set_rules(centre, number, wrap_up_code_required=True)
    await desk.ready(agent)
    async with centre.customer() as customer:
        await _talk(centre, desk, customer, number)
        await desk.part("wrap-up-complete").click()
        await expect(desk.part("call-message")).to_contain_text("code")
        await desk.part("wrap-up-code").first.click()
        await desk.state("idle")
        assert (await centre.completed_cdr(number)).wrap_up_code == "Solved"


async def test_more_time_is_given_as_often_as_asked(centre: Centre, agent: NewAccount, desk: Desk, number: str) -> None:
    await desk.ready(agent)
    async with centre.customer() as customer:
        await _talk(centre, desk, customer, number)
        for most in ("01:30", "02:00"):
            before = await desk.part("call-timer").text_content()
            await desk.part("more-time").click()
            await expect(desk.part("call-timer")).not_to_have_text(before or "")
            await expect(desk.part("more-time")).to_have_attribute("aria-busy", "false")
            left = await desk.part("call-timer").text_content()
            assert (before or "") < (left or "") <= most
        await desk.page.keyboard.press("r")
        await desk.state("idle")
        assert (await centre.completed_cdr(number)).wrap_up_code is None
