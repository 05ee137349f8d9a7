"""A caller for newcomers: a real SIP call from an address of its own, with a voice in it."""

import asyncio
from uuid import uuid4

from telephony.ari.request import Requester, path
from telephony.config.dialplan import DEMO_CONTEXT
from telephony.config.sip import DEMO_CALLER, DEMO_TRUNK
from telephony.dialling import caller_id, trunk_endpoint
from telephony.errors import Failed, NotFound, Refused, Unreachable
from telephony.provisioning import Provisioning

DEMO_PREFIX = "demo-"
"""How the ids of the demo caller's own channels begin: they are not calls of the centre."""

_PATIENCE = 300  # seconds that the caller waits to be answered
_COMES_IN_WITHIN = 5.0
_POLL_SECONDS = 0.02


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
    provisioning = Provisioning(requester)
    await provisioning.push_demo()
    try:
        await requester.request("POST", path("channels", channel), query=query)
        await _came_in(requester, channel)
    except (Refused, Failed) as refused:
        raise Unreachable(refused.status, "The demo caller could not dial") from refused
    finally:
        await provisioning.remove_demo()
    return channel


async def _came_in(requester: Requester, caller: str) -> None:
    """Wait until the caller's call is in the centre, or was refused, or does not come."""
    try:
        async with asyncio.timeout(_COMES_IN_WITHIN):
            while not (await requester.request("GET", path("endpoints", "PJSIP", DEMO_TRUNK)))["channel_ids"]:
                await requester.request("GET", path("channels", caller))
                await asyncio.sleep(_POLL_SECONDS)
    except (TimeoutError, NotFound):
        return
