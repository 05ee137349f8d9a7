"""Who is nobody's phone and no trunk is let in under no name."""

import hashlib
import re
import secrets
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession

from telephony.errors import BadRequest
from telephony.events import ChannelEnteredApp, EndpointChanged
from telephony.trunk import Trunk
from tests.phones.raw_caller import RawCaller
from tests.phones.soft_phone import SoftPhone
from tests.telephony.node import PHONE_ADDRESS, TestNode, ha1

STRANGER = "127.0.0.50"
PHONE, PASSWORD = "460", "one secret"
_PAI = b'P-Asserted-Identity: "Your Bank" <sip:+18005551234@example.org>'
_NAMES = ("line", "strict", "demo", "everline-demo", "no-replaces", PHONE)
_LOCKED = {401, 403, 404}


@pytest.fixture(scope="module", autouse=True)
async def endpoints(node: TestNode) -> AsyncIterator[None]:
    """A trunk that may assert identities, one that has a password out, and a phone."""
    await node.provisioning.push_extension(PHONE, "sip", ha1(PHONE, PASSWORD))
    await node.provisioning.push_trunk(Trunk("strict", "127.0.0.6:9", ["127.0.0.6"], "user", "pass"))
    yield
    await node.provisioning.remove_trunk("strict")
    await node.provisioning.remove_extension(PHONE)


@pytest.mark.parametrize("name", _NAMES)
async def test_no_name_in_from_lets_a_stranger_in(node: TestNode, name: str) -> None:
    mark = node.heard.mark()
    async with RawCaller.start(STRANGER) as stranger:
        stranger.dial(node.sip, "5000", f"<sip:{name}@evil.example>".encode(), (_PAI,))
        assert await stranger.wait_for(200) in _LOCKED
    assert not node.heard.after(mark, ChannelEnteredApp)


@pytest.mark.parametrize("name", _NAMES)
async def test_no_name_in_an_authorization_lets_a_stranger_in(node: TestNode, name: str) -> None:
    claim = (
        f'Authorization: Digest username="{name}", realm="everline", nonce="x", uri="sip:x", response="{"0" * 32}"'
    ).encode()
    async with RawCaller.start(STRANGER) as stranger:
        stranger.dial(node.sip, "5000", b"<sip:nobody@evil.example>", (claim, _PAI))
        assert await stranger.wait_for(200) in _LOCKED


@pytest.mark.parametrize("name", _NAMES)
async def test_no_name_lets_a_browsers_line_in(node: TestNode, name: str) -> None:
    """The portal's own line ends at 127.0.0.1, whoever is logged in there."""
    mark = node.heard.mark()
    url = f"http://127.0.0.1:{node.site.http_port}/ws"
    async with ClientSession() as session, session.ws_connect(url, protocols=("sip",)) as websocket:
        await websocket.send_str(_invite(name))
        status = 100
        while status < 200:
            status = int((await websocket.receive_str(timeout=5)).split(" ", 2)[1])
    assert status in _LOCKED
    assert not node.heard.after(mark, ChannelEnteredApp)


async def test_a_trunks_caller_is_who_from_says_unless_it_is_trusted(node: TestNode) -> None:
    async with RawCaller.start("127.0.0.6") as caller:
        mark = node.heard.mark()
        caller.dial(node.sip, "5000", b"<sip:+4930555@example.org>", (_PAI,))
        event = await node.heard.wait(ChannelEnteredApp, after=mark)
        assert event.channel.caller_number == "+4930555"
        await node.asterisk.hang_up(event.channel.id)
    await node.provisioning.push_trunk(Trunk("strict", "127.0.0.6:9", ["127.0.0.6"], trusted=True))
    async with RawCaller.start("127.0.0.6") as caller:
        mark = node.heard.mark()
        caller.dial(node.sip, "5000", b"<sip:+4930555@example.org>", (_PAI,))
        event = await node.heard.wait(ChannelEnteredApp, after=mark)
        assert event.channel.caller_number == "+18005551234"
        await node.asterisk.hang_up(event.channel.id)
        mark = node.heard.mark()
        caller.dial(node.sip, "5000", b'"Anonymous" <sip:anonymous@anonymous.invalid>', (_PAI, b"Privacy: id"))
        event = await node.heard.wait(ChannelEnteredApp, after=mark)
        assert (event.channel.caller_number, event.channel.caller_name) == ("", "")
        await node.asterisk.hang_up(event.channel.id)


