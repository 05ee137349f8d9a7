"""Every key can be changed, by the keyboard alone, and the page shows what holds."""

from playwright.async_api import Locator, expect

from db.accounts.accounts import NewAccount
from tests.portal.desk import Desk


def _row(desk: Desk, action: str) -> Locator:
    return desk.page.locator(f'[data-shortcut="{action}"]')


async def _change(desk: Desk, action: str, *keys: str) -> None:
    """Presses Change at an action, and then keys."""
    await _row(desk, action).get_by_test_id("change-key").press("Enter")
    for key in keys:
        await desk.page.keyboard.press(key)


async def test_a_changed_key_works_shows_on_its_button_and_is_kept(agent: NewAccount, desk: Desk) -> None:
    await desk.ready(agent)
    await desk.part("help").press("Enter")
    await _change(desk, "keypad", "j")
    await expect(desk.part("shortcut-message")).to_have_text("Keypad: J.")
    await desk.page.keyboard.press("Escape")
    await expect(desk.part("shortcuts")).to_be_hidden()
    await expect(desk.part("help")).to_be_focused()
    for _ in ("now", "after a reload"):
        await expect(desk.part("keypad").locator("kbd")).to_have_text("J")
        await expect(desk.part("keypad")).to_have_attribute("aria-keyshortcuts", "J")
        await desk.page.keyboard.press("k")
        await expect(desk.part("keypad-dialog")).to_be_hidden()
        await desk.page.keyboard.press("j")
        await expect(desk.part("keypad-dialog")).to_be_visible()
        await desk.page.reload()
        await desk.state("idle")


async def test_a_key_that_is_taken_is_said_and_exchanged_when_it_is_pressed_again(
    agent: NewAccount, desk: Desk
) -> None:
    await desk.ready(agent)
    await desk.page.keyboard.press("?")
    await _change(desk, "hold", "p")
    await expect(desk.part("shortcut-message")).to_contain_text("P is “Pause; 1 to 9 chooses the reason”")
    await expect(_row(desk, "hold").locator("kbd")).to_have_text("H")
    await desk.page.keyboard.press("p")
    await expect(_row(desk, "hold").locator("kbd")).to_have_text("P")
    await expect(_row(desk, "pause").locator("kbd")).to_have_text("H")
    await _row(desk, "hold").get_by_test_id("reset-key").press("Enter")
    await expect(_row(desk, "hold").locator("kbd")).to_have_text("H")
    await expect(_row(desk, "pause").locator("kbd")).to_have_text("P")


async def test_digits_and_careless_keys_to_end_a_call_are_refused_with_a_reason(agent: NewAccount, desk: Desk) -> None:
    await desk.ready(agent)
    await desk.page.keyboard.press("?")
    await _change(desk, "mute", "3")
    await expect(desk.part("shortcut-message")).to_contain_text("wrap-up codes")
    await desk.page.keyboard.press("Escape")
    await expect(desk.part("shortcuts")).to_be_visible()
    await _change(desk, "end", "q")
    await expect(desk.part("shortcut-message")).to_contain_text("What ends a call needs Shift")
    await desk.page.keyboard.press("Shift+Q")
    await expect(_row(desk, "end").locator("kbd")).to_have_text(["Shift", "Q"])
    await desk.part("reset-keys").press("Enter")
    await expect(_row(desk, "end").locator("kbd")).to_have_text(["Shift", "E"])


async def test_a_number_that_is_made_with_the_keys_of_the_dial_pad_is_called_by_enter(
    agent: NewAccount, desk: Desk
) -> None:
    await desk.ready(agent)
    await desk.page.keyboard.press("k")
    await desk.page.keyboard.type("123")
    await expect(desk.part("keypad-shown")).to_have_text("123")
    await desk.page.keyboard.press("Enter")
    await expect(desk.part("keypad-dialog")).to_be_hidden()
    await expect(desk.part("tools-message")).to_be_visible()


async def test_keys_are_shown_on_buttons_at_hand_or_with_alt_or_always_as_one_likes_it(
    agent: NewAccount, desk: Desk
) -> None:
    await desk.ready(agent)
    cap = desk.part("keypad").locator("kbd")
    await expect(cap).to_be_hidden()
    place = await desk.part("dial").bounding_box()
    await desk.part("keypad").hover()
    await expect(cap).to_be_visible()
    # It lies over the button: nothing moves.
    assert await desk.part("dial").bounding_box() == place
    await desk.page.mouse.move(0, 0)
    await expect(cap).to_be_hidden()
    await desk.page.keyboard.down("Alt")
    await expect(cap).to_be_visible()
    await desk.page.keyboard.up("Alt")
    await expect(cap).to_be_hidden()
    await desk.part("help").click()
    await desk.part("key-caps").check()
    await desk.page.keyboard.press("Escape")
    await expect(cap).to_be_visible()
    await desk.page.reload()
    await desk.state("idle")
    await expect(cap).to_be_visible()
