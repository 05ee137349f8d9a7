"""The trunks by which a number can be called now, in the order in which they are to be tried."""

from collections.abc import Sequence

from db.trunks import Route
from telephony.asterisk import Asterisk
from telephony.dialling import route_endpoint
from telephony.errors import TelephonyError


async def in_order(asterisk: Asterisk, routes: Sequence[Route], avoid: Sequence[str] = ()) -> list[Route]:
    """The routes, those last whose carriers do not answer checks: some never do, and are used all the same.

    A trunk to `avoid` is left out.
    """
    left = [route for route in routes if route.trunk not in avoid]
    if len(left) < 2:
        return left
    answering = [await _answers(asterisk, route.trunk) for route in left]
    order = sorted(range(len(left)), key=lambda place: not answering[place])
    return [left[place] for place in order]


def endpoint(route: Route) -> str:
    """The dial string of a route. Raises BadRequest."""
    return route_endpoint(route.trunk, route.number, route.host, route.transport)


async def _answers(asterisk: Asterisk, trunk: str) -> bool:
    try:
        return (await asterisk.endpoint(trunk)).online
    except TelephonyError:
        return False