async def test_a_phone_behind_a_trunks_address_registers(node: TestNode) -> None:
    await node.provisioning.push_trunk(Trunk("office", "127.0.0.7:9", [PHONE_ADDRESS]))
    try:
        async with SoftPhone.start(bind=PHONE_ADDRESS) as phone:
            mark = node.heard.mark()
            await phone.register(node.sip, PHONE, PASSWORD)
            await node.heard.wait(EndpointChanged, lambda e: e.endpoint == PHONE and e.online, after=mark)
            await phone.unregister()
        async with RawCaller.start(PHONE_ADDRESS) as caller:
            event = await node.inbound(caller)
            assert event.channel.endpoint == "office"
            await node.asterisk.hang_up(event.channel.id)
    finally:
        await node.provisioning.remove_trunk("office")


@pytest.fixture
async def pbx(node: TestNode) -> AsyncIterator[Trunk]:
    """A trunk that logs in here. What it says of its addresses means nothing then."""
    trunk = Trunk("pbx", "127.0.0.9:9", ["127.0.0.9"], login_digest=ha1("pbx", PASSWORD))
    await node.provisioning.push_trunk(trunk)
    yield trunk
    await node.provisioning.remove_trunk("pbx")


async def _dial_in(node: TestNode, caller: RawCaller, sender: bytes, user: str, password: str) -> None:
    """Calls, and answers the challenge."""
    caller.dial(node.sip, "5000", sender, (_PAI,))
    assert await caller.wait_for(200) == 401
    fields = dict(re.findall(r'(\w+)="?([^",\r]*)"?', caller.answer.decode()))
    uri = f"sip:5000@{node.sip}"
    proof = _md5(f"{ha1(user, password)}:{fields['nonce']}:00000001:aa:auth:{_md5(f'INVITE:{uri}')}")
    header = (
        f'Authorization: Digest username="{user}", realm="everline", nonce="{fields["nonce"]}", uri="{uri}",'
        f' response="{proof}", algorithm=MD5, qop=auth, nc=00000001, cnonce="aa", opaque="{fields["opaque"]}"'
    )
    caller.dial(node.sip, "5000", sender, (header.encode(), _PAI))


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


@pytest.mark.parametrize("bind", [STRANGER, "127.0.0.9"])
async def test_a_trunk_that_logs_in_is_known_by_that_from_anywhere(node: TestNode, pbx: Trunk, bind: str) -> None:
    async with RawCaller.start(bind) as caller:
        mark = node.heard.mark()
        await _dial_in(node, caller, b"<sip:+4930777@office.example>", pbx.name, PASSWORD)
        event = await node.heard.wait(ChannelEnteredApp, after=mark)
        assert (event.channel.endpoint, event.channel.caller_number) == ("pbx", "+4930777")
        await node.asterisk.hang_up(event.channel.id)


@pytest.mark.parametrize(
    ("sender", "user", "password"),
    [
        (b"<sip:pbx@office.example>", "pbx", "wrong secret"),
        (b"<sip:+4930777@office.example>", "pbx", ""),
        (b"<sip:pbx@office.example>", "nobody", PASSWORD),
        (b"<sip:pbx@office.example>", "pbx~in", PASSWORD),
    ],
)
@pytest.mark.parametrize("bind", [STRANGER, "127.0.0.9"])
async def test_nobody_is_such_a_trunk_without_its_password(  # noqa: PLR0917 - each is one thing to try
    node: TestNode, pbx: Trunk, bind: str, sender: bytes, user: str, password: str
) -> None:
    mark = node.heard.mark()
    async with RawCaller.start(bind) as caller:
        await _dial_in(node, caller, sender, user, password)
        assert await caller.wait_for(200) in _LOCKED
    assert not node.heard.after(mark, ChannelEnteredApp), pbx.name


@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.0/24", "::1", "127.0.0.1/32"])
async def test_this_machine_is_no_trunk_for_browsers_come_from_it(node: TestNode, address: str) -> None:
    with pytest.raises(BadRequest):
        await node.provisioning.push_trunk(Trunk("swallow", "192.0.2.1", [address]))


def _invite(name: str) -> str:
    token = secrets.token_hex(8)
    return "\r\n".join(
        [
            "INVITE sip:5000@everline SIP/2.0",
            f"Via: SIP/2.0/WS browser.invalid;branch=z9hG4bK{token}",
            f"From: <sip:{name}@everline>;tag={token}",
            "To: <sip:5000@everline>",
            f"Call-ID: {token}",
            "CSeq: 1 INVITE",
            "Max-Forwards: 70",
            f"Contact: <sip:{name}@browser.invalid;transport=ws>",
            _PAI.decode(),
            "Content-Length: 0",
            "",
            "",
        ]
    )
