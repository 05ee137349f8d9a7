import pytest

from domain.numbering.number_format import NumberFormat, customer_number, spellings, written


@pytest.mark.parametrize(
    ("number", "form", "region", "wire"),
    [
        ("+49302312513", NumberFormat.PLUS, "DE", "+49302312513"),
        ("+49302312513", NumberFormat.DIGITS, "DE", "49302312513"),
        ("+49302312513", NumberFormat.ZEROS, "DE", "0049302312513"),
        ("+49302312513", NumberFormat.NATIONAL, "DE", "0302312513"),
        ("+442079460123", NumberFormat.NATIONAL, "DE", "00442079460123"),
        ("+12025550147", NumberFormat.NATIONAL, "US", "2025550147"),
        ("+442079460123", NumberFormat.ZEROS, "US", "011442079460123"),
        ("5000", NumberFormat.NATIONAL, "DE", "5000"),
        ("", NumberFormat.DIGITS, "DE", ""),
    ],
)
def test_a_number_is_written_as_the_carrier_wants_it(number: str, form: NumberFormat, region: str, wire: str) -> None:
    assert written(number, form, region) == wire


@pytest.mark.parametrize("sent", ["+49302312513", "49302312513", "0049302312513", "0302312513"])
@pytest.mark.parametrize("kept", ["+49302312513", "49302312513", "0049302312513", "0302312513"])
def test_one_number_is_the_same_in_each_way_of_writing_it(sent: str, kept: str) -> None:
    assert kept in spellings(sent, "DE")
    assert spellings(sent, "DE")[0] == sent


def test_zeros_mean_a_country_code_also_where_another_prefix_is_dialled() -> None:
    assert "+12125550188" in spellings("0012125550188", "US")


@pytest.mark.parametrize("dialled", ["5000", "+5000", "anonymous", "", "112"])
def test_what_is_no_subscribers_number_is_only_itself(dialled: str) -> None:
    assert spellings(dialled, "DE") == (dialled,)


@pytest.mark.parametrize(
    ("received", "form", "region", "number"),
    [
        ("+49302312513", NumberFormat.PLUS, "US", "+49302312513"),
        ("0302312513", NumberFormat.PLUS, "DE", "+49302312513"),
        ("0049302312513", NumberFormat.ZEROS, "DE", "+49302312513"),
        ("0049302312513", NumberFormat.ZEROS, "US", "+49302312513"),
        ("49302312513", NumberFormat.DIGITS, "DE", "+49302312513"),
        ("302312513", NumberFormat.NATIONAL, "DE", "+49302312513"),
        ("2025550147", NumberFormat.PLUS, "US", "+12025550147"),
        ("12025550147", NumberFormat.DIGITS, "DE", "+12025550147"),
    ],
)
def test_a_callers_number_is_read_as_its_carrier_writes_numbers(
    received: str, form: NumberFormat, region: str, number: str
) -> None:
    assert customer_number(received, form, region) == number


@pytest.mark.parametrize("received", ["5000", "112", "+4930555", "2312513", "sip-user", "<b>"])
def test_what_cannot_be_read_stays_as_it_was_received(received: str) -> None:
    assert customer_number(received, NumberFormat.PLUS, "DE") == received


@pytest.mark.parametrize("received", ["", "anonymous", "Anonymous", "restricted", "Unavailable"])
def test_a_withheld_number_is_no_number(received: str) -> None:
    assert customer_number(received, NumberFormat.PLUS, "DE") is None
