from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from domain.inbound.dialog import CallbackDialog, CallMeBack, Cancelled, Check, Chosen, MenuDialog, Say
from domain.inbound.menu import Menu

KEYS = st.lists(st.none() | st.sampled_from("0123456789*#"), max_size=80)
SALES = UUID(int=1)


def _menu(repeats: int = 3, otherwise: UUID | None = None) -> MenuDialog:
    return MenuDialog(Menu(UUID(int=9), "Front", ("hello",), repeats, 5, (("1", SALES),), otherwise))


def test_a_menu_leads_where_its_key_says() -> None:
    dialog = _menu()
    assert dialog.open() == Say(("hello",))
    assert dialog.hear("1") == Chosen(SALES)


@given(KEYS, st.integers(1, 5))
def test_a_menu_ends_after_its_repeats_whatever_is_pressed(keys: list[str | None], repeats: int) -> None:
    dialog = _menu(repeats, otherwise=SALES)
    replies = [dialog.hear(key) for key in [*keys, *[None] * repeats]]
    before_the_end = [reply for reply in replies if isinstance(reply, Say)]
    assert Chosen(SALES) in replies
    assert len(before_the_end) < repeats


def test_silence_and_a_wrong_key_sound_different() -> None:
    assert _menu().hear(None) == Say(("hello",))
    assert _menu().hear("7") == Say(("pbx-invalid", "hello"))


def _callback(*, known: str | None = "+12025550147") -> CallbackDialog:
    dialog = CallbackDialog("2025550147")
    assert dialog.open() == Check("2025550147")
    dialog.checked(known)
    return dialog


def test_the_own_number_is_spoken_and_confirmed() -> None:
    dialog = CallbackDialog("2025550147")
    dialog.open()
    said = dialog.checked("+12025550147")
    assert isinstance(said, Say)
    assert said.sounds[1:12] == tuple(f"digits/{digit}" for digit in "12025550147")
    assert dialog.hear("1") == CallMeBack("+12025550147")


def test_another_number_is_entered_and_ends_with_pound() -> None:
    dialog = _callback()
    dialog.hear("2")
    for key in "911":
        assert dialog.hear(key) == Say()
    assert dialog.hear("#") == Check("911")


def test_who_calls_from_an_unknown_number_enters_one() -> None:
    dialog = _callback(known=None)
    dialog.hear("4")
    assert dialog.hear("#") == Check("4")


@given(KEYS)
def test_nobody_is_called_back_at_a_number_that_was_refused(keys: list[str | None]) -> None:
    dialog = _callback(known=None)
    for key in keys:
        reply = dialog.hear(key)
        if isinstance(reply, Check):
            reply = dialog.checked(None)
        assert not isinstance(reply, CallMeBack)
        if isinstance(reply, Cancelled):
            return


def test_star_goes_back_to_the_line_at_any_time() -> None:
    assert _callback().hear("*") == Cancelled()
    assert _callback(known=None).hear("*") == Cancelled()
