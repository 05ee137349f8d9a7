"""A customer who notes when sound arrives: SIP and RTP by hand, for a phone's jitter buffer would blur the moment."""

import asyncio
import re
import secrets
import struct
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from itertools import count

from bench.sipp import BenchError
from bench.sound import RATE, level, voice
from tests.phones.raw_caller import RawCaller

_PACKET = RATE // 50
_HEADER = 12
_LOUD = -45.0
"""dB below full scale from which a tone counts as heard; what is planted arrives at -20 or louder."""


class Ear(asyncio.DatagramProtocol):
    """Listens for one tone."""

    def __init__(self, hz: float) -> None:
        self._hz = hz
        self._first = asyncio.get_running_loop().create_future()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:  # noqa: ARG002  # asyncio's signature.
        """Note the time of the first packet with the tone in it."""
        if not self._first.done() and level(data[_HEADER:], self._hz) > _LOUD:
            self._first.set_result(time.time())

    async def heard(self, seconds: float) -> float:
        """Wait for the tone. Returns when its first packet arrived, in seconds since 1970. Raises BenchError."""
        try:
            return float(await asyncio.wait_for(asyncio.shield(self._first), seconds))
        except TimeoutError:
            raise BenchError(f"The customer did not hear the agent within {seconds:g} s.") from None


class Customer:
    """One call of a customer who says a tone all the time."""

    def __init__(self, line: RawCaller, ear: Ear, says: bytes, sound: asyncio.DatagramTransport) -> None:
        self.ear = ear
        self._line = line
        self._says = says
        self._sound = sound

    async def dial(self, server: str, number: str, caller: str) -> float:
        """Call a number at "host:port". Returns when the INVITE was sent, in seconds since 1970."""
        at = time.time()
        self._line.dial(server, number, f"<sip:{caller}@{server}>".encode())
        return at

    async def talk(self) -> None:
        """Say the tone, once the call is answered, until this is cancelled."""
        await self._line.wait_for(200)
        wanted = re.search(rb"c=IN IP4 (\S+).*?m=audio (\d+) ", self._line.answer, re.DOTALL)
        if wanted is None:
            raise BenchError("The answer to a customer's call says nowhere to send sound to.")
        address, source = (wanted[1].decode(), int(wanted[2])), secrets.randbits(32)
        began = time.monotonic()
        for packet in count():
            at = packet * _PACKET % len(self._says)
            header = struct.pack("!BBHII", 0x80, 0, packet & 0xFFFF, packet * _PACKET & 0xFFFFFFFF, source)
            self._sound.sendto(header + self._says[at : at + _PACKET], address)
            await asyncio.sleep(began + (packet + 1) * _PACKET / RATE - time.monotonic())

    def hang_up(self) -> None:
        """End the call, whatever its state."""
        self._line.hang_up()


@asynccontextmanager
async def customer(address: str, *, says: float, hears: float) -> AsyncIterator[Customer]:
    """A customer at an address of this machine; tones in Hz. The call is over at the end of the block."""
    loop = asyncio.get_running_loop()
    sound, ear = await loop.create_datagram_endpoint(lambda: Ear(hears), local_addr=(address, 0))
    try:
        async with RawCaller.start(address) as line:
            line.sound_port = sound.get_extra_info("sockname")[1]
            made = Customer(line, ear, voice(says, bursts=False), sound)
            talking = asyncio.create_task(made.talk())
            try:
                yield made
            finally:
                talking.cancel()
                with suppress(asyncio.CancelledError):
                    await talking
    finally:
        sound.close()
