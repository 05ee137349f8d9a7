"""A caller that writes its own SIP, byte by byte: for names, numbers and headers that no decent phone would send."""

import asyncio
import re
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Self

from tests.phones.errors import PhoneError, PhoneTimeout

_SDP = (
    "v=0\r\no=- 1 1 IN IP4 {host}\r\ns=-\r\nc=IN IP4 {host}\r\nt=0 0\r\n"
    "m=audio {port} RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/8000\r\na=sendrecv\r\n"
)


@dataclass(frozen=True)
class _Invite:
    """What every later request of the same call repeats."""

    uri: bytes
    sender: bytes
    call_id: bytes
    branch: bytes


class RawCaller(asyncio.DatagramProtocol):
    """One call at a time, without sound of its own. Every reply's status is in `statuses`."""

    def __init__(self) -> None:
        self.statuses: list[int] = []
        self.sound_port = 40000
        """Where it says that it wants to hear; whoever uses it listens there, or nobody."""
        self.answer = b""
        """The final reply, with the address at which the other side wants to hear."""
        self.ended = False
        """The other side hung up."""
        self._address = ""
        self._server = ("", 0)
        self._call: _Invite | None = None
        self._to = b""
        self._changed = asyncio.Event()
        self._transport: asyncio.DatagramTransport | None = None

    @classmethod
    @asynccontextmanager
    async def start(cls, bind: str = "127.0.0.2") -> AsyncIterator[Self]:
        """A caller at a free port of that address; an unfinished call is hung up at the end."""
        transport, caller = await asyncio.get_running_loop().create_datagram_endpoint(cls, local_addr=(bind, 0))
        caller._transport = transport
        caller._address = f"{bind}:{transport.get_extra_info('sockname')[1]}"
        try:
            yield caller
        finally:
            caller.hang_up()
            transport.close()

    def dial(self, server: str, number: str, sender: bytes | None, headers: tuple[bytes, ...] = ()) -> None:
        """Call a number at "host:port". The sender is the From value without its tag; None sends no From at all."""
        host, _, port = server.partition(":")
        self._server = (host, int(port))
        self.statuses, self.ended, self.answer = [], False, b""
        self._to = f"<sip:{number}@{server}>".encode()
        token = secrets.token_hex(8).encode()
        identity = b"" if sender is None else sender + b";tag=" + token
        self._call = _Invite(f"sip:{number}@{server}".encode(), identity, token, b"z9hG4bK" + token)
        body = _SDP.format(host=self._address.partition(":")[0], port=self.sound_port).encode()
        self._request(b"INVITE", b"1 INVITE", self._call.branch, (*headers, b"Content-Type: application/sdp"), body)

    async def wait_for(self, at_least: int, timeout: float = 10.0) -> int:  # noqa: ASYNC109  # Part of the phone's language.
        """The first reply with such a status or a higher one: 180 waits for ringing, 200 for the final word."""
        try:
            async with asyncio.timeout(timeout):
                while True:
                    found = [status for status in self.statuses if status >= at_least]
                    if found:
                        return found[0]
                    await self._changed.wait()
        except TimeoutError:
            raise PhoneTimeout(f"no status {at_least} within {timeout:g} s, only {self.statuses}") from None

    async def wait_for_end(self, timeout: float = 10.0) -> None:  # noqa: ASYNC109  # Part of the phone's language.
        """Wait until the other side hangs up."""
        try:
            async with asyncio.timeout(timeout):
                while not self.ended:
                    await self._changed.wait()
        except TimeoutError:
            raise PhoneTimeout(f"the other side did not hang up within {timeout:g} s") from None

    def hang_up(self) -> None:
        """BYE once answered, CANCEL before; nothing when the call is over."""
        if self._call is None or self.ended or any(status >= 300 for status in self.statuses):
            return
        if 200 in self.statuses:
            self._request(b"BYE", b"2 BYE", self._fresh_branch())
        else:
            self._request(b"CANCEL", b"1 CANCEL", self._call.branch)
        self.ended = True

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if data.startswith(b"SIP/2.0 "):
            self._take_reply(data)
        elif data.startswith(b"BYE "):
            self.ended = True
            self._send(b"SIP/2.0 200 OK\r\n" + _repeated(data) + b"Content-Length: 0\r\n\r\n", addr)
        self._changed.set()
        self._changed = asyncio.Event()

    def _take_reply(self, data: bytes) -> None:
        status, method = int(data[8:11]), _header(data, b"CSeq").rpartition(b" ")[2]
        if method != b"INVITE" or self._call is None:
            return
        self.statuses.append(status)
        if status >= 200:
            self._to, self.answer = _header(data, b"To"), data
            self._request(b"ACK", b"1 ACK", self._fresh_branch() if status < 300 else self._call.branch)

    def _request(
        self, method: bytes, sequence: bytes, branch: bytes, headers: tuple[bytes, ...] = (), body: bytes = b""
    ) -> None:
        call = self._call
        if call is None:
            raise PhoneError("no call was made")
        address = self._address.encode()
        lines = [
            method + b" " + call.uri + b" SIP/2.0",
            b"Via: SIP/2.0/UDP " + address + b";rport;branch=" + branch,
            *([b"From: " + call.sender] if call.sender else []),
            b"To: " + self._to,
            b"Call-ID: " + call.call_id,
            b"CSeq: " + sequence,
            b"Max-Forwards: 70",
            b"Contact: <sip:raw@" + address + b">",
            *headers,
            b"Content-Length: %d" % len(body),
        ]
        self._send(b"\r\n".join(lines) + b"\r\n\r\n" + body, self._server)

    def _fresh_branch(self) -> bytes:
        return b"z9hG4bK" + secrets.token_hex(8).encode()

    def _send(self, data: bytes, address: tuple[str, int]) -> None:
        if self._transport is not None:
            self._transport.sendto(data, address)


def _header(message: bytes, name: bytes) -> bytes:
    found = re.search(rb"^" + name + rb":\s*(.*?)\r$", message, re.IGNORECASE | re.MULTILINE)
    return found[1] if found else b""


def _repeated(request: bytes) -> bytes:
    """The headers that a reply takes over from its request."""
    kept = [line for line in request.split(b"\r\n") if re.match(rb"(Via|From|To|Call-ID|CSeq):", line, re.IGNORECASE)]
    return b"".join(line + b"\r\n" for line in kept)
