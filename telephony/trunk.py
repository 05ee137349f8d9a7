"""A trunk, as what Asterisk has to know of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from telephony.config.dialplan import TRUNK_CONTEXT
from telephony.errors import BadRequest

_NAME = re.compile(r"[0-9A-Za-z._-]{1,64}")
_HOST = re.compile(r"[0-9A-Za-z.:\[\]-]{1,253}")
_USER = re.compile(r"[0-9A-Za-z+._-]{0,64}")
_PLAIN = re.compile(r"[!-:<-~]{0,128}")  # Printable, without the space and the comment sign ";".
_TRANSPORTS = frozenset({"udp", "tcp", "tls"})
_DIGEST = re.compile(r"[0-9a-f]{32}")
_LIST = re.compile(r"[0-9a-z,]{1,80}")
_BROWSERS = tuple(ip_address(text) for text in ("127.0.0.1", "::1"))
"""Where the portal carries browsers' SIP from: as a trunk's address it would make each of them that trunk."""

# Kept low, so that a registration is back soon after an outage, and high enough not to be taken for an attack.
_RETRY = {
    "retry_interval": "30",
    "forbidden_retry_interval": "300",
    "fatal_retry_interval": "300",
    "max_retries": "1000000",
}


NO_CALLER = "nobody"
"""A caller id of a name without a number, so that callers show their own. Without one Asterisk writes "<unknown>" down,
and takes that, once it was changed or read again, as the number of every caller."""


@dataclass(frozen=True)
class Trunk:
    """A line to the outside world."""

    name: str
    host: str
    """Where to send calls: host or host:port."""
    addresses: Sequence[str]
    """Where its calls come from: addresses or networks; calls from there are this trunk's."""
    username: str = ""
    """To log in there where it asks us to; empty when it knows us by our address."""
    password: str = field(default="", repr=False)
    trusted: bool = False
    """Whether the caller that it asserts (P-Asserted-Identity) is believed, and not only From."""
    registers: bool = False
    """Whether it sends calls to where we have registered."""
    from_user: str = ""
    """The user in From, where it takes no other; our number is then in P-Asserted-Identity."""
    from_domain: str = ""
    proxy: str = ""
    """Where requests are sent on their way to the host: host or host:port."""
    transport: str = "udp"
    codecs: str = "alaw,ulaw,g722,opus"
    dtmf: str = "auto"
    anonymous: bool = False
    """Whether the called phone is not shown who calls; the carrier is told by P-Asserted-Identity."""
    srtp: bool = False
    """Whether the sound is encrypted, too (SRTP with keys by SDP, which only TLS keeps secret)."""
    login_digest: str = field(default="", repr=False)
    """Where it logs in here, as the user of its name: as an extension's. Its addresses mean nothing then."""

    @property
    def contact(self) -> str:
        """Its address as a SIP URI."""
        return uri(self.host, self.transport)


def uri(host: str, transport: str, user: str = "") -> str:
    """The SIP URI of a user at a host, carried by that transport."""
    name = f"{user}@" if user else ""
    return f"sip:{name}{host}" + ("" if transport == "udp" else f";transport={transport}")


def login_of(name: str) -> str:
    """The name of Asterisk's object for a trunk's log-in with us."""
    return f"{name}~in"


def endpoint_fields(trunk: Trunk) -> dict[str, str]:
    """What Asterisk's endpoint of a trunk is; each field is there, so that none stays from before."""
    tells_carrier = trunk.anonymous or bool(trunk.from_user)
    return {
        "aors": trunk.name,
        "callerid": NO_CALLER,
        "disallow": "all",
        "allow": trunk.codecs,
        "direct_media": "no",
        # Transfers are ours alone: one that the other side does by itself would slip out of its call.
        "allow_transfer": "no",
        # As a phone's: only what both sides have, or the offer is refused and the call goes on as it was.
        "outgoing_call_offer_pref": "remote",
        "rtp_symmetric": "yes",
        "context": TRUNK_CONTEXT,
        # Never by the name in From: anybody can write it there, and could then try passwords as the trunk.
        "identify_by": "auth_username" if trunk.login_digest else "ip",
        "auth": login_of(trunk.name) if trunk.login_digest else "",
        "trust_id_inbound": "yes" if trunk.trusted else "no",
        "dtmf_mode": trunk.dtmf,
        "media_encryption": "sdes" if trunk.srtp else "no",
        # A carrier that wants session timers gets them. None is made to: one that refuses a refresh would be cut off.
        "timers": "yes",
        "timers_sess_expires": "1800",
        "outbound_auth": trunk.name if trunk.username else "",
        "outbound_proxy": f"{uri(trunk.proxy, trunk.transport)};lr" if trunk.proxy else "",
        "from_user": trunk.from_user,
        "from_domain": trunk.from_domain,
        "send_pai": "yes" if tells_carrier else "no",
        "trust_id_outbound": "yes" if tells_carrier else "no",
    }


def registration_names(host: str, transport: str, username: str, from_domain: str) -> tuple[str, str]:
    """The URIs of the server that a trunk is registered with, and of us there."""
    at = from_domain or host.rpartition(":")[0] or host
    return uri(host, transport), f"sip:{username}@{at}"


def registration_fields(trunk: Trunk) -> dict[str, str]:
    """How a trunk is registered with."""
    server, client = registration_names(trunk.host, trunk.transport, trunk.username, trunk.from_domain)
    return {
        "server_uri": server,
        "client_uri": client,
        "contact_user": trunk.username,
        "outbound_auth": trunk.name,
        "outbound_proxy": f"{uri(trunk.proxy, trunk.transport)};lr" if trunk.proxy else "",
        "expiration": "600",
        **_RETRY,
    }


def check(trunk: Trunk) -> None:
    """Raises BadRequest for what Asterisk could not use, or what would let others in."""
    if not _NAME.fullmatch(trunk.name) or not _HOST.fullmatch(trunk.host):
        raise BadRequest(400, "The name or the host of the trunk is not valid")
    if trunk.login_digest and not _DIGEST.fullmatch(trunk.login_digest):
        raise BadRequest(400, "The digest of the trunk's log-in is not valid")
    if not trunk.addresses and not trunk.login_digest:
        raise BadRequest(400, "A trunk needs addresses or networks that its calls come from")
    if any(_has_browsers(_network(address)) for address in trunk.addresses):
        raise BadRequest(400, "A trunk cannot be this machine's own address: browsers' SIP comes from there")
    if not _PLAIN.fullmatch(trunk.username) or not _PLAIN.fullmatch(trunk.password):
        raise BadRequest(400, "The user name or password of the trunk has a character that cannot be sent")
    if trunk.registers and not (_USER.fullmatch(trunk.username) and trunk.username):
        raise BadRequest(400, "A trunk that is registered with needs a user name")
    hosts = [host for host in (trunk.from_domain, trunk.proxy) if host]
    if not _USER.fullmatch(trunk.from_user) or not all(_HOST.fullmatch(host) for host in hosts):
        raise BadRequest(400, "The From user, From domain or proxy of the trunk is not valid")
    if not _LIST.fullmatch(trunk.codecs) or not _LIST.fullmatch(trunk.dtmf) or trunk.transport not in _TRANSPORTS:
        raise BadRequest(400, "The codecs, keys or transport of the trunk are not valid")


def _has_browsers(network: IPv4Network | IPv6Network) -> bool:
    return any(address in network for address in _BROWSERS)


def _network(address: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(address, strict=False)
    except ValueError:
        raise BadRequest(400, "A trunk needs addresses or networks that its calls come from") from None
