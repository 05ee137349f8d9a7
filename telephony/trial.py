"""One call that is only made to hear what a carrier says to it."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from aiohttp import ClientError, ClientSession, ClientWebSocketResponse, WSMsgType, encode_basic_auth

from telephony.ari.http import AriHttp
from telephony.ari.request import path
from telephony.dialling import caller_id
from telephony.errors import NotConnected, NotFound, Refused, Unreachable

_TRIAL = "check-"


@dataclass(frozen=True)
class Outcome:
    """What the carrier said: the SIP status (0 for none) and the Q.850 cause; whether it rang, and was answered."""

    status: int = 0
    cause: int = 0
    rang: bool = False
    answered: bool = False


@dataclass(frozen=True)
class Trial:
    """Where Asterisk's HTTP port is, and with which user and password it is asked."""

    port: int
    user: str
    password: str

    async def call(
        self, endpoint: str, caller: str, seconds: float, variables: Mapping[str, str] | None = None
    ) -> Outcome:
        """Call, for so long at most, and hang up at once when somebody answers.

        Raises NotConnected, and Unreachable when Asterisk could not even begin.
        """
        channel = f"{_TRIAL}{uuid4().hex}"
        async with self._events(channel) as events, AriHttp(self.port, self.user, self.password) as ari:
            query = {"endpoint": endpoint, "app": channel, "timeout": str(round(seconds))}
            shown = caller_id("", caller)
            if shown:
                query["callerId"] = shown
            try:
                await ari.request(
                    "POST", path("channels", channel), query=query, body={"variables": dict(variables or {})}
                )
            except Refused as refused:
                raise Unreachable(refused.status, "Asterisk could not begin the call") from refused
            try:
                async with asyncio.timeout(seconds + 5):
                    return await _outcome(events)
            except TimeoutError:
                return Outcome()
            finally:
                await _hang_up(ari, channel)

    @asynccontextmanager
    async def _events(self, application: str) -> AsyncIterator[ClientWebSocketResponse]:
        headers = {"Authorization": encode_basic_auth(self.user, self.password)}
        url = f"http://127.0.0.1:{self.port}/ari/events?app={application}"
        async with ClientSession(headers=headers) as session:
            try:
                websocket = await session.ws_connect(url)
            except ClientError as error:
                raise NotConnected("Asterisk does not answer") from error
            async with websocket:
                yield websocket


async def _outcome(events: ClientWebSocketResponse) -> Outcome:
    rang = False
    async for message in events:
        if message.type is not WSMsgType.TEXT:
            continue
        event: dict[str, Any] = message.json()
        match event.get("type"):
            case "ChannelStateChange":
                rang = rang or event["channel"]["state"] == "Ringing"
            case "StasisStart":
                return Outcome(rang=rang, answered=True)
            case "ChannelDestroyed":
                return Outcome(int(event.get("tech_cause", 0)), int(event.get("cause", 0)), rang)
    raise NotConnected("Asterisk broke off")


async def _hang_up(ari: AriHttp, channel: str) -> None:
    try:
        await ari.request("DELETE", path("channels", channel))
    except NotFound:
        return
