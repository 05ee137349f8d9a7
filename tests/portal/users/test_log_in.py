import secrets

from playwright.async_api import Browser, expect

from db.accounts.accounts import NewAccount
from tests.phones.browser import open_page
from tests.portal.desk import Desk
from tests.support.centre import Centre

TRIES = 10


async def test_an_agent_logs_in_by_id_as_well_as_by_name(centre: Centre, agent: NewAccount, desk: Desk) -> None:
    await desk.log_in(agent, name=agent.agent_id)
    await desk.state("idle")


async def test_a_wrong_password_is_told_plainly_and_in_the_end_slowed_down(
    centre: Centre, agent: NewAccount, desk: Desk
) -> None:
    for _ in range(TRIES):
        await desk.log_in(agent, password=secrets.token_hex(8))
        await expect(desk.part("login-error")).to_be_visible()
    await desk.log_in(agent)
    await expect(desk.part("login-error")).to_contain_text("Try again in")


async def test_the_newer_session_wins_and_the_older_window_is_told(
    centre: Centre, agent: NewAccount, desk: Desk, browser: Browser
) -> None:
    await desk.ready(agent)
    async with open_page(browser) as second:
        newer = Desk(second, desk.address)
        await newer.ready(agent)
        await expect(desk.part("replaced-notice")).to_be_visible()
        number = await centre.add_queue([agent])
        async with centre.customer() as customer:
            await customer.dial(centre.uri(number))
            await newer.stage("offered")
            await newer.part("answer").click()
            await newer.stage("connected")
            await customer.hang_up()
            await centre.completed_cdr(number)


async def test_a_log_out_takes_the_agent_off_the_line_and_voids_the_phone(
    centre: Centre, agent: NewAccount, desk: Desk
) -> None:
    await desk.ready(agent)
    await desk.part("user-menu").click()
    await desk.part("log-out").click()
    await expect(desk.part("login-name")).to_be_visible()
    await centre.until_unregistered(agent)


async def test_a_window_in_a_call_is_told_too_and_stays_told(
    centre: Centre, agent: NewAccount, desk: Desk, browser: Browser
) -> None:
    number = await centre.add_queue([agent])
    await desk.ready(agent)
    async with open_page(browser) as second, centre.customer() as customer:
        call = await customer.dial(centre.uri(number))
        await desk.stage("offered")
        await desk.part("answer").click()
        await desk.stage("connected")
        # The report of how the talk sounded has something to tell.
        await expect(desk.part("call-quality")).to_have_attribute("data-value", "good", timeout=15_000)
        async with desk.page.expect_response(lambda response: response.url.endswith("/quality"), timeout=20_000):
            await Desk(second, desk.address).log_in(agent)
        await expect(desk.part("replaced-notice")).to_be_visible()
        assert desk.page.url.endswith("/")
        await call.hang_up()
        await centre.until_quiet(number)
