"""Another node, as what Asterisk has to know of it: by it the phones are rung that are registered there.

Two endpoints a peer. By `to~<name>` this Asterisk calls that one; by `from~<name>` calls of that one come in.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass, field

from domain.phones.realm import REALM
from telephony.config.dialplan import NODE_CONTEXT
from telephony.errors import BadRequest

NODE_NAME = re.compile(r"[a-z0-9][a-z0-9_]{0,30}")
_HOST = re.compile(r"[0-9A-Za-z.:\[\]-]{1,253}")
_TO, _FROM = "to~", "from~"
_CODECS = "alaw,ulaw,g722,opus"

_SESSION = {"timers": "always", "timers_sess_expires": "90", "timers_min_se": "90"}
"""A node that is gone says no goodbye: what it had with this one ends by itself (RFC 4028)."""
_LINE = {
    "context": NODE_CONTEXT,
    "disallow": "all",
    "allow": _CODECS,
    "direct_media": "no",
    "allow_transfer": "no",
    "rtp_symmetric": "yes",
    # Hold by a button of the phone is passed on as hold, and not as music of the node between.
    "moh_passthrough": "yes",
    "send_connected_line": "no",
    **_SESSION,
}


@dataclass(frozen=True)
class Peer:
    """Another node: its name, and where its SIP is (UDP), as "192.0.2.7:5060"."""

    name: str
    address: str


@dataclass(frozen=True)
class PeerLogin:
    """What nodes prove to each other that they are of one centre. `secret` is the same at all of them."""

    node: str
    secret: str = field(repr=False)

    def password(self, caller: str, called: str) -> str:
        """By which one node calls another."""
        return hmac.new(self.secret.encode(), f"sip {caller} {called}".encode(), hashlib.sha256).hexdigest()

    def digest_of(self, peer: str) -> str:
        """What a call of that peer is checked with."""
        text = f"{endpoint_from(peer)}:{REALM}:{self.password(peer, self.node)}"
        return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def endpoint_to(node: str) -> str:
    """The endpoint by which a node is called."""
    return f"{_TO}{node}"


def endpoint_from(node: str) -> str:
    """The endpoint by which a node calls, and the name that it calls under."""
    return f"{_FROM}{node}"


def peer_of(endpoint: str) -> str | None:
    """The node behind an endpoint; None for a phone's or a trunk's."""
    for prefix in (_TO, _FROM):
        if endpoint.startswith(prefix):
            return endpoint.removeprefix(prefix)
    return None


def check(peer: Peer) -> None:
    """Raises BadRequest for what Asterisk could not use."""
    if not NODE_NAME.fullmatch(peer.name) or not _HOST.fullmatch(peer.address):
        raise BadRequest(400, "The name or the address of the node is not valid")


def fields_to(login: PeerLogin, peer: Peer) -> dict[str, str]:
    """The endpoint by which a node is called. Nothing may call by it."""
    return {
        "aors": endpoint_to(peer.name),
        "outbound_auth": endpoint_to(peer.name),
        "from_user": endpoint_from(login.node),
        "identify_by": "ip",
        "trust_id_outbound": "yes",
        "send_pai": "yes",
        # As a phone of this node that is not heard any more.
        "rtp_timeout": "30",
        **_LINE,
    }


def fields_from(peer: Peer) -> dict[str, str]:
    """The endpoint by which a node calls, and proves by its password that it is the one."""
    return {
        "auth": endpoint_from(peer.name),
        "identify_by": "username,auth_username",
        "trust_id_inbound": "yes",
        "send_pai": "no",
        **_LINE,
    }
