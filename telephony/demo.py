"""A caller for newcomers: a real SIP call from an address of its own, with a voice in it."""

from uuid import uuid4

from telephony.ari.request import Requester, path
from telephony.config.dialplan import DEMO_CONTEXT
from telephony.config.sip import DEMO_CALLER
from telephony.dialling import caller_id, trunk_endpoint
from telephony.errors import Failed, Refused, Unreachable

DEMO_PREFIX = "demo-"
"""How the ids of the demo caller's own channels begin: they are not calls of the centre."""

_PATIENCE = 300  # seconds that the caller waits to be answered


async def place_demo_call(requester: Requester, number: str, caller_name: str, caller_number: str) -> str:
    """Dial that number of the centre; returns the id of the caller's channel. Raises BadRequest, Unreachable."""
    channel = f"{DEMO_PREFIX}{uuid4().hex}"
    query = {
        "endpoint": trunk_endpoint(DEMO_CALLER, number),
        "context": DEMO_CONTEXT,
        "extension": "s",
        "priority": "1",
        "timeout": str(_PATIENCE),
    }
    shown = caller_id(caller_name, caller_number)
    if shown:
        query["callerId"] = shown
    try:
        await requester.request("POST", path("channels", channel), query=query)
    except (Refused, Failed) as refused:
        raise Unreachable(refused.status, "The demo caller could not dial") from refused
    return channel
