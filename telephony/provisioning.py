"""Extensions and trunks, pushed into Asterisk's own database: in force at once, and after a restart."""

import contextlib
import hashlib
import re
from typing import Literal

from domain.phones.realm import REALM
from telephony.ari.request import Requester, path
from telephony.config.dialplan import LET_IN, PHONE_CONTEXT, TRUNK_CONTEXT
from telephony.config.sip import DEMO_TRUNK
from telephony.config.site import DEMO_ADDRESS
from telephony.errors import BadRequest, Failed, NotFound
from telephony.peer import Peer, PeerLogin, endpoint_from, endpoint_to, fields_from, fields_to
from telephony.peer import check as check_peer
from telephony.trunk import NO_CALLER, Trunk, check, endpoint_fields, login_of, registration_fields

Kind = Literal["web", "sip"]

_NAME = re.compile(r"[0-9A-Za-z._-]{1,64}")
_DIGEST = re.compile(r"[0-9a-f]{32}")

_CHECK_EVERY = "15"
"""Seconds between checks that a SIP phone is still there. A browser's websocket tells by itself."""

# Spelt as Asterisk spells them, so that they can be compared.
_AOR = {"max_contacts": "1", "remove_existing": "true", "minimum_expiration": "30", "qualify_timeout": "3.000000"}

