"""What a request is written down with: where it comes from, and why it was refused."""

import time
from collections import OrderedDict

import structlog
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from db.audit import audit

log = structlog.get_logger(__name__)

_MOST_A_MINUTE = 20
_MOST_ADDRESSES = 1000
_MINUTE = 60.0
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Origins:
    """Lets whatever is written to the audit for a request say from which address it came."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on."""
        if scope["type"] != "lifespan":
            audit.ORIGIN.set(scope["client"][0] if scope.get("client") else None)
        await self._app(scope, receive, send)


class Budget:
    """How many refusals of an address are still written down in this minute, so that nobody fills the log."""

    def __init__(self) -> None:
        self._spent: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def spend(self, address: str) -> bool:
        """Whether one more is to be written down."""
        moment = time.monotonic()
        began, count = self._spent.pop(address, (moment, 0))
        if moment - began > _MINUTE:
            began, count = moment, 0
        self._spent[address] = (began, count + 1)
        if len(self._spent) > _MOST_ADDRESSES:
            self._spent.popitem(last=False)
        return count < _MOST_A_MINUTE


_budget = Budget()


def tell_refused(connection: HTTPConnection, status: int, why: str) -> None:
    """Writes down who was refused where, when it is about what somebody may do: every 403, and a 401 on a change."""
    method = connection.scope.get("method", "WEBSOCKET")
    if status not in {401, 403} or (status == 401 and method in _SAFE):
        return
    address = connection.client.host if connection.client else "unknown"
    if _budget.spend(address):
        # The route's own path, for what is in its place may be a number or a name.
        route = getattr(connection.scope.get("route"), "path", None)
        user_id = getattr(connection.state, "user_id", None)
        log.warning(
            "request refused",
            status=status,
            method=method,
            path=route or connection.url.path,
            user_id=str(user_id) if user_id else None,
            address=address,
            origin=connection.headers.get("origin"),
            reason=why,
        )
