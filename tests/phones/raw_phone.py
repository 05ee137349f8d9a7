"""A phone that writes its own SIP, byte by byte, and keeps what it gets: for what phones and carriers do in a call."""

import asyncio
import hashlib
import math
import re
import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Self

from tests.phones.errors import PhoneTimeout

_SDP = (
    "v=0\r\no=- 1 {version} IN IP4 {host}\r\ns=-\r\nc=IN IP4 {host}\r\nt=0 0\r\n"
    "m=audio {port} RTP/AVP {formats}\r\na={direction}\r\n"
)
_WITH_EVENTS = "0 101\r\na=rtpmap:101 telephone-event/8000"
_FRAME = 0.02  # seconds of sound a packet
_KEY_SAMPLES = 1600
_TONE = bytes([0x2A, 0xAA] * 80)
"""160 samples of a loud tone in G.711 mu-law: the direction of the wave changes with each sample."""


class RawPhone(asyncio.DatagramProtocol):
    """One call at a time. What `answers` does not name is answered 200; a status of None leaves it unanswered."""

    def __init__(self) -> None:
        self.requests: list[bytes] = []
        self.replies: list[bytes] = []
        self.answers: dict[str, int | None] = {}
        self.knows_events = True
        """Whether it offers to send keys as events (RFC 4733), and not in the sound."""
        self.says: Sequence[bytes] = (_TONE,)
        """What it says, packet by packet, again and again."""
        self.contact = b""
        """What it says that it can be reached at; its own address by default."""
        self.heard = 0
        """Packets of sound that came."""
        self._host = ""
        self._port = 0
        self._server = ("", 0)
        self._invite = b""
        self._source = ("", 0)
        self._target = b""
        self._local = b""
        self._remote = b""
        self._call_id = b""
        self._sequence = 100
        self._tag = secrets.token_hex(6).encode()
        self._sdp_version = 1
        self._sound_to: tuple[str, int] | None = None
        self._changed = asyncio.Event()
        self._seen: dict[int, set[int]] = {}
        self._transport: asyncio.DatagramTransport | None = None
        self._sound: asyncio.DatagramTransport | None = None

    @classmethod
    @asynccontextmanager
    async def start(cls, bind: str = "127.0.0.3", port: int = 0) -> AsyncIterator[Self]:
        """A phone at that address and port, at a free one by default. It vanishes at the end, without a word."""
        loop = asyncio.get_running_loop()
        transport, phone = await loop.create_datagram_endpoint(cls, local_addr=(bind, port))
        sound, _ = await loop.create_datagram_endpoint(lambda: _Ear(phone), local_addr=(bind, 0))
        phone._transport, phone._sound = transport, sound
        phone._host, phone._port = transport.get_extra_info("sockname")[:2]
        phone.contact = f"<sip:raw@{bind}:{phone._port}>".encode()
        try:
            yield phone
        finally:
            transport.close()
            sound.close()

    # Registering and calls

    async def register(self, server: str, number: str, secret: str) -> None:
        """Register with the digest that the server asks for."""
        host, _, port = server.partition(":")
        self._server = (host, int(port))
        address = f"<sip:{number}@{server}>".encode()
        call, tag = secrets.token_hex(6).encode(), secrets.token_hex(6).encode()
        uri, proof = f"sip:{server}", b""
        for count in (1, 2):
            self._write(
                b"REGISTER " + uri.encode() + b" SIP/2.0",
                address + b";tag=" + tag,
                address,
                call,
                b"%d REGISTER" % count,
                (b"Expires: 300", *([proof] if proof else [])),
            )
            reply = await self.next_reply("REGISTER")
            if status_of(reply) == 200:
                return
            proof = _digest(reply, number, secret, uri)
        raise PhoneTimeout("the registration was refused")

    def dial(self, server: str, number: str, sender: bytes, headers: tuple[bytes, ...] = ()) -> None:
        """Call a number at "host:port"."""
        host, _, port = server.partition(":")
        self._server = (host, int(port))
        self._target = f"sip:{number}@{server}".encode()
        self._local, self._remote = sender + b";tag=" + self._tag, b"<" + self._target + b">"
        self._call_id = secrets.token_hex(8).encode()
        self.send("INVITE", (*headers, b"Content-Type: application/sdp"), self._offer("sendrecv"))

    async def rung(self, timeout: float = 10.0) -> bytes:  # noqa: ASYNC109  # Part of the phone's language.
        """Wait until it is rung; the INVITE."""
        self._invite = await self.next_request("INVITE", timeout)
        self._server = self._source
        self._call_id = header(self._invite, "Call-ID")
        self._remote = header(self._invite, "From")
        self._local = header(self._invite, "To") + b";tag=" + self._tag
        contact = header(self._invite, "Contact")
        self._target = contact.partition(b"<")[2].partition(b">")[0] or contact
        self._aim(self._invite)
        return self._invite

    def ring(self) -> None:
        """Say that it rings."""
        self.reply(self._invite, 180)

    def answer(self) -> None:
        """Pick up."""
        self.reply(self._invite, 200, (b"Content-Type: application/sdp",), self._offer("sendrecv"))

    def decline(self, status: int, headers: tuple[bytes, ...] = ()) -> None:
        """Refuse the call that rings."""
        self.reply(self._invite, status, headers)

    def hang_up(self, *headers: bytes) -> None:
        """End the call that was answered."""
        self.send("BYE", headers)

    def change(self, direction: str, formats: str = "") -> None:
        """Offer the sound anew, as "sendonly", "inactive" or "sendrecv"; `formats` are other ones, as SDP has them."""
        self._sdp_version += 1
        self.send("INVITE", (b"Content-Type: application/sdp",), self._offer(direction, formats))

    @property
    def port(self) -> int:
        """The port that it sends from."""
        return self._port

    @property
    def replaces(self) -> bytes:
        """The header by which somebody else's INVITE would take this call over (RFC 3891)."""
        theirs, ours = (one.partition(b";tag=")[2] for one in (self._remote, self._local))
        return b"Replaces: %s;to-tag=%s;from-tag=%s" % (self._call_id, theirs, ours)

    def send(self, method: str, headers: tuple[bytes, ...] = (), body: bytes = b"") -> None:
        """Send a request within the call."""
        self._sequence += 1
        first = method.encode() + b" " + self._target + b" SIP/2.0"
        sequence = b"%d %s" % (self._sequence, method.encode())
        self._write(first, self._local, self._remote, self._call_id, sequence, headers, body)

    def reply(self, request: bytes, status: int, headers: tuple[bytes, ...] = (), body: bytes = b"") -> None:
        """Answer a request."""
        lines = [b"SIP/2.0 %d Whatever" % status]
        for line in request.split(b"\r\n\r\n")[0].split(b"\r\n"):
            if re.match(rb"(Via|From|To|Call-ID|CSeq):", line, re.IGNORECASE):
                tagged = line[:3].lower() == b"to:" and b";tag=" not in line and status > 100
                lines.append(line + b";tag=" + self._tag if tagged else line)
        lines += [b"Contact: " + self.contact, *headers, b"Content-Length: %d" % len(body)]
        self._put(b"\r\n".join(lines) + b"\r\n\r\n" + body, self._source)

    # What came

    async def next_request(self, method: str, timeout: float = 10.0) -> bytes:  # noqa: ASYNC109
        """The next request of that kind, from those that nobody has waited for yet."""
        return await self._next(self.requests, lambda one: one.startswith(method.encode() + b" "), method, timeout)

    async def next_reply(self, method: str, timeout: float = 10.0) -> bytes:  # noqa: ASYNC109
        """The next final reply to a request of that kind."""

        def is_final(one: bytes) -> bool:
            return status_of(one) >= 200 and header(one, "CSeq").endswith(b" " + method.encode())

        return await self._next(self.replies, is_final, f"reply to {method}", timeout)

    def got(self, method: str) -> list[bytes]:
        """All requests of that kind."""
        return [one for one in self.requests if one.startswith(method.encode() + b" ")]

    @asynccontextmanager
    async def speaking(self) -> AsyncIterator[None]:
        """Send a tone to the other side for as long as the block."""
        task = asyncio.create_task(self._speak())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if data.startswith(b"SIP/2.0 "):
            self._take_reply(data)
        elif len(data) > 4:
            self._take_request(data, addr)
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    def _take_request(self, data: bytes, addr: tuple[str, int]) -> None:
        method = data.partition(b" ")[0].decode()
        branch = header(data, "Via")
        repeated = any(header(one, "Via") == branch and one.startswith(method.encode()) for one in self.requests)
        self._source = addr
        if not repeated or method != "ACK":
            self.requests.append(data)
        if method == "ACK" or (method == "INVITE" and b";tag=" not in header(data, "To")):
            return
        status = self.answers.get(method, 200)
        if status is None:
            return
        sdp = method == "INVITE" and status == 200
        body = self._offer("sendrecv") if sdp else b""
        self.reply(data, status, (b"Content-Type: application/sdp",) if sdp else (), body)

    def _take_reply(self, data: bytes) -> None:
        self.replies.append(data)
        number, _, method = header(data, "CSeq").partition(b" ")
        if method != b"INVITE" or status_of(data) < 200:
            return
        if status_of(data) == 200:
            self._remote = header(data, "To")
            contact = header(data, "Contact")
            self._target = contact.partition(b"<")[2].partition(b">")[0] or contact
            self._aim(data)
        first = b"ACK " + self._target + b" SIP/2.0"
        branch = b"" if status_of(data) == 200 else header(data, "Via").partition(b"branch=")[2].partition(b";")[0]
        sequence = number + b" ACK"
        self._write(first, self._local, header(data, "To"), self._call_id, sequence, branch=branch)

    async def _next(self, kept: list[bytes], matches: Callable[[bytes], bool], what: str, timeout: float) -> bytes:  # noqa: ASYNC109
        seen = self._seen.setdefault(id(kept), set())
        try:
            async with asyncio.timeout(timeout):
                while True:
                    for place, one in enumerate(kept):
                        if place not in seen and matches(one):
                            seen.add(place)
                            return one
                    await self._changed.wait()
        except TimeoutError:
            firsts = [one.partition(b"\r\n")[0] for one in kept]
            raise PhoneTimeout(f"no {what} within {timeout:g} s, only {firsts}") from None

    def _aim(self, message: bytes) -> None:
        found = re.search(rb"c=IN IP4 (\S+).*?m=audio (\d+)", message, re.DOTALL)
        if found:
            self._sound_to = (found[1].decode(), int(found[2]))

    async def _speak(self) -> None:
        sequence = stamp = 0
        while True:
            if self._sound is not None and self._sound_to is not None:
                sound = self.says[sequence % len(self.says)]
                packet = b"\x80\x00" + sequence.to_bytes(2) + stamp.to_bytes(4) + b"RAW!" + sound
                self._sound.sendto(packet, self._sound_to)
            sequence, stamp = (sequence + 1) % 65536, stamp + 160
            await asyncio.sleep(_FRAME)

    def _offer(self, direction: str, formats: str = "") -> bytes:
        assert self._sound is not None
        port = self._sound.get_extra_info("sockname")[1]
        formats = formats or (_WITH_EVENTS if self.knows_events else "0")
        sdp = _SDP.format(host=self._host, port=port, version=self._sdp_version, direction=direction, formats=formats)
        return sdp.encode()

    def _write(  # noqa: PLR0917  # The parts of a request.
        self,
        first: bytes,
        sender: bytes,
        to: bytes,
        call_id: bytes,
        sequence: bytes,
        headers: tuple[bytes, ...] = (),
        body: bytes = b"",
        branch: bytes = b"",
    ) -> None:
        via = f"Via: SIP/2.0/UDP {self._host}:{self._port};rport;branch=".encode()
        lines = [
            first,
            via + (branch or b"z9hG4bK" + secrets.token_hex(8).encode()),
            b"From: " + sender,
            b"To: " + to,
            b"Call-ID: " + call_id,
            b"CSeq: " + sequence,
            b"Max-Forwards: 70",
            b"Contact: " + self.contact,
            *headers,
            b"Content-Length: %d" % len(body),
        ]
        self._put(b"\r\n".join(lines) + b"\r\n\r\n" + body, self._server)

    def _put(self, data: bytes, address: tuple[str, int]) -> None:
        if self._transport is not None:
            self._transport.sendto(data, address)


