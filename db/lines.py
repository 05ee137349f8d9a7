"""What people type for queues, numbers and trunks, checked before it is stored."""

import ipaddress
import re

from db.errors import UnusableValueError
from db.queues import NewQueue
from db.trunks import TrunkLine
from domain.digits import NotDigitsError, read_digits

_LONGEST_TIME = 3600
_BROWSERS = tuple(ipaddress.ip_address(text) for text in ("127.0.0.1", "::1"))
"""Where the portal carries browsers' SIP from."""
_HOST = re.compile(r"(?:[0-9A-Za-z](?:[0-9A-Za-z.-]{0,251}[0-9A-Za-z])?|\[[0-9A-Fa-f:]+\])(?::[0-9]{1,5})?")


def checked_queue(new: NewQueue) -> NewQueue:
    """The queue as it is. Raises UnusableValueError for times that cannot be meant."""
    if not 5 <= new.ring_seconds <= 120:
        raise UnusableValueError("An agent's phone rings for 5 to 120 seconds before the next agent is tried.")
    if not 0 <= new.wrap_up_seconds <= _LONGEST_TIME:
        raise UnusableValueError(f"Wrap-up lasts 0 to {_LONGEST_TIME} seconds.")
    return new


def checked_dialled(number: str) -> str:
    """A number as callers dial it, without the marks that only make it readable. Raises UnusableValueError."""
    try:
        plain = read_digits(number)
    except NotDigitsError as error:
        raise UnusableValueError(str(error)) from error
    if not re.fullmatch(r"\+?[0-9]{2,20}", plain):
        raise UnusableValueError("This is no number that can be dialled: use 2 to 20 digits, perhaps after a +.")
    return plain


def checked_trunk(name: str, host: str, addresses: str) -> TrunkLine:
    """A trunk. `addresses` are IP addresses or networks, separated by commas. Raises UnusableValueError."""
    if not re.fullmatch(r"[a-z][a-z0-9-]{1,30}", name) or name.startswith(("demo", "everline")):
        raise UnusableValueError(
            f"{name} cannot be a trunk's name: use small letters, digits and hyphens, for example provider-1."
            " Names that begin with demo or everline are ours.",
        )
    if not _HOST.fullmatch(host):
        raise UnusableValueError(f"{host} is no host: write it like sip.example.org or 192.0.2.10:5060.")
    networks = [part.strip() for part in addresses.split(",") if part.strip()]
    if not networks:
        raise UnusableValueError("A trunk needs at least one address that its calls come from.")
    return TrunkLine(name, host, ",".join(_network(part) for part in networks))


def _network(text: str) -> str:
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise UnusableValueError(
            f"{text} is neither an IP address nor a network: write it like 192.0.2.10 or 192.0.2.0/24.",
        ) from None
    if network.prefixlen == 0:
        raise UnusableValueError(f"{text} would take every caller in the world for this trunk.")
    if any(address in network for address in _BROWSERS):
        raise UnusableValueError(
            f"{text} has this machine's own address: the browsers' phones come from there and would all be this trunk."
            " Give the trunk's side an address of its own, for example 127.0.0.2.",
        )
    return text
