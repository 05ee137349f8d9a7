"""Who passes a call on gives the own part its code in the list of calls, while the colleague talks on."""

from playwright.async_api import expect
from sqlalchemy import select

from db.models import Call
from tests.portal.calls.test_call_tools import Talk, talk
from tests.portal.look import Look
from tests.portal.queue_rules import add_codes

__all__ = ["talk"]


async def test_the_own_part_is_coded_without_holding_up_anybody(talk: Talk) -> None:
    centre, desk = talk.centre, talk.desk
    async with centre.database.read() as session:
        number = await session.scalar(select(Call.our_number).where(Call.id == talk.call_id))
    await add_codes(centre, str(number), "Needs billing", "Solved")
    await desk.part("transfer").click()
    await desk.page.locator(f'[data-reach="{talk.boss.user_id}"]').click()
    await (await talk.boss_phone.next_call()).answer()
    await desk.stage("empty")
    await desk.state("idle")
    chooser = desk.part("recent-call").first.get_by_test_id("own-part")
    await expect(chooser).to_have_accessible_name("Wrap-up code of your part, Zoë Müller")
    await chooser.focus()
    await chooser.select_option("Needs billing")
    await expect(chooser.locator("option").first).to_have_text("No code")
    await expect(chooser).to_be_focused()
    await expect(chooser).to_have_value("Needs billing")
    look = Look(desk.page)
    await look.at("a part to be coded")
    assert not look.wrong, "\n".join(look.wrong)
    await desk.part("pages").get_by_role("link", name="My calls").click()
    row = desk.part("recent-call").first
    await expect(row.get_by_test_id("own-part")).to_have_value("Needs billing")
    # Once the record is complete, the page that still offers it is told, and shows what stays.
    await talk.end()
    await row.get_by_test_id("own-part").select_option("Solved")
    await expect(desk.page.get_by_text("its record complete")).to_be_visible()
    await expect(row.get_by_test_id("own-part")).to_have_count(0)
    await expect(row).to_contain_text("Needs billing")
