"""The trunks by which a number can be called now, one after the other."""

from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from db.trunks import Route
from domain.failure import Failure
from telephony.asterisk import Asterisk
from telephony.dialling import route_endpoint
from telephony.errors import Refused, TelephonyError
from workflows.messages import Way

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Leg:
    """A leg of a call that is to ring somebody outside; `app_args` is what it enters our application with."""

    call_id: str
    channel: str
    app_args: str
    ring_seconds: float


async def call(asterisk: Asterisk, leg: Leg, routes: Sequence[Route], avoid: Sequence[str] = ()) -> Way:
    """Calls by the first of these trunks by which a call can be begun, but those to `avoid`."""
    tried: list[str] = []
    left = await _in_order(asterisk, routes, avoid)
    for route in left:
        tried.append(route.trunk)
        try:
            await asterisk.originate(
                leg.channel,
                endpoint=route_endpoint(route.trunk, route.number, route.host, route.transport),
                app_args=leg.app_args,
                caller_number=route.caller,
                timeout=leg.ring_seconds,
            )
        except Refused as refusal:
            log.warning("trunk cannot be used", call_id=leg.call_id, trunk=route.trunk, status=refusal.status)
            continue
        return Way(tuple(tried), has_other=len(tried) < len(left))
    return Way(tuple(tried), failure=Failure.CARRIER_DOWN if tried or avoid else Failure.NO_ROUTE)


async def _in_order(asterisk: Asterisk, routes: Sequence[Route], avoid: Sequence[str]) -> list[Route]:
    """The routes, those last whose carriers do not answer checks: some never do, and are used all the same."""
    left = [route for route in routes if route.trunk not in avoid]
    if len(left) < 2:
        return left
    answering = [await _answers(asterisk, route.trunk) for route in left]
    order = sorted(range(len(left)), key=lambda place: not answering[place])
    return [left[place] for place in order]


async def _answers(asterisk: Asterisk, trunk: str) -> bool:
    try:
        return (await asterisk.endpoint(trunk)).online
    except TelephonyError:
        return False
