"""A carrier that is reached by TCP or TLS."""

import asyncio
import contextlib
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.phones.raw_carrier import Manners, RawCarrier


@asynccontextmanager
async def stream_carrier(
    bind: str, manners: Manners, context: ssl.SSLContext | None = None
) -> AsyncIterator[RawCarrier]:
    """A carrier at a free port of that address; with `context` it speaks TLS."""
    carrier = RawCarrier(manners)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = re.search(rb"Content-Length:\s*(\d+)", head, re.IGNORECASE)
                body = await reader.readexactly(int(length[1])) if length else b""
                for reply in carrier.take((head + body).decode(errors="replace")):
                    writer.write(reply)
                await writer.drain()

    async with await asyncio.start_server(talk, bind, 0, ssl=context) as server:
        carrier.host, carrier.port = server.sockets[0].getsockname()[:2]
        yield carrier
