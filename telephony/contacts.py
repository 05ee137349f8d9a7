"""Where phones say that they are."""

import json
import re
from collections.abc import Iterator

_LISTED = re.compile(r"/registrar/contact/([^;\s]+);@\S*\s*:\s*(\{.*)")


def leads_elsewhere(address: str) -> bool:
    """Whether calls to this SIP URI of a phone would go to another place than the phone registered from.

    Asterisk writes the address that a phone sends from into its Contact, and keeps `maddr` (RFC 3261, 19.1.1) and
    headers such as Route, which it would follow.
    """
    return "maddr=" in address.lower() or "?" in address


def read_contacts(listed: str) -> Iterator[tuple[str, str]]:
    """The extension and address of each phone in the console's "database show registrar"."""
    for line in listed.splitlines():
        found = _LISTED.match(line.strip())
        if found is None:
            continue
        try:
            # Asterisk escapes what means something in its own files.
            uri = str(json.loads(found[2])["uri"])
        except (ValueError, KeyError):
            continue
        yield found[1], re.sub(r"\^([0-9A-Fa-f]{2})", lambda code: chr(int(code[1], 16)), uri)
