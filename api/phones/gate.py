"""What a browser may say to Asterisk: it registers its own extension, and speaks in the calls that Asterisk began.

Through a pipe of every byte an agent could be any endpoint by its name, guess the secrets of colleagues from this
machine's own address, or flood Asterisk. What is refused here never reaches it.
"""

import re
import time
from collections import OrderedDict

_LARGEST = 32 * 1024
_A_SECOND, _AT_ONCE = 50.0, 200.0
_MOST_CALLS = 64
_MOST_LOG_INS = 5000
_PING = re.compile(r"(?:\r\n){1,2}")
_REQUEST = re.compile(r"([A-Z]+) sips?:[^\s]+ SIP/2\.0")
_STATUS = re.compile(r"SIP/2\.0 [1-6][0-9]{2} [^\r\n]*")
_HEADER = re.compile(r"([A-Za-z][A-Za-z0-9.!%*_+`'~-]*)[ \t]*:[ \t]*(.*)")
_IN_A_CALL = frozenset({"INVITE", "ACK", "BYE", "CANCEL", "INFO", "UPDATE", "PRACK", "NOTIFY", "REFER", "OPTIONS"})
_SHORT = {"f": "from", "t": "to", "i": "call-id", "l": "content-length", "v": "via", "m": "contact"}
_ONCE = frozenset({"from", "to", "call-id", "cseq", "content-length", "authorization", "proxy-authorization"})
_PARTY = re.compile(r'(?:"(?:[^"\\]|\\.)*"|[^"<>:]*)[ \t]*<sips?:([^@;:<>\s]+)@[^<>\s]+>((?:;[^;]+)*)')
_CALL_ID = re.compile(r"^(?:call-id|i)[ \t]*:[ \t]*([^\r\n]*?)[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_USERNAME = re.compile(r'username="([^"\\]*)"', re.IGNORECASE)


class RefusedMessage(Exception):
    """A message that is not let through; the words are for the log."""


class UnknownCall(RefusedMessage):
    """A message of a call that began before this process did: it is thrown away, and the line goes on."""


class Gate:
    """The gate of one line, of the browser that is the phone of `extension`."""

    def __init__(self, extension: str, calls: "Calls") -> None:
        self._extension = extension
        self._calls = calls
        self._left, self._at = _AT_ONCE, time.monotonic()

    def check(self, message: str) -> None:
        """Lets a message of the browser's through. Raises RefusedMessage."""
        self._spend()
        if _PING.fullmatch(message):
            return
        first, headers = _taken_apart(message)
        if _STATUS.fullmatch(first):
            if headers.get("call-id") not in self._calls:
                raise UnknownCall("an answer to nothing that was asked")
            return
        request = _REQUEST.fullmatch(first)
        if request is None:
            raise RefusedMessage("no request of SIP")
        self._check_request(request.group(1), headers)

    def _check_request(self, method: str, headers: dict[str, str]) -> None:
        for name in ("authorization", "proxy-authorization"):
            if name in headers and _USERNAME.findall(headers[name]) != [self._extension]:
                raise RefusedMessage("credentials of somebody else")
        if method == "REGISTER":
            if {_user(headers.get(name, "")) for name in ("from", "to")} != {self._extension}:
                raise RefusedMessage("registers somebody else")
            return
        if method not in _IN_A_CALL:
            raise RefusedMessage("a method that a browser's phone does not need")
        if ";tag=" not in headers.get("to", "").lower():
            raise RefusedMessage("a call that the browser begins by itself")
        if headers.get("call-id") not in self._calls:
            raise UnknownCall("a call that Asterisk did not begin")

    def _spend(self) -> None:
        moment = time.monotonic()
        self._left = min(_AT_ONCE, self._left + (moment - self._at) * _A_SECOND)
        self._at = moment
        if self._left < 1:
            raise RefusedMessage("too many messages")
        self._left -= 1


class Calls:
    """The calls that Asterisk has begun with a user's browser; they outlive a line that is cut and made again."""

    def __init__(self) -> None:
        self._ids: OrderedDict[str, None] = OrderedDict()

    def __contains__(self, call_id: str | None) -> bool:
        return call_id in self._ids

    def hear(self, message: str) -> None:
        """Notes what Asterisk asks the browser."""
        head = message.partition("\r\n\r\n")[0]
        found = _CALL_ID.search(head)
        if found is None or head.startswith("SIP/2.0 "):
            return
        call_id = found.group(1)
        # A question whether the phone is there must not push out a long call.
        if head.startswith("OPTIONS ") and call_id not in self._ids:
            self._keep(call_id, at_the_end=False)
        else:
            self._keep(call_id, at_the_end=True)

    def _keep(self, call_id: str, *, at_the_end: bool) -> None:
        self._ids[call_id] = None
        while len(self._ids) > _MOST_CALLS:
            self._ids.popitem(last=False)
        self._ids.move_to_end(call_id, last=at_the_end)


class CallsOfBrowsers:
    """The calls of each log-in's browser."""

    def __init__(self) -> None:
        self._of: OrderedDict[str, Calls] = OrderedDict()

    def of(self, log_in: str) -> Calls:
        """Those of one log-in, which is now the one that was here last."""
        calls = self._of.setdefault(log_in, Calls())
        self._of.move_to_end(log_in)
        if len(self._of) > _MOST_LOG_INS:
            self._of.popitem(last=False)
        return calls


def _taken_apart(message: str) -> tuple[str, dict[str, str]]:
    """The first line and the headers of the one message that this is. Raises RefusedMessage."""
    head, found, body = message.partition("\r\n\r\n")
    if not found or len(message) > _LARGEST:
        raise RefusedMessage("no whole message, or one that is too long")
    if re.search(r"(?<!\r)\n|\r(?!\n)|\0|\r\n[ \t]", head):
        raise RefusedMessage("lines that are read in more than one way")
    first, *lines = head.split("\r\n")
    headers: dict[str, str] = {}
    for line in lines:
        parts = _HEADER.fullmatch(line)
        if parts is None:
            raise RefusedMessage("a line that is no header")
        name = parts.group(1).lower()
        name = _SHORT.get(name, name)
        if name in _ONCE and name in headers:
            raise RefusedMessage("a header that is there twice")
        headers[name] = parts.group(2).strip()
    # Asterisk goes on with what follows the body, as with another message.
    length = headers.get("content-length", "")
    if not (length.isascii() and length.isdecimal()) or int(length) != len(body.encode()):
        raise RefusedMessage("a length that is not the body's")
    return first, headers


def _user(party: str) -> str | None:
    found = _PARTY.fullmatch(party.strip())
    return found.group(1) if found else None
