"""The trunks by which a number can be called now, one after the other."""

from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from activities.calls.node import Node
from db.core.engine import Database
from db.trunks import channels
from db.trunks.trunks import Route
from domain.calls.failure import Failure
from telephony.asterisk import Asterisk
from telephony.dialling import HIDDEN, route_endpoint
from telephony.errors import Refused, TelephonyError
from workflows.calls.trunk_tries import Way
from workflows.core import timeouts

log = structlog.get_logger(__name__)

_MARGIN = timeouts.RING_MARGIN.total_seconds()


@dataclass(frozen=True)
class OutsideLeg:
    """A leg of a call that is to ring somebody outside; `app_args` is what it enters our application with."""

    call_id: str
    channel: str
    app_args: str
    is_guest: bool = False


async def call(node: Node, leg: OutsideLeg, routes: Sequence[Route], avoid: Sequence[str] = ()) -> Way:
    """Calls by the first of these trunks that has a channel left and by which a call can be begun.

    Those to `avoid` are left out: their carriers were down in this call, and come last in the next ones, too.
    """
    asterisk = node.asterisk
    node.resting.note(routes, avoid)
    tried: list[str] = []
    left = await _in_order(node, routes, avoid)
    for place, route in enumerate(left, 1):
        if not await _take(node.database, leg, route.trunk):
            log.warning("all channels of a trunk are taken", call_id=leg.call_id, trunk=route.trunk)
            continue
        tried.append(route.trunk)
        try:
            await asterisk.originate(
                leg.channel,
                endpoint=route_endpoint(route.trunk, route.number, route.host, route.transport),
                app_args=leg.app_args,
                caller_number=route.caller,
                variables=HIDDEN if route.anonymous else None,
                # The call itself counts, from the first ringing on; this is for calls that nobody looks after any more.
                timeout=route.setup_seconds + route.ring_seconds + _MARGIN,
            )
        except Refused as refusal:
            log.warning("trunk cannot be used", call_id=leg.call_id, trunk=route.trunk, status=refusal.status)
            continue
        return Way(tuple(tried), place < len(left), None, route.setup_seconds, route.ring_seconds)
    full = Failure.NO_CHANNEL if left else Failure.NO_ROUTE
    return Way(tuple(tried), failure=Failure.CARRIER_DOWN if tried or avoid else full)


async def _take(database: Database, leg: OutsideLeg, trunk: str) -> bool:
    async with database.write() as session:
        return await channels.take(session, channels.Channel(trunk, leg.call_id, leg.is_guest))


async def _in_order(node: Node, routes: Sequence[Route], avoid: Sequence[str]) -> list[Route]:
    """The routes, those last whose carriers were down a moment ago or do not answer checks: some never do.

    They are used all the same, when there is no better one.
    """
    left = [route for route in routes if route.trunk not in avoid]
    if len(left) < 2:
        return left
    last = [(node.resting.rests(route), not await _answers(node.asterisk, route.trunk)) for route in left]
    order = sorted(range(len(left)), key=lambda place: last[place])
    return [left[place] for place in order]


async def _answers(asterisk: Asterisk, trunk: str) -> bool:
    try:
        return (await asterisk.endpoint(trunk)).online
    except TelephonyError:
        return False
