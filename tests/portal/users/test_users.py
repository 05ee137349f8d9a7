"""The page Users: administrators find, make, change and remove users, while their own calls go on."""

import re
from dataclasses import replace

import pytest
from playwright.async_api import Locator, expect
from sqlalchemy import update

from db.accounts.accounts import NewAccount
from db.models import User
from domain.agents.agent import ExtensionKind, Role
from tests.portal.desk import Desk
from tests.portal.look import Look
from tests.support.centre import Centre

_WALK = 180


async def _first(centre: Centre, user: NewAccount) -> NewAccount:
    """Names a user so that the list begins with them: other tests have made many."""
    name = f"0 {user.name}"
    async with centre.database.write() as session:
        await session.execute(update(User).where(User.id == user.user_id).values(name=name))
    return replace(user, name=name)


@pytest.fixture
async def boss(centre: Centre) -> NewAccount:
    return await _first(centre, await centre.add_agent(ExtensionKind.WEB, role=Role.ADMINISTRATOR))


@pytest.fixture
async def agent(centre: Centre) -> NewAccount:
    return await _first(centre, await centre.add_agent(ExtensionKind.WEB))


def _row(desk: Desk, user: NewAccount) -> Locator:
    return desk.page.locator(f'[data-user="{user.user_id}"]')


def _field(desk: Desk, name: str) -> Locator:
    return desk.page.locator(f"input[type=text][data-field={name}]")


def _choice(desk: Desk, name: str, value: str) -> Locator:
    return desk.page.locator(f"input[data-field={name}][value={value}]")


async def _open(desk: Desk, boss: NewAccount, path: str) -> None:
    await desk.log_in(boss)
    await expect(desk.part("agent-state")).to_be_visible()
    await desk.page.goto(desk.address + path)


async def test_only_who_manages_users_has_the_page(centre: Centre, agent: NewAccount, desk: Desk) -> None:
    await _open(desk, agent, "/users")
    await expect(desk.page.locator("main h1")).to_have_text("This page is not for you")
    await expect(desk.part("pages").get_by_role("link", name="Users")).to_have_count(0)


async def test_a_user_is_found_as_one_types_and_the_address_keeps_it(
    centre: Centre, boss: NewAccount, agent: NewAccount, desk: Desk
) -> None:
    sip = await _first(centre, await centre.add_agent(ExtensionKind.SIP))
    await _open(desk, boss, "/users")
    await expect(_row(desk, agent)).to_contain_text(agent.extension)
    # What they do now comes over the live line.
    await expect(_row(desk, boss)).to_contain_text("Idle")
    await expect(_row(desk, agent)).to_contain_text("Offline")
    search = desk.part("list-search")
    await search.fill(agent.name)
    await expect(_row(desk, sip)).to_have_count(0)
    await expect(search).to_be_focused()
    await expect(desk.page).to_have_url(re.compile(r"\?text="))
    await desk.page.reload()
    await expect(search).to_have_value(agent.name)
    await expect(_row(desk, agent)).to_be_visible()
    await search.fill("nobody of that name")
    await expect(desk.part("list-empty")).to_contain_text("Nobody is like that.")
    await search.fill("")
    await desk.page.get_by_label("Phone", exact=True).select_option("sip")
    await expect(_row(desk, sip)).to_be_visible()
    await expect(_row(desk, agent)).to_have_count(0)


async def test_a_new_user_can_log_in_with_what_is_shown_once(centre: Centre, boss: NewAccount, desk: Desk) -> None:
    await _open(desk, boss, "/users")
    await desk.part("new-user").click()
    await expect(desk.page.locator("main h1")).to_have_text("New user")
    name = f"Nora {boss.name}"
    await _field(desk, "extension").fill("1")
    await desk.page.get_by_role("button", name="Add user").click()
    await expect(_field(desk, "name")).to_be_focused()
    for wrong, words in {"#fault-name": "Name is needed.", "#fault-extension": "Use 2 to 10 digits"}.items():
        await expect(desk.page.locator(wrong)).to_contain_text(words)
    await _field(desk, "name").fill(name)
    await _field(desk, "extension").fill(boss.extension)
    await _field(desk, "agent_id").fill("987654")
    await _choice(desk, "kind", "sip").check()
    await desk.page.get_by_role("button", name="Add user").click()
    # Only the server knows this, and says it at the field.
    await expect(desk.page.locator("#fault-extension")).to_contain_text(f"is {boss.name}'s")
    await expect(_field(desk, "name")).to_have_value(name)
    await _field(desk, "extension").fill("")
    await desk.page.get_by_role("button", name="Add user").click()
    await expect(desk.part("secrets")).to_contain_text("SIP secret")
    password = await desk.part("secrets").locator("code").nth(1).inner_text()
    await desk.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await desk.page.get_by_role("button", name="Copy: Password").click()
    await expect(desk.page.get_by_role("button", name="Copied: Password")).to_be_focused()
    assert await desk.page.evaluate("navigator.clipboard.readText()") == password
    await desk.page.get_by_role("link", name=f"Open {name}").click()
    await expect(_field(desk, "agent_id")).to_have_value("987654")
    await desk.page.context.clear_cookies()
    await desk.page.goto(f"{desk.address}/login")
    await desk.part("login-name").fill("987654")
    await desk.part("login-password").fill(password)
    await desk.part("login-submit").click()
    await expect(desk.page).to_have_url(re.compile("/password"))


