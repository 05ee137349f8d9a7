import pytest

from db.core.errors import UnusableValueError
from db.core.texts import checked_number, is_sound


@pytest.mark.parametrize("name", ["vm-press", "digits/1", "for", "custom/own_sound"])
def test_a_sound_of_asterisk_has_a_name_and_perhaps_folders(name: str) -> None:
    assert is_sound(name)


@pytest.mark.parametrize("name", ["", "/etc/passwd", "digits/", "digits//1", "..", "../x", "a.wav", "a b", "x\n", "é"])
def test_a_path_of_the_machine_is_no_sound(name: str) -> None:
    assert not is_sound(name)


@pytest.mark.parametrize("number", ["2026-06-01", "5000/5001/5002", "5000a", "5000 or 5001", "1", "5" * 21])
def test_what_is_not_one_number_is_not_stored_as_one(number: str) -> None:
    with pytest.raises(UnusableValueError):
        checked_number(number)