# Transfers are ours alone: one that a phone does by itself would slip out of its call. "disallow" goes before "allow".
# A phone that we have rung may offer codecs anew of which we have none: that is refused. As Asterisk usually merges the
# offer with what it has, it would find something, fail to answer with it, and end the call.
_COMMON = {
    "callerid": NO_CALLER,
    "disallow": "all",
    "direct_media": "no",
    "allow_transfer": "no",
    "rtp_symmetric": "yes",
    "outgoing_call_offer_pref": "remote",
}
# A phone is who it says, for it proves that by its password; a trunk is never who it says, but where it comes from.
_PHONE = {**_COMMON, "context": PHONE_CONTEXT, "identify_by": "username,auth_username"}
# A phone that lost its network says no goodbye. Without sound, an agent's leg ends: the customer hears music, and a
# phone that was only silent rings again. For a customer's leg it would be the end of the call: customers are asked
# instead (RFC 4028).
_WEB = {**_PHONE, "rtp_timeout": "8", "webrtc": "yes", "dtls_auto_generate_cert": "yes", "allow": "opus,ulaw,alaw"}
_SIP = {**_PHONE, "rtp_timeout": "30", "rewrite_contact": "yes", "force_rport": "yes", "allow": "alaw,ulaw,g722,opus"}
_DEMO = {
    "callerid": NO_CALLER,
    "context": TRUNK_CONTEXT,
    "identify_by": "ip",
    "disallow": "all",
    "allow": "ulaw,alaw",
    "direct_media": "no",
    "trust_id_inbound": "yes",
}


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
        await self._put_digest(number, number, digest)
        await self._put_aor(number, _AOR | {"qualify_frequency": _CHECK_EVERY if kind == "sip" else "0"})
        phone = _WEB if kind == "web" else _SIP
        await self._put_phone(number, {"auth": number, "aors": number, **phone})

    async def remove_extension(self, number: str) -> None:
        """Take an extension away, its phone's registration with it. One that is not there is no error."""
        for kind in ("endpoint", "aor", "auth"):
            await self._delete(kind, number)

    async def forget_contact(self, number: str, address: str) -> bool:
        """Take a phone's registration away, if the extension has it. `address` is as ContactChanged tells it."""
        # Asterisk names its object so.
        name = hashlib.md5(address.encode(), usedforsecurity=False).hexdigest()
        return await self._delete("contact", f"{number};@{name}")

    async def push_trunk(self, trunk: Trunk) -> None:
        """Make or change a trunk."""
        check(trunk)
        if trunk.username:
            await self._put(
                "auth", trunk.name, {"auth_type": "userpass", "username": trunk.username, "password": trunk.password}
            )
        if trunk.login_digest:
            await self._put_digest(login_of(trunk.name), trunk.name, trunk.login_digest)
        # The endpoint first: Asterisk leaves out the first check of an AOR that no endpoint has yet.
        await self._put("endpoint", trunk.name, endpoint_fields(trunk))
        await self._delete("aor", trunk.name)
        # The check tells whether it answers; calls are sent in any case (see dialling), for some never answer checks.
        await self._put("aor", trunk.name, {"contact": trunk.contact, "qualify_frequency": "30"})
        await self._delete("registration", trunk.name)
        if trunk.registers:
            await self._put("registration", trunk.name, registration_fields(trunk))
        if not trunk.username:
            await self._delete("auth", trunk.name)
        if not trunk.login_digest:
            await self._delete("auth", login_of(trunk.name))
        addresses = () if trunk.login_digest else trunk.addresses
        # One object an address: Asterisk's database keeps only the last of several in one object.
        for number, address in enumerate(addresses):
            await self._put("identify", f"{trunk.name}~{number}", {"endpoint": trunk.name, "match": address})
        await self._forget_addresses(trunk.name, len(addresses))
        await self._let_in(trunk.name)

    async def _let_in(self, name: str) -> None:
        """Take calls of a trunk, until Asterisk ends: before the next one runs it may change, or go."""
        query = {"variable": f"{LET_IN}{name}", "value": "yes"}
        await self._requester.request("POST", path("asterisk", "variable"), query=query)

    async def remove_trunk(self, name: str) -> None:
        """Take a trunk away; calls on it go on."""
        await self._forget_addresses(name, 0)
        for kind in ("registration", "endpoint", "aor", "auth"):
            await self._delete(kind, name)
        await self._delete("auth", login_of(name))

    async def push_peer(self, login: PeerLogin, peer: Peer) -> None:
        """Make or change the lines to and from another node."""
        check_peer(peer)
        to, by = endpoint_to(peer.name), endpoint_from(peer.name)
        password = login.password(login.node, peer.name)
        await self._put(
            "auth", to, {"auth_type": "userpass", "username": endpoint_from(login.node), "password": password}
        )
        await self._put_digest(by, by, login.digest_of(peer.name))
        await self._delete("aor", to)
        await self._put("aor", to, {"contact": f"sip:{peer.address}", "qualify_frequency": "0"})
        await self._put("endpoint", to, fields_to(login, peer))
        await self._put("endpoint", by, fields_from(peer))

    async def push_demo(self) -> None:
        """Let the demo caller in, until remove_demo. No more than its first INVITE needs that; its call goes on."""
        await self._put("endpoint", DEMO_TRUNK, _DEMO)
        await self._put("identify", DEMO_TRUNK, {"endpoint": DEMO_TRUNK, "match": f"{DEMO_ADDRESS}/32"})
        await self._let_in(DEMO_TRUNK)

    async def remove_demo(self) -> None:
        """Let the demo caller in no more."""
        for kind in ("identify", "endpoint"):
            await self._delete(kind, DEMO_TRUNK)

    async def ban(self, address: str) -> None:
        """Refuse, by 403, whatever comes from an address, or from the /64 of an IPv6 one, until Asterisk ends."""
        name = _ban_name(address)
        with contextlib.suppress(Failed):
            # Asterisk makes it, and then answers 500: it has no way to write an address list down.
            await self._put("acl", name, {"deny": f"{address}/64" if ":" in address else f"{address}/32"})
        with contextlib.suppress(Failed):
            # The same for reading; 404, if it was not made, is no Failed.
            await self._requester.request("GET", _object("acl", name))

    async def unban(self, address: str) -> None:
        """Let an address in again. One that is not banned is no error."""
        await self._delete("acl", _ban_name(address))

    async def _put_digest(self, name: str, user: str, digest: str) -> None:
        fields = {"auth_type": "digest", "username": user, "realm": REALM, "password_digest": f"MD5:{digest}"}
        await self._put("auth", name, fields)

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


def _ban_name(address: str) -> str:
    return f"ban~{address.replace(':', '_')}"


def _object(kind: str, name: str) -> str:
    return path("asterisk", "config", "dynamic", "res_pjsip", kind, name)
