"""What people type for queues, numbers and trunks, checked before it is stored."""

import ipaddress
import re
from dataclasses import replace

from db.core.errors import UnusableValueError
from db.core.texts import checked_number
from db.trunks.trunks import TrunkLine
from db.users.passwords import sip_digest
from domain.trunks.trunk import CODECS, Transport

_LAST_POSITION = 99
_LAST_PORT = 65_535
_MOST_CHANNELS = 10_000
_SHORTEST_LOGIN = 12
_BROWSERS = tuple(ipaddress.ip_address(text) for text in ("127.0.0.1", "::1"))
"""Where the portal carries browsers' SIP from."""
_HOST = re.compile(r"(?:[0-9A-Za-z](?:[0-9A-Za-z.-]{0,251}[0-9A-Za-z])?|\[[0-9A-Fa-f:]+\])(?::[0-9]{1,5})?")


def checked_trunk(line: TrunkLine) -> TrunkLine:
    """A trunk as it can be used; `match` is its host when it is empty. Raises UnusableValueError."""
    if not re.fullmatch(r"[a-z][a-z0-9-]{1,30}", line.name) or line.name.startswith(("demo", "everline")):
        raise UnusableValueError(
            "This cannot be a trunk's name: use small letters, digits and hyphens, for example provider-1."
            " Names that begin with demo or everline are ours.",
        )
    for host in filter(None, (line.host, line.proxy, line.from_domain)):
        _checked_host(host)
    _check_login(line)
    if line.srtp and line.transport is not Transport.TLS:
        raise UnusableValueError("Encrypted sound needs --transport tls: its keys would travel for all to read.")
    codecs = [codec.strip() for codec in line.codecs.split(",") if codec.strip()]
    if not codecs or not set(codecs) <= CODECS:
        raise UnusableValueError(f"Codecs are {', '.join(sorted(CODECS))}, separated by commas, the best first.")
    _check_times(line)
    if not 0 <= line.position <= _LAST_POSITION:
        raise UnusableValueError(f"A trunk's place in the order is 0, the first, to {_LAST_POSITION}.")
    match = "" if line.login_digest else _checked_addresses(line)
    prefixes = tuple(_prefix(prefix) for prefix in line.prefixes)
    shown = checked_number(line.shown) if line.shown else ""
    allowed = _checked_allowed(line)
    return replace(line, match=match, codecs=",".join(codecs), prefixes=prefixes, shown=shown, allowed=allowed)


def _checked_addresses(line: TrunkLine) -> str:
    addresses = line.match or line.host.rpartition(":")[0] or line.host
    networks = [part.strip() for part in addresses.split(",") if part.strip()]
    if not networks:
        raise UnusableValueError("A trunk needs at least one address that its calls come from.")
    return ",".join(_network(part) for part in networks)


def login_digest(trunk: str, password: str) -> str:
    """What is kept of the password with which a trunk logs in here. Raises UnusableValueError for a short one."""
    if not re.fullmatch(rf"[!-~]{{{_SHORTEST_LOGIN},128}}", password):
        raise UnusableValueError(
            f"The password with which a trunk logs in has {_SHORTEST_LOGIN} to 128 letters, digits or signs: whoever"
            " guesses it is the trunk."
        )
    return sip_digest(trunk, password)


def _checked_allowed(line: TrunkLine) -> tuple[str, ...]:
    if line.allowed and not line.shown:
        raise UnusableValueError(
            "Where only some numbers may be shown, the trunk needs one of its own for all others (--shown)."
        )
    return tuple(checked_number(rule.removesuffix("*")) + "*" * rule.endswith("*") for rule in line.allowed)


def _check_times(line: TrunkLine) -> None:
    if not 3 <= line.setup_seconds <= 60:
        raise UnusableValueError("A called phone has 3 to 60 seconds until it rings; then the next trunk is tried.")
    if not 0 <= line.max_channels <= _MOST_CHANNELS:
        raise UnusableValueError(f"A trunk has 1 to {_MOST_CHANNELS} channels; 0 is no limit.")
    if not 5 <= line.ring_seconds <= 180:
        raise UnusableValueError("A called phone rings for 5 to 180 seconds.")


def _checked_host(host: str) -> None:
    port = host.rpartition("]")[2].partition(":")[2]
    if not _HOST.fullmatch(host) or (port and not 0 < int(port) <= _LAST_PORT):
        raise UnusableValueError("This is no host: write it like sip.example.org or 192.0.2.10:5060.")


def _check_login(line: TrunkLine) -> None:
    if not re.fullmatch(r"[0-9A-Za-z+._@-]{0,64}", line.username) or not re.fullmatch(
        r"[!-:<-~]{0,128}", line.password
    ):
        raise UnusableValueError("The user name or the password has a character that SIP cannot carry.")
    if bool(line.username) is not bool(line.password):
        raise UnusableValueError("A trunk has both a user name and a password, or neither.")
    if line.registers and not line.username:
        raise UnusableValueError("To register, a trunk needs the user name and password that the carrier gave you.")
    if not re.fullmatch(r"[0-9A-Za-z+._-]{0,64}", line.from_user):
        raise UnusableValueError("The user in From is letters, digits and + . _ -, for example your account's number.")


def _prefix(text: str) -> str:
    if not re.fullmatch(r"\+[0-9]{1,15}", text):
        raise UnusableValueError(f"{text} is no prefix: write it with a + and the country code, for example +44.")
    return text


def _network(text: str) -> str:
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise UnusableValueError(
            f"{text} is neither an IP address nor a network. Write what the trunk's calls come from like 192.0.2.10 or"
            " 192.0.2.0/24 (with the command, by --match); a name can only be the host.",
        ) from None
    if network.prefixlen == 0:
        raise UnusableValueError(f"{text} would take every caller in the world for this trunk.")
    if any(address in network for address in _BROWSERS):
        raise UnusableValueError(
            f"{text} has this machine's own address: the browsers' phones come from there and would all be this trunk."
            " Give the trunk's side an address of its own, for example 127.0.0.2.",
        )
    return text
