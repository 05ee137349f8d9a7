"""Dial strings and caller ids that hostile text cannot break out of."""

import re

from telephony.config.dialplan import AT_ONCE_HEADER
from telephony.errors import BadRequest
from telephony.peer import NODE_NAME, endpoint_to
from telephony.text import NAME_LIMIT, NUMBER_LIMIT, clean
from telephony.trunk import uri

_NUMBER = re.compile(rf"[+]?[0-9A-Za-z*#._-]{{1,{NUMBER_LIMIT}}}")
ANSWER_AT_ONCE = {f"PJSIP_HEADER(add,{AT_ONCE_HEADER})": "yes"}
"""Variables of a leg by which a portal's page answers without ringing: its agent has asked for the call."""

HIDDEN = {"CALLERID(pres)": "prohib", "CONNECTEDLINE(pres)": "prohib"}
"""Variables of a leg by which the called phone is not shown who calls (RFC 3323); the carrier is told."""

_HOST = re.compile(r"[0-9A-Za-z.:\[\]-]{1,253}")
_ENDPOINT = re.compile(r"[0-9A-Za-z._-]{1,64}")


def extension_endpoint(extension: str) -> str:
    """The dial string of an extension's phone. Raises BadRequest."""
    if not _ENDPOINT.fullmatch(extension):
        raise BadRequest(400, "The name of the extension has a character that cannot be dialled")
    return f"PJSIP/{extension}"


def node_endpoint(extension: str, node: str) -> str:
    """The dial string of an extension's phone that is registered with another node. Raises BadRequest."""
    if not _ENDPOINT.fullmatch(extension) or not NODE_NAME.fullmatch(node):
        raise BadRequest(400, "The name of the extension or of the node has a character that cannot be dialled")
    return f"PJSIP/{extension}@{endpoint_to(node)}"


def trunk_endpoint(trunk: str, number: str) -> str:
    """The dial string of a number by a trunk. Raises BadRequest for what is no plain number or name."""
    if not _ENDPOINT.fullmatch(trunk) or not _NUMBER.fullmatch(number):
        raise BadRequest(400, "The trunk or the number has a character that cannot be dialled")
    return f"PJSIP/{number}@{trunk}"


def route_endpoint(trunk: str, number: str, host: str, transport: str) -> str:
    """The dial string of a number by a trunk, to its host whether or not that answers checks. Raises BadRequest."""
    if not _ENDPOINT.fullmatch(trunk) or not _NUMBER.fullmatch(number) or not _HOST.fullmatch(host):
        raise BadRequest(400, "The trunk, the number or the host has a character that cannot be dialled")
    return f"PJSIP/{trunk}/{uri(host, transport, number)}"


def caller_id(name: str, number: str) -> str:
    """A caller id as ARI wants it: the name quoted, so that no name can pass for a number; empty when both are."""
    name, number = clean(name, NAME_LIMIT), clean(number, NUMBER_LIMIT)
    number = re.sub(r"[^0-9A-Za-z+*#._-]", "", number)
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}" <{number}>' if name or number else ""
