"""Users change their own password, and go on working."""

from dataclasses import replace

from playwright.async_api import expect

from db.accounts import accounts
from db.accounts.accounts import NewAccount
from db.core.clock import now
from db.users import users
from tests.portal.desk import Desk
from tests.support.centre import Centre

NEW = "nine trains to the sea"


async def test_an_agent_changes_the_own_password_and_logs_in_with_it(agent: NewAccount, desk: Desk) -> None:
    part, keys = desk.part, desk.page.keyboard
    await desk.ready(agent)
    await part("user-menu").click()
    await part("change-password").click()
    await expect(part("password-current")).to_be_focused()
    await part("password-current").fill("wrong")
    await part("password-new").fill(NEW)
    await part("password-again").fill("something else")
    await keys.press("Enter")
    await expect(part("password-message")).to_contain_text("not the same")
    await part("password-again").fill(NEW)
    await keys.press("Enter")
    await expect(part("password-message")).to_contain_text("not right")
    await part("password-current").fill(agent.password)
    await part("password-change").click()
    await expect(part("password-done")).to_be_visible()
    await keys.press("Escape")
    await expect(part("password-dialog")).to_be_hidden()
    await expect(part("user-menu")).to_be_focused()
    await desk.state("idle")
    await part("user-menu").click()
    await part("log-out").click()
    await desk.page.wait_for_url("**/login")
    await desk.ready(replace(agent, password=NEW))


async def test_who_was_given_a_password_chooses_another_one_before_the_desk_opens(
    centre: Centre, agent: NewAccount, desk: Desk
) -> None:
    async with centre.database.write() as session:
        given = await accounts.reset_password(session, await users.get(session, agent.user_id), None, now())
    part, keys = desk.part, desk.page.keyboard
    await desk.log_in(agent, password=given)
    await expect(part("first-password")).to_be_visible()
    await expect(part("password-given")).to_be_focused()
    await part("password-given").fill(given)
    await part("password-new").fill(NEW)
    await part("password-again").fill("something else")
    await keys.press("Enter")
    await expect(part("login-error")).to_contain_text("not the same")
    await part("password-given").fill(given)
    await part("password-new").fill(NEW)
    await part("password-again").fill(NEW)
    await part("password-change").click()
    await desk.state("idle")
