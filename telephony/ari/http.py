from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

from aiohttp import ClientError, ClientSession, ClientTimeout, encode_basic_auth
from yarl import URL

from telephony.ari.request import REQUEST_TIMEOUT, Method
from telephony.errors import NotConnected, ProtocolError, RequestTimedOut, refusal

_REFUSED_FROM = 300


class AriHttp:
    """Single requests over Asterisk's own HTTP port, for commands that run beside the node process."""

    def __init__(self, port: int, user: str, password: str, host: str = "127.0.0.1") -> None:
        self._base = f"http://{host}:{port}/ari/"
        self._session = ClientSession(headers={"Authorization": encode_basic_auth(user, password)})

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    async def request(
        self,
        method: Method,
        uri: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        timeout: float = REQUEST_TIMEOUT,  # noqa: ASYNC109  See Requester.
    ) -> Any:
        """As Requester."""
        try:
            async with self._session.request(
                method, URL(self._base + uri, encoded=True), params=query, json=body, timeout=ClientTimeout(timeout)
            ) as response:
                text = await response.text()
                content = await response.json() if text and response.content_type == "application/json" else None
        except TimeoutError:
            raise RequestTimedOut(f"{method} {uri} was not answered within {timeout:g} s") from None
        except ClientError as error:
            raise NotConnected(f"Asterisk does not answer at {self._base}") from error
        except ValueError as error:
            raise ProtocolError("Asterisk's answer is no JSON") from error
        if response.status >= _REFUSED_FROM:
            message = content.get("message") if isinstance(content, dict) else None
            raise refusal(response.status, str(message or response.reason or ""))
        return content
