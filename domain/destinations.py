"""Which numbers a call may go out to: callers and agents may type anything, and some numbers cost a fortune."""

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

_ORDINARY = frozenset(
    {
        PhoneNumberType.FIXED_LINE,
        PhoneNumberType.MOBILE,
        PhoneNumberType.FIXED_LINE_OR_MOBILE,
        PhoneNumberType.VOIP,
        PhoneNumberType.PERSONAL_NUMBER,
    }
)
"""Premium and shared-cost numbers are how a stolen callback earns money, so only ordinary lines are left."""


def ordinary_number(text: str, region: str) -> str | None:
    """The number in E.164 when it is an ordinary line of `region` (ISO 3166, "US"); None for every other."""
    try:
        parsed = phonenumbers.parse(text, region)
    except NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed) or phonenumbers.region_code_for_number(parsed) != region:
        return None
    if phonenumbers.number_type(parsed) not in _ORDINARY:
        return None
    return phonenumbers.format_number(parsed, PhoneNumberFormat.E164)
