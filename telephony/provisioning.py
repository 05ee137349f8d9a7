"""Extensions and trunks, pushed into Asterisk's own database: in force at once, and after a restart."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Literal

from telephony.ari.request import Requester, path
from telephony.config.dialplan import PHONE_CONTEXT, TRUNK_CONTEXT
from telephony.config.sip import DEMO_TRUNK, REALM
from telephony.config.site import DEMO_ADDRESS
from telephony.errors import BadRequest, NotFound

Kind = Literal["web", "sip"]

_NAME = re.compile(r"[0-9A-Za-z._-]{1,64}")
_DIGEST = re.compile(r"[0-9a-f]{32}")
_HOST = re.compile(r"[0-9A-Za-z.:\[\]-]{1,253}")
_BROWSERS = tuple(ip_address(text) for text in ("127.0.0.1", "::1"))
"""Where the portal carries browsers' SIP from: as a trunk's address it would make each of them that trunk."""
_PLAIN = re.compile(r"[!-:<-~]{0,128}")  # Printable, without the space and the comment sign ";".

_CHECK_EVERY = "15"
"""Seconds between checks that a SIP phone is still there. A browser's websocket tells by itself."""

# Spelt as Asterisk spells them, so that they can be compared.
_AOR = {"max_contacts": "1", "remove_existing": "true", "minimum_expiration": "30", "qualify_timeout": "3.000000"}

# Transfers are ours alone: one that a phone does by itself would slip out of its call. "disallow" goes before "allow".
_COMMON = {"disallow": "all", "direct_media": "no", "allow_transfer": "no", "rtp_symmetric": "yes"}
# A phone is who it says, for it proves that by its password; a trunk is never who it says, but where it comes from.
_PHONE = {**_COMMON, "context": PHONE_CONTEXT, "identify_by": "username,auth_username"}
# Who vanished says no goodbye. Without sound, an agent's leg ends: the customer hears music, and a phone that was only
# silent rings again. For a customer's leg it would be the end of the call: customers are asked instead (RFC 4028).
_WEB = {**_PHONE, "rtp_timeout": "8", "webrtc": "yes", "dtls_auto_generate_cert": "yes", "allow": "opus,ulaw,alaw"}
_SIP = {**_PHONE, "rtp_timeout": "30", "rewrite_contact": "yes", "force_rport": "yes", "allow": "alaw,ulaw,g722,opus"}
_TRUNK = {
    **_COMMON,
    "context": TRUNK_CONTEXT,
    "identify_by": "ip",
    # Keys by RFC 4733 where the other side offers it, else heard in the sound; those by INFO are taken in any case.
    "dtmf_mode": "auto",
    "allow": "alaw,ulaw,g722,opus",
    # Who wants session timers gets them. They are forced on nobody: whoever refuses a refresh would be cut off.
    "timers": "yes",
    "timers_sess_expires": "1800",
}

_DEMO = {
    "context": TRUNK_CONTEXT,
    "identify_by": "ip",
    "disallow": "all",
    "allow": "ulaw,alaw",
    "direct_media": "no",
    "trust_id_inbound": "yes",
}


@dataclass(frozen=True)
class Trunk:
    """A line to the outside world."""

    name: str
    host: str
    """Where to send calls: host or host:port."""
    addresses: Sequence[str]
    """Where its calls come from: addresses or networks; who calls from there is this trunk."""
    username: str = ""
    """To log in there where it asks us to; empty when it knows us by our address."""
    password: str = ""
    trusted: bool = False
    """Whether the caller that it asserts (P-Asserted-Identity) is believed, and not only From."""


