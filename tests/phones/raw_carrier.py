"""A carrier's side of a trunk that writes its own SIP: it challenges, refuses and keeps silent as real ones do."""

import asyncio
import hashlib
import re
import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Self

from tests.phones.errors import PhoneTimeout

REALM = "carrier.example"
_SDP = (
    "v=0\r\no=- 1 1 IN IP4 {host}\r\ns=-\r\nc=IN IP4 {host}\r\nt=0 0\r\n"
    "m=audio 40002 RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\na=sendrecv\r\n"
)


@dataclass
class Manners:
    """How a carrier behaves; may be changed while it runs."""

    options: int | None = 200
    """What it answers to OPTIONS; None for nothing at all."""
    invite: Sequence[int] = (100, 180, 200)
    """What it answers to an INVITE that it takes, in this order."""
    after: Mapping[int, float] = field(default_factory=dict)
    """Seconds from the INVITE until the reply of a status is sent."""
    headers: Mapping[int, Sequence[str]] = field(default_factory=dict)
    """Further headers of replies, by status."""
    sdp: bool = True
    """Whether its 200 and 183 say where to send the sound."""
    login: tuple[str, str] | None = None
    """The user and password that it asks for."""
    caller: str | None = None
    """The only user that it takes in From; others get 403."""
    plus: bool = True
    """Whether a number may begin with a +; else it gets 484."""


@dataclass(frozen=True)
class Message:
    """A request as it came."""

    text: str

    @property
    def method(self) -> str:
        return self.text.split(" ", 1)[0]

    @property
    def number(self) -> str:
        """The user of the Request-URI."""
        return self.text.split(" ", 2)[1].removeprefix("sip:").partition("@")[0]

    def header(self, name: str) -> str:
        found = re.search(rf"^{name}:\s*(.*?)\r?$", self.text, re.IGNORECASE | re.MULTILINE)
        return found[1] if found else ""

    @property
    def caller(self) -> str:
        """The user of From."""
        found = re.search(r"sips?:([^@>]*)@", self.header("From"))
        return found[1] if found else ""


