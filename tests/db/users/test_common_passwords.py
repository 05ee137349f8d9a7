import pytest

from db.core.errors import UnusableValueError
from db.users import passwords
from db.users.common_passwords import is_common


@pytest.mark.parametrize(
    "password",
    [
        "password12",
        "Password2026!",
        "P@ssw0rd2026",
        "welcome123",
        "Summer2026!!",
        "1234567890",
        "12345678901234",
        "qwertyuiop",
        "1q2w3e4r5t",
        "aaaaaaaaaa",
        "abcabcabcabc",
        "letmein2026",
        "Administrator1",
        "everline2026",
        "hellohello12",
        "AnnaBerg2026",
        "berg-berg-1001",
        "abcdefghijkl",
    ],
)
def test_what_everybody_tries_first_is_refused(password: str) -> None:
    assert is_common(password, ("Anna Berg", "1001"))
    with pytest.raises(UnusableValueError, match="tried first"):
        passwords.hash_password(password, ("Anna Berg", "1001"))


@pytest.mark.parametrize(
    "password", ["correct horse battery", "k7hd-9fw2-mqpx-3zva", "Zwölf Boxkämpfer jagen", "tr0ub4dor&3x"]
)
def test_what_nobody_tries_first_is_taken(password: str) -> None:
    assert not is_common(password, ("Anna Berg", "1001"))


def test_a_made_password_is_never_refused() -> None:
    assert not any(is_common(passwords.new_password()) for _ in range(500))


@pytest.mark.parametrize("password", ["k7hd9fw2", "x" * 129])
def test_a_password_has_a_length(password: str) -> None:
    with pytest.raises(UnusableValueError, match="characters"):
        passwords.hash_password(password)
