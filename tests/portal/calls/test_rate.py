import re

from playwright.async_api import Locator, Route, expect

from db.accounts.accounts import NewAccount
from tests.phones.soft_phone import SoftPhone
from tests.portal.desk import Desk
from tests.support.centre import Centre

NUMBER = "+12025550147"
SHOWN = "+1 202-555-0147"
MASKED = {"display": "+1 ••• ••• 0147", "handle": "anybody:77"}


async def _take(centre: Centre, desk: Desk, customer: SoftPhone, number: str) -> None:
    """A call that the agent takes and the customer ends."""
    call = await customer.dial(centre.uri(number), caller_name="Zoë Müller", caller_number=NUMBER)
    await desk.stage("offered")
    await desk.part("answer").click()
    await desk.stage("connected")
    await call.hang_up()
    await desk.state("idle")


async def _figures(desk: Desk, answered: str, not_answered: str) -> None:
    """Waits until the page shows this month's figures."""
    await expect(desk.part("rate-month-answered")).to_have_text(re.compile(answered))
    await expect(desk.part("rate-month-not-answered")).to_have_text(re.compile(not_answered))


def _slice(desk: Desk, name: str) -> Locator:
    return desk.part("rate-rings").locator(f'[data-slice="{name}"]')


async def test_the_rings_and_the_list_follow_each_call_by_themselves(
    centre: Centre, agent: NewAccount, desk: Desk
) -> None:
    number = await centre.add_queue([agent])
    await desk.ready(agent)
    await expect(desk.part("rate-empty")).to_contain_text("No calls yet this month.")
    async with centre.customer() as customer:
        await _take(centre, desk, customer, number)
        await _figures(desk, r"Answered\s*1\s*100 %", r"Not answered\s*0\s*0 %")
        await expect(_slice(desk, "month-answered")).to_be_visible()
        await expect(_slice(desk, "month-not-answered")).to_have_count(0)
        await expect(_slice(desk, "yesterday-none")).to_be_visible()
        rings = desk.part("rate-rings").get_by_role("img")
        words = "This month: 1 answered, 100 per cent, and 0 not answered, 0 per cent. Yesterday: no calls."
        await expect(rings).to_have_attribute("aria-label", words)
        row = desk.part("recent-call")
        await expect(row).to_have_count(1)
        await expect(row).to_contain_text(
            re.compile(rf"Inbound.*Zoë Müller.*{re.escape(SHOWN)}.*Queue {number}.*Answered")
        )
        declined = await customer.dial(centre.uri(number))
        await desk.stage("offered")
        await desk.part("decline").click()
        await desk.stage("empty")
        await declined.hang_up()
        await _figures(desk, r"Answered\s*1\s*50 %", r"Not answered\s*1\s*50 %")
        await expect(_slice(desk, "month-not-answered")).to_be_visible()


async def test_a_call_is_called_back_with_one_click_and_a_refusal_is_shown_in_place(
    centre: Centre, agent: NewAccount, desk: Desk
) -> None:
    asked: list[object] = []
    may = {"can_dial": False}

    async def may_dial(route: Route) -> None:
        answer = await route.fetch()
        await route.fulfill(response=answer, json={**await answer.json(), **may})

    async def refuse(route: Route) -> None:
        if route.request.method != "POST":
            await route.fallback()
            return
        asked.append(route.request.post_data_json)
        await route.fulfill(status=409, json={"detail": "Your phone is not registered."})

    await desk.page.route("**/api/v1/desk", may_dial)

    async def mask(route: Route) -> None:
        answer = await route.fetch()
        body = await answer.json()
        for call in body["items"]:
            call["customer"] = MASKED
        await route.fulfill(response=answer, json=body)

    await desk.page.route("**/api/v1/calls", refuse)
    await desk.page.route("**/api/v1/calls?*", mask)
    number = await centre.add_queue([agent])
    await desk.ready(agent)
    async with centre.customer() as customer:
        await _take(centre, desk, customer, number)
    await expect(desk.part("recent-call")).to_have_count(1)
    await expect(desk.part("call-back")).to_have_count(0)
    may["can_dial"] = True
    await desk.page.reload()
    # The page shows and calls what it is told to, whatever that is.
    await expect(desk.part("recent-call")).to_contain_text(MASKED["display"])
    await expect(desk.part("recent-call")).not_to_contain_text("202")
    button = desk.part("call-back")
    await button.click()
    await expect(desk.part("dial-message")).to_have_text("Your phone is not registered.")
    await expect(button).to_have_attribute("aria-busy", "false")
    assert asked == [{"handle": MASKED["handle"], "name": "Zoë Müller"}]


async def test_a_click_calls_the_number_back_and_the_list_has_that_call_too(
    centre: Centre, agent: NewAccount, desk: Desk
) -> None:
    number = await centre.add_queue([agent])
    async with centre.customer() as customer:
        await centre.call_out_to(customer)
        await desk.ready(agent)
        await _take(centre, desk, customer, number)
        await desk.part("call-back").click()
        rung = await customer.next_call()
        await rung.decline(486)
        await desk.state("idle")
        await expect(desk.part("call-message")).to_contain_text("Zoë Müller is busy.")
        latest = desk.part("recent-call").first
        await expect(latest).to_contain_text(re.compile("Manual Dialed.*Busy"))
        await expect(desk.part("call-back")).to_have_count(2)
        await _figures(desk, r"Answered\s*1\s*50 %", r"Not answered\s*1\s*50 %")
