from collections.abc import Mapping
from typing import Any, Literal, Protocol
from urllib.parse import quote

Method = Literal["GET", "POST", "PUT", "DELETE"]

REQUEST_TIMEOUT = 5.0
"""Seconds from the call to the answer, waiting for a connection included. Asterisk answers in under a millisecond."""


class Requester(Protocol):
    """Whatever carries a request to Asterisk."""

    async def request(
        self,
        method: Method,
        uri: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        timeout: float = REQUEST_TIMEOUT,  # noqa: ASYNC109  A number travels further than a context does.
    ) -> Any:
        """Ask and return the decoded answer (None when it has no body).

        Raises NotConnected, RequestTimedOut, Refused and its kinds, ProtocolError.
        """


def path(*parts: str) -> str:
    """A uri of those parts, each made safe: an id can never become another resource."""
    return "/".join(quote(part, safe="") for part in parts)