def key_in_sound(low: int, high: int) -> list[bytes]:
    """A key's two tones, in hertz, and a pause as long, as packets of G.711 mu-law."""
    steps = [math.tau * number / 8000 for number in range(_KEY_SAMPLES)]
    samples = bytes(_mu_law(round(8000 * (math.sin(low * step) + math.sin(high * step)))) for step in steps)
    samples += bytes([_mu_law(0)]) * _KEY_SAMPLES
    return [samples[start : start + 160] for start in range(0, len(samples), 160)]


def _mu_law(sample: int) -> int:
    """G.711: a sign, the place of the highest bit, and the four bits after it, all of them turned over."""
    size = min(abs(sample), 32_635) + 132
    place = size.bit_length() - 8
    return ~((0x80 if sample < 0 else 0) | place << 4 | size >> (place + 3) & 0x0F) & 0xFF


class _Ear(asyncio.DatagramProtocol):
    """Counts the packets of sound that a phone gets."""

    def __init__(self, phone: RawPhone) -> None:
        self._phone = phone

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:  # noqa: ARG002
        self._phone.heard += 1


def header(message: bytes, name: str) -> bytes:
    """The value of a header; empty without it."""
    found = re.search(rb"^" + name.encode() + rb":\s*(.*?)\r$", message, re.IGNORECASE | re.MULTILINE)
    return found[1] if found else b""


def headers(message: bytes, name: str) -> list[bytes]:
    """The values of all headers of that name."""
    return re.findall(rb"^" + name.encode() + rb":\s*(.*?)\r$", message, re.IGNORECASE | re.MULTILINE)


def status_of(reply: bytes) -> int:
    """The status of a reply."""
    return int(reply[8:11])


def _digest(reply: bytes, number: str, secret: str, uri: str) -> bytes:
    asked = header(reply, "WWW-Authenticate").decode()
    fields = dict(re.findall(r'(\w+)="?([^",]+)"?', asked))

    def md5(text: str) -> str:
        return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

    ours = md5(f"{number}:{fields['realm']}:{secret}")
    count, chance = "00000001", secrets.token_hex(4)
    proof = md5(f"{ours}:{fields['nonce']}:{count}:{chance}:auth:{md5(f'REGISTER:{uri}')}")
    return (
        f'Authorization: Digest username="{number}", realm="{fields["realm"]}", nonce="{fields["nonce"]}", '
        f'uri="{uri}", '
        f'response="{proof}", algorithm=MD5, qop=auth, nc={count}, cnonce="{chance}", '
        f'opaque="{fields.get("opaque", "")}"'
    ).encode()
