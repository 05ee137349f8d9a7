import pytest

from domain.destinations import ordinary_number


@pytest.mark.parametrize(
    ("text", "region", "number"),
    [
        ("2025550147", "US", "+12025550147"),
        ("+1 (202) 555-0147", "US", "+12025550147"),
        ("030 2270", "DE", "+49302270"),
        ("+491701234567", "DE", "+491701234567"),
    ],
)
def test_an_ordinary_line_of_the_country_may_be_called(text: str, region: str, number: str) -> None:
    assert ordinary_number(text, region) == number


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("19005550147", "US"),
        ("0900 1234567", "DE"),
        ("+491701234567", "US"),
        ("+18765550147", "US"),
        ("911", "US"),
        ("112", "DE"),
        ("", "US"),
        ("anonymous", "US"),
        ("1" * 300, "US"),
    ],
)
def test_nothing_else_may(text: str, region: str) -> None:
    assert ordinary_number(text, region) is None
