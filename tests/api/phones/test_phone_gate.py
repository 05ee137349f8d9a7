"""A browser's phone registers its own extension and speaks in the calls that Asterisk began; all else stays outside."""

import pytest

from api.phones.gate import Calls, Gate, RefusedMessage

OWN = "1001"
INVITED = "a-call-of-asterisk"


def message(first: str, *headers: str, body: str = "") -> str:
    usual = ["Via: SIP/2.0/WSS x.invalid;branch=z9hG4bK1", f"Content-Length: {len(body.encode())}"]
    return "\r\n".join([first, *headers, *usual, "", body])


def request(method: str, *, sender: str = OWN, to: str | None = None, call_id: str = INVITED, extra: str = "") -> str:
    headers = [f"From: <sip:{sender}@everline>;tag=f", f"To: {to or '<sip:x@everline>;tag=t'}", f"Call-ID: {call_id}"]
    return message(f"{method} sip:x@everline SIP/2.0", *headers, f"CSeq: 1 {method}", *filter(None, [extra]))


def register(number: str = OWN, user: str = OWN) -> str:
    digest = f'Authorization: Digest algorithm=MD5, username="{user}", realm="everline", uri="sip:everline"'
    return message(
        "REGISTER sip:everline SIP/2.0",
        f'From: "Anna" <sip:{number}@everline>;tag=f',
        f"To: <sip:{number}@everline>",
        "Call-ID: r",
        "CSeq: 2 REGISTER",
        digest,
    )


@pytest.fixture
def gate() -> Gate:
    calls = Calls()
    calls.hear(request("INVITE", sender="everline", to="<sip:abc@x.invalid>"))
    return Gate(OWN, calls)


@pytest.mark.parametrize(
    "text",
    [
        register(),
        "\r\n\r\n",
        request("BYE"),
        request("INVITE"),
        request("ACK", sender="abc"),
        request("INFO"),
        message(
            "SIP/2.0 200 OK", "From: <sip:y@everline>", "To: <sip:1001@x>;tag=t", f"Call-ID: {INVITED}", body="v=0\r\n"
        ),
    ],
)
def test_what_a_browsers_phone_says_passes(gate: Gate, text: str) -> None:
    gate.check(text)


@pytest.mark.parametrize(
    "text",
    [
        register("1002", "1002"),
        register("1002"),
        register(OWN, "1002"),
        register().replace('username="1001"', 'username="1001", username="1002"'),
        register().replace("<sip:1001@everline>;tag=f", '"<sip:1001@everline>" <sip:demo@everline>;tag=f'),
        register().replace("From:", "From: <sip:demo@everline>;tag=f\r\nf:"),
        request("INVITE", to="<sip:5000@everline>"),
        request("INVITE", sender="demo", to="<sip:5000@everline>", call_id="new"),
        request("INVITE", sender="demo", call_id="new"),
        request("MESSAGE"),
        request("SUBSCRIBE"),
        request("PUBLISH"),
        request("OPTIONS", to="<sip:everline>", call_id="new"),
        request("BYE", call_id="of-somebody-else"),
        request("BYE", extra='Proxy-Authorization: Digest username="1002"'),
        message("SIP/2.0 200 OK", "Call-ID: of-somebody-else"),
        # Two messages in one frame, of which the second would be anything.
        register() + request("INVITE", sender="demo", to="<sip:5000@everline>", call_id="new"),
        register().replace("Content-Length: 0", "Content-Length: 5"),
        register().replace("Content-Length: 0", "X: y"),
        register().replace("Content-Length: 0", "Content-Length: 0\r\nl: 9"),
        register().replace("\r\nTo:", "\nFrom: <sip:demo@everline>\r\nTo:"),
        register().replace("To: ", "To:\r\n "),
        register().replace("REGISTER sip:everline SIP/2.0", "GET / HTTP/1.1"),
        register().replace("To: ", "no header at all\r\nTo: "),
        register().replace("Content-Length: 0", f"X: {'y' * 100_000}\r\nContent-Length: 0"),
        register()[:-4],
        "hello",
        "",
        "x" * 100_000,
    ],
)
def test_everything_else_stays_outside(gate: Gate, text: str) -> None:
    with pytest.raises(RefusedMessage):
        gate.check(text)


def test_a_flood_stays_outside(gate: Gate) -> None:
    with pytest.raises(RefusedMessage):  # noqa: PT012 - one of them is the first too many
        for _ in range(1000):
            gate.check("\r\n\r\n")


def test_a_long_call_stays_known_whatever_is_asked_meanwhile(gate: Gate) -> None:
    calls = Calls()
    calls.hear(request("INVITE", to="<sip:abc@x.invalid>"))
    for number in range(1000):
        calls.hear(request("OPTIONS", to="<sip:abc@x.invalid>", call_id=f"options {number}"))
    assert INVITED in calls
    assert "options 999" in calls
