"""What several steps do with the legs of a call. A leg that has gone meanwhile is no failure: its event follows."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

import structlog

from activities.calls.node import Node
from domain.calls import ids
from telephony.asterisk import Asterisk
from telephony.dialling import ANSWER_AT_ONCE, extension_endpoint, node_endpoint
from telephony.errors import GONE, Refused
from workflows.calls.parties import Guest, Offer

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class PhoneRing:
    """Ring an extension of ours for a call, for so many seconds, on the leg `attempt`.

    `at_once`: the phone answers by itself. `at` is the node where it is registered; None, or our own, is here.
    """

    call_id: str
    attempt: int
    extension: str
    seconds: float
    caller_number: str
    caller_name: str = ""
    at_once: bool = False
    at: str | None = None


async def ring(node: Node, phone: PhoneRing) -> bool:
    """Rings a phone. False when it cannot be rung: it is not registered, or refuses."""
    there = extension_endpoint(phone.extension)
    if phone.at is not None and phone.at != node.name:
        there = node_endpoint(phone.extension, phone.at)
    try:
        await node.asterisk.originate(
            ids.agent_leg(phone.call_id, phone.attempt),
            endpoint=there,
            app_args=f"agent,{phone.call_id}",
            caller_name=phone.caller_name,
            caller_number=phone.caller_number,
            timeout=phone.seconds,
            variables=ANSWER_AT_ONCE if phone.at_once else None,
        )
    except Refused as refusal:
        # A phone that was cut off is rung again and again until it is back.
        note = log.info if phone.at_once else log.warning
        note("phone cannot be rung", call_id=phone.call_id, extension=phone.extension, reason=str(refusal))
        return False
    return True


async def hang_up_agents(asterisk: Asterisk, call_id: str, offers: Iterable[Offer], cause: int | None = None) -> None:
    """Hangs up the legs of these agents, all at once."""
    await asyncio.gather(*(asterisk.hang_up(ids.agent_leg(call_id, offer.attempt), cause) for offer in offers))


async def to_ringback(asterisk: Asterisk, call_id: str, agent: str, guest: Guest) -> None:
    """The agent hears that the third party's phone rings. The agent must be out of the bridge."""
    try:
        await asterisk.play_ringback(agent, ids.guest_ringback(call_id, guest.ringing))
    except GONE as gone:
        log.info("agent left while a third party is rung", call_id=call_id, reason=str(gone))


async def mute_again(asterisk: Asterisk, call_id: str, attempt: int) -> None:
    """Turns off the microphone of a new leg, because it was off on the leg before."""
    try:
        await asterisk.mute(ids.agent_leg(call_id, attempt))
    except GONE as gone:
        log.info("agent left again", call_id=call_id, reason=str(gone))