class RawCarrier(asyncio.DatagramProtocol):
    """Takes calls, registrations and checks. What came, each request once, is in `requests`."""

    def __init__(self, manners: Manners) -> None:
        self.manners = manners
        self.requests: list[Message] = []
        self.host, self.port = "", 0
        self._seen: dict[tuple[str, str], list[bytes]] = {}
        self._cancelled: set[str] = set()
        self._tags: dict[str, str] = {}
        self._changed = asyncio.Event()
        self._transport: asyncio.DatagramTransport | None = None

    @classmethod
    @asynccontextmanager
    async def start(cls, bind: str, manners: Manners | None = None) -> AsyncIterator[Self]:
        """A carrier at a free port of that address."""
        loop = asyncio.get_running_loop()
        transport, carrier = await loop.create_datagram_endpoint(
            lambda: cls(manners or Manners()), local_addr=(bind, 0)
        )
        carrier._transport = transport
        carrier.host, carrier.port = transport.get_extra_info("sockname")
        try:
            yield carrier
        finally:
            transport.close()

    @property
    def address(self) -> str:
        """Where calls are sent."""
        return f"{self.host}:{self.port}"

    def of(self, method: str) -> list[Message]:
        """The requests of a method, oldest first."""
        return [request for request in self.requests if request.method == method]

    async def wait_for(self, method: str, count: int = 1, timeout: float = 15.0) -> Message:  # noqa: ASYNC109  # Part of the phone's language.
        """The request of that method with that number, counted from 1."""
        try:
            async with asyncio.timeout(timeout):
                while len(self.of(method)) < count:
                    await self._changed.wait()
        except TimeoutError:
            came = [request.method for request in self.requests]
            raise PhoneTimeout(f"{count} {method} did not come within {timeout:g} s, only {came}") from None
        return self.of(method)[count - 1]

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        text = data.decode(errors="replace")
        message = Message(text)
        for reply in self.take(text):
            status = int(reply.split(b" ", 2)[1])
            later = self.manners.after.get(status, 0.0) if message.method == "INVITE" else 0.0
            asyncio.get_running_loop().call_later(later, self._send, reply, addr, message.header("Call-ID"))

    def take(self, text: str) -> list[bytes]:
        """Notes a request, and tells the replies to it; to one that came before, the same."""
        if text.startswith("SIP/2.0") or not text.strip():
            return []
        message = Message(text)
        key = (message.header("Call-ID"), message.header("CSeq"))
        if key not in self._seen:
            self.requests.append(message)
            self._seen[key] = self._answer(message)
            self._changed.set()
            self._changed = asyncio.Event()
        return self._seen[key]

    def _send(self, reply: bytes, addr: tuple[str, int], call: str) -> None:
        is_over = call in self._cancelled and b" INVITE\r\n" in reply and b" 487 " not in reply
        if self._transport is not None and not self._transport.is_closing() and not is_over:
            self._transport.sendto(reply, addr)

    def _answer(self, message: Message) -> list[bytes]:
        manners = self.manners
        match message.method:
            case "OPTIONS":
                return [] if manners.options is None else [self._reply(message, manners.options)]
            case "REGISTER":
                return [self._reply(message, self._refusal(message) or 200)]
            case "INVITE":
                refused = self._refusal(message) or self._not_liked(message)
                return [self._reply(message, status) for status in ([refused] if refused else manners.invite)]
            case "ACK":
                return []
            case "CANCEL":
                call = message.header("Call-ID")
                self._cancelled.add(call)
                [invite] = [one for one in self.of("INVITE") if one.header("Call-ID") == call][-1:]
                return [self._reply(message, 200), self._reply(invite, 487)]
            case _:
                return [self._reply(message, 200)]

    def _refusal(self, message: Message) -> int | None:
        """401 where the right password is missing."""
        if self.manners.login is None:
            return None
        given = message.header("Authorization")
        fields = dict(re.findall(r'(\w+)="?([^",]*)"?', given))
        user, password = self.manners.login
        if not given or fields.get("username") != user:
            return 401
        return None if fields.get("response") == _response(fields, message.method, user, password) else 403

    def _not_liked(self, message: Message) -> int | None:
        if self.manners.caller is not None and message.caller != self.manners.caller:
            return 403
        return 484 if message.number.startswith("+") and not self.manners.plus else None

    def _reply(self, message: Message, status: int) -> bytes:
        tag = self._tags.setdefault(message.header("Call-ID"), secrets.token_hex(4))
        to = message.header("To")
        lines = [f"SIP/2.0 {status} Because", f"Via: {message.header('Via')}", f"From: {message.header('From')}"]
        lines.append(f"To: {to}" if "tag=" in to or status == 100 else f"To: {to};tag={tag}")
        lines += [f"Call-ID: {message.header('Call-ID')}", f"CSeq: {message.header('CSeq')}"]
        extra = list(self.manners.headers.get(status, ()))
        if status == 401:
            extra.append(f'WWW-Authenticate: Digest realm="{REALM}", nonce="{secrets.token_hex(8)}", qop="auth"')
        if status == 200 and message.method == "REGISTER":
            extra.append(f"Contact: {message.header('Contact')};expires=60")
        elif not any(line.startswith("Contact:") for line in extra):
            extra.append(f"Contact: <sip:carrier@{self.address}>")
        body = ""
        if message.method == "INVITE" and status in {183, 200} and self.manners.sdp:
            body = _SDP.format(host=self.host)
            extra.append("Content-Type: application/sdp")
        return ("\r\n".join([*lines, *extra, f"Content-Length: {len(body)}"]) + "\r\n\r\n" + body).encode()


def _response(fields: Mapping[str, str], method: str, user: str, password: str) -> str:
    def md5(text: str) -> str:
        return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

    inner = f"{fields.get('nonce')}:{fields.get('nc')}:{fields.get('cnonce')}:{fields.get('qop')}"
    return md5(f"{md5(f'{user}:{REALM}:{password}')}:{inner}:{md5(f'{method}:' + fields.get('uri', ''))}")