async def test_what_is_not_saved_is_not_lost_without_a_question(
    centre: Centre, boss: NewAccount, agent: NewAccount, desk: Desk
) -> None:
    await _open(desk, boss, "/users")
    await _row(desk, agent).click()
    await _field(desk, "name").fill("Somebody Else")
    await desk.part("pages").get_by_role("link", name="Dashboard").click()
    await expect(desk.part("confirm")).to_contain_text("not saved yet")
    await desk.part("confirm-no").click()
    await desk.page.evaluate("history.back()")
    await expect(desk.part("confirm")).to_be_visible()
    await desk.page.keyboard.press("Escape")
    await expect(_field(desk, "name")).to_have_value("Somebody Else")
    assert str(agent.user_id) in desk.page.url
    await desk.page.evaluate("history.back()")
    await desk.part("confirm-yes").click()
    await expect(desk.page.locator("main h1")).to_have_text("Users")
    await expect(_row(desk, agent)).to_contain_text(agent.name)


async def test_a_user_is_changed_gets_a_new_password_and_is_removed(
    centre: Centre, boss: NewAccount, agent: NewAccount, desk: Desk
) -> None:
    await _open(desk, boss, f"/users?user={agent.user_id}")
    name = f"{agent.name} the second"
    await _field(desk, "name").fill(name)
    await _choice(desk, "role", "supervisor").check()
    await desk.page.get_by_role("button", name="Save").click()
    await expect(desk.part("user-form")).to_contain_text("Saved")
    await expect(desk.page.locator("main h1")).to_have_text(name)
    await desk.part("reset-password").click()
    await desk.part("confirm-yes").click()
    await expect(desk.part("secrets").locator("code")).to_have_text(re.compile(r"^\w{4}(-\w{4}){3}$"))
    await desk.part("remove-user").click()
    await desk.part("confirm-no").click()
    await desk.part("remove-user").click()
    await desk.part("confirm-yes").click()
    await expect(desk.page.locator("main h1")).to_have_text("Users")
    await expect(desk.part("user").first).to_be_visible()
    await expect(_row(desk, agent)).to_have_count(0)


async def test_a_call_can_be_answered_while_a_form_asks(centre: Centre, boss: NewAccount, desk: Desk) -> None:
    number = await centre.add_queue([boss])
    await desk.ready(boss)
    await desk.page.goto(f"{desk.address}/users?user=new")
    await desk.state("idle")
    await _field(desk, "name").fill("Half written")
    async with centre.customer() as customer:
        call = await customer.dial(centre.uri(number))
        await desk.stage("offered")
        await desk.part("pages").get_by_role("link", name="Dashboard").click()
        await expect(desk.part("confirm")).to_be_visible()
        await desk.part("answer").click()
        await desk.stage("connected")
        await desk.part("confirm-no").click()
        await expect(_field(desk, "name")).to_have_value("Half written")
        await desk.part("hang-up").click()
        await call.wait_for_end()


@pytest.mark.timeout(_WALK)
async def test_no_state_of_the_page_has_a_serious_fault(
    centre: Centre, boss: NewAccount, agent: NewAccount, desk: Desk
) -> None:
    await _open(desk, boss, "/users")
    look = Look(desk.page)
    await expect(_row(desk, agent)).to_be_visible()
    await look.at("list")
    await desk.page.goto(f"{desk.address}/users?user=new")
    await _field(desk, "extension").fill("x")
    await desk.page.get_by_role("button", name="Add user").click()
    await look.at("new user with faults")
    await desk.page.goto(f"{desk.address}/users?user={agent.user_id}")
    await expect(_field(desk, "name")).to_have_value(agent.name)
    await desk.part("forget-failures").click()
    await desk.part("reset-password").click()
    await look.at("question")
    await desk.part("confirm-yes").click()
    await expect(desk.part("secrets")).to_be_visible()
    await look.at("one user")
    for width in (1024, 720):
        await desk.page.set_viewport_size({"width": width, "height": 700})
        await look.sizes(f"one user at {width} px")
        await desk.page.goto(f"{desk.address}/users")
        await expect(_row(desk, agent)).to_be_visible()
        await look.sizes(f"list at {width} px")
        await desk.page.goto(f"{desk.address}/users?user={agent.user_id}")
        await expect(_field(desk, "name")).to_have_value(agent.name)
    assert not look.wrong, "\n".join(look.wrong)
