from playwright.async_api import Page, expect

from db.accounts.accounts import NewAccount
from tests.portal.desk import Desk
from tests.support.centre import Centre
from tests.support.wire import wire_to

_WIDTH = "use => use.getBBox().width"


async def test_an_icon_that_is_first_needed_without_a_connection_is_drawn(
    centre: Centre, agent: NewAccount, page: Page
) -> None:
    async with wire_to(centre.settings.portal_port) as wire:
        desk = Desk(page, f"http://localhost:{wire.port}")
        await desk.ready(agent)
        # While anything is intercepted, the browser does not use what it has kept of the portal's files.
        await page.route("**/api/v1/**", lambda route: route.abort())
        wire.cut()
        status = desk.part("phone-status")
        await expect(status).to_have_attribute("data-value", "lost", timeout=15_000)
        assert await status.locator("use").evaluate(_WIDTH) > 0