class Provisioning:
    """What to push. Each may be repeated; the last one counts."""

    def __init__(self, requester: Requester) -> None:
        self._requester = requester

    async def push_extension(self, number: str, kind: Kind, digest: str) -> None:
        """Make or change an extension.

        digest: lower-case hexadecimal MD5 of "<number>:everline:<password>" (SIP's HA1), so no password is ever here.
        """
        if not _NAME.fullmatch(number) or not _DIGEST.fullmatch(digest):
            raise BadRequest(400, "The number or the digest of the extension is not valid")
        await self._put(
            "auth",
            number,
            {"auth_type": "digest", "username": number, "realm": REALM, "password_digest": f"MD5:{digest}"},
        )
        await self._put_aor(number, _AOR | {"qualify_frequency": _CHECK_EVERY if kind == "sip" else "0"})
        phone = _WEB if kind == "web" else _SIP
        await self._put_phone(number, {"auth": number, "aors": number, **phone})

    async def remove_extension(self, number: str) -> None:
        """Take an extension away, its phone's registration with it. One that is not there is no error."""
        for kind in ("endpoint", "aor", "auth"):
            await self._delete(kind, number)

    async def push_trunk(self, trunk: Trunk) -> None:
        """Make or change a trunk."""
        _check_trunk(trunk)
        endpoint = {"aors": trunk.name, "trust_id_inbound": "yes" if trunk.trusted else "no", **_TRUNK}
        if trunk.username:
            await self._put(
                "auth", trunk.name, {"auth_type": "userpass", "username": trunk.username, "password": trunk.password}
            )
            endpoint["outbound_auth"] = trunk.name
        await self._delete("aor", trunk.name)
        await self._put("aor", trunk.name, {"contact": f"sip:{trunk.host}", "qualify_frequency": "60"})
        await self._put("endpoint", trunk.name, endpoint)
        # One object an address: Asterisk's database keeps only the last of several in one object.
        for number, address in enumerate(trunk.addresses):
            await self._put("identify", f"{trunk.name}~{number}", {"endpoint": trunk.name, "match": address})
        await self._forget_addresses(trunk.name, len(trunk.addresses))

    async def remove_trunk(self, name: str) -> None:
        """Take a trunk away; calls on it go on."""
        await self._forget_addresses(name, 0)
        for kind in ("endpoint", "aor", "auth"):
            await self._delete(kind, name)

    async def push_demo(self) -> None:
        """Let the demo caller in, until remove_demo. No more than its first INVITE needs that; its call goes on."""
        await self._put("endpoint", DEMO_TRUNK, _DEMO)
        await self._put("identify", DEMO_TRUNK, {"endpoint": DEMO_TRUNK, "match": f"{DEMO_ADDRESS}/32"})

    async def remove_demo(self) -> None:
        """Let the demo caller in no more."""
        for kind in ("identify", "endpoint"):
            await self._delete(kind, DEMO_TRUNK)

    async def _put_aor(self, name: str, fields: dict[str, str]) -> None:
        """As _put, but never over an existing one.

        Asterisk would write down the phone that is registered just now as one that is there for ever.
        """
        present = await self._present("aor", name)
        if all(present.get(attribute) == value for attribute, value in fields.items()):
            return
        await self._delete("aor", name)
        await self._put("aor", name, fields)

    async def _put_phone(self, name: str, fields: dict[str, str]) -> None:
        """As _put, but from scratch when the kind changes: "webrtc" brings other fields along, which would stay."""
        if (await self._present("endpoint", name)).get("webrtc", "no") != fields.get("webrtc", "no"):
            await self._delete("endpoint", name)
        await self._put("endpoint", name, fields)

    async def _present(self, kind: str, name: str) -> dict[str, str]:
        try:
            found = await self._requester.request("GET", _object(kind, name))
        except NotFound:
            return {}
        return {field["attribute"]: field["value"] for field in found}

    async def _put(self, kind: str, name: str, fields: dict[str, str]) -> None:
        body = {"fields": [{"attribute": attribute, "value": value} for attribute, value in fields.items()]}
        await self._requester.request("PUT", _object(kind, name), body=body)

    async def _forget_addresses(self, trunk: str, first: int) -> None:
        """Remove the addresses of a trunk from that one on, to the last."""
        number = first
        while await self._delete("identify", f"{trunk}~{number}"):
            number += 1

    async def _delete(self, kind: str, name: str) -> bool:
        try:
            await self._requester.request("DELETE", _object(kind, name))
        except NotFound:
            return False
        return True


def _object(kind: str, name: str) -> str:
    return path("asterisk", "config", "dynamic", "res_pjsip", kind, name)


def _check_trunk(trunk: Trunk) -> None:
    if not _NAME.fullmatch(trunk.name) or not _HOST.fullmatch(trunk.host):
        raise BadRequest(400, "The name or the host of the trunk is not valid")
    if not trunk.addresses:
        raise BadRequest(400, "A trunk needs addresses or networks that its calls come from")
    if any(has_browsers(_network(address)) for address in trunk.addresses):
        raise BadRequest(400, "A trunk cannot be this machine's own address: browsers' SIP comes from there")
    if not _PLAIN.fullmatch(trunk.username) or not _PLAIN.fullmatch(trunk.password):
        raise BadRequest(400, "The user name or password of the trunk has a character that cannot be sent")


def has_browsers(network: IPv4Network | IPv6Network) -> bool:
    """Whether a network has an address that browsers' SIP comes from."""
    return any(address in network for address in _BROWSERS)


def _network(address: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(address, strict=False)
    except ValueError:
        raise BadRequest(400, "A trunk needs addresses or networks that its calls come from") from None
