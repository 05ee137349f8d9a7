"""Somebody who guesses the SIP passwords of our extensions."""

import asyncio
import hashlib
import re
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Self


class Guesser(asyncio.DatagramProtocol):
    """Registers with one password after the other, over UDP from an address of its own."""

    def __init__(self) -> None:
        self._answers: asyncio.Queue[str] = asyncio.Queue()
        self._transport: asyncio.DatagramTransport | None = None
        self._server = ("", 0)
        self._address = ""
        self._nonce = ""

    @classmethod
    @asynccontextmanager
    async def start(cls, bind: str, server: str) -> AsyncIterator[Self]:
        transport, guesser = await asyncio.get_running_loop().create_datagram_endpoint(cls, local_addr=(bind, 0))
        guesser._transport = transport
        guesser._address = f"{bind}:{transport.get_extra_info('sockname')[1]}"
        host, _, port = server.partition(":")
        guesser._server = (host, int(port))
        try:
            yield guesser
        finally:
            transport.close()

    def datagram_received(self, data: bytes, _address: object) -> None:
        self._answers.put_nowait(data.decode())

    async def challenge(self, user: str) -> int:
        """Asks for a nonce. Returns the status: 401, or 403 for who is banned."""
        answer = await self._register(user, "")
        found = re.search(r'nonce="([^"]+)"', answer)
        self._nonce = found[1] if found else ""
        return _status(answer)

    async def guess(self, user: str, password: str, *, nonce: str | None = None) -> int:
        """Registers with a password. Returns the status: 200 when it was the right one."""
        uri, nonce = f"sip:{self._server[0]}", self._nonce if nonce is None else nonce
        first = _md5(f"{user}:everline:{password}")
        response = _md5(f"{first}:{nonce}:{_md5(f'REGISTER:{uri}')}")
        return _status(
            await self._register(
                user,
                f'Authorization: Digest username="{user}", realm="everline", nonce="{nonce}", uri="{uri}", '
                f'response="{response}", algorithm=MD5\r\n',
            )
        )

    async def _register(self, user: str, authorization: str) -> str:
        assert self._transport is not None
        branch = secrets.token_hex(8)
        request = (
            f"REGISTER sip:{self._server[0]} SIP/2.0\r\n"
            f"Via: SIP/2.0/UDP {self._address};branch=z9hG4bK{branch};rport\r\n"
            f"From: <sip:{user}@{self._server[0]}>;tag={branch}\r\nTo: <sip:{user}@{self._server[0]}>\r\n"
            f"Call-ID: {branch}\r\nCSeq: 1 REGISTER\r\nMax-Forwards: 70\r\nContact: <sip:{user}@{self._address}>\r\n"
            f"{authorization}Expires: 60\r\nContent-Length: 0\r\n\r\n"
        )
        self._transport.sendto(request.encode(), self._server)
        async with asyncio.timeout(5):
            while True:
                answer = await self._answers.get()
                if f"Call-ID: {branch}" in answer:
                    return answer


def _status(answer: str) -> int:
    return int(answer.split(" ", 2)[1])


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
