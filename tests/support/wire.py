import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Wire:
    """A stretch of network between a page and the portal that a test can cut: nothing passes, nobody can connect."""

    to_port: int
    port: int = 0
    _uncut: asyncio.Event = field(default_factory=asyncio.Event)
    _ends: set[asyncio.StreamWriter] = field(default_factory=set)

    def cut(self) -> None:
        """Breaks what is connected, without a goodbye, and lets nobody in."""
        self._uncut.clear()
        for end in self._ends:
            end.transport.abort()

    def mend(self) -> None:
        """Lets everything through again."""
        self._uncut.set()

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carries one connection for as long as it lasts."""
        if not self._uncut.is_set():
            writer.transport.abort()
            return
        onward_reader, onward = await asyncio.open_connection("127.0.0.1", self.to_port)
        self._ends |= {writer, onward}
        try:
            await asyncio.gather(_copy(reader, onward), _copy(onward_reader, writer))
        finally:
            self._ends -= {writer, onward}


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    writer.close()


@asynccontextmanager
async def wire_to(port: int) -> AsyncIterator[Wire]:
    """A wire to a port of this machine, for as long as the block."""
    wire = Wire(port)
    server = await asyncio.start_server(wire.carry, "127.0.0.1")
    wire.port = server.sockets[0].getsockname()[1]
    wire.mend()
    try:
        yield wire
    finally:
        wire.cut()
        server.close()
        await server.wait_closed()
