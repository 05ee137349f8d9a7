"""Who a caller says it is."""

_ESCAPED = str.maketrans({"\\": "\\\\", '"': '\\"'})


def sender(name: str, number: str, host: str) -> str:
    """A From value. The name may hold anything but line breaks; RawCaller sends those."""
    address = f"<sip:{number}@{host}>"
    return f'"{name.translate(_ESCAPED)}" {address}' if name else address


def anonymous_sender() -> str:
    """The From value of a caller who gives no name and no number (RFC 3323)."""
    return '"Anonymous" <sip:anonymous@anonymous.invalid>'
