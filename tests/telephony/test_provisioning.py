import asyncio
import hashlib
import os
import re
import secrets
import signal
from collections.abc import Callable
from dataclasses import replace
from itertools import count

import pytest
from aiohttp import ClientSession, WSMsgType

from telephony.errors import BadRequest, NotFound
from telephony.events import ContactChanged, ContactStatus, EndpointChanged
from telephony.provisioning import Kind, Provisioning
from telephony.trunk import Trunk
from tests.phones.errors import RegistrationRefused
from tests.phones.raw_caller import RawCaller
from tests.phones.raw_carrier import RawCarrier
from tests.phones.soft_phone import SoftPhone
from tests.telephony.node import PHONE_ADDRESS, TestNode, ha1, start_node
from tests.telephony.running import RunningAsterisk

SECRET = "one secret"


async def _fields(node: TestNode, kind: str, name: str) -> dict[str, str]:
    found = await node.link.request("GET", f"asterisk/config/dynamic/res_pjsip/{kind}/{name}")
    return {field["attribute"]: field["value"] for field in found}


async def test_a_phone_registers_with_the_right_password_only(node: TestNode) -> None:
    await node.provisioning.push_extension("401", "sip", ha1("401", SECRET))
    async with SoftPhone.start(bind=PHONE_ADDRESS) as thief:
        with pytest.raises(RegistrationRefused):
            await thief.register(node.sip, "401", "another secret")
        assert not (await node.asterisk.endpoint("401")).online
    async with SoftPhone.start(bind=PHONE_ADDRESS) as phone:
        mark = node.heard.mark()
        await phone.register(node.sip, "401", SECRET)
        change = await node.heard.wait(EndpointChanged, lambda e: e.endpoint == "401", after=mark)
        assert change.online
        assert (await node.asterisk.endpoint("401")).online
        mark = node.heard.mark()
        await phone.unregister()
        change = await node.heard.wait(EndpointChanged, lambda e: e.endpoint == "401", after=mark)
        assert not change.online
        # What was told of its coming may still be under way.
        await node.heard.wait(
            ContactChanged, lambda e: (e.endpoint, e.status) == ("401", ContactStatus.REMOVED), after=mark
        )
    await node.provisioning.remove_extension("401")


async def test_an_unknown_extension_cannot_register(node: TestNode) -> None:
    async with SoftPhone.start(bind=PHONE_ADDRESS) as phone:
        with pytest.raises(RegistrationRefused):
            await phone.register(node.sip, "402", SECRET)


async def test_a_new_digest_locks_the_old_password_out(node: TestNode) -> None:
    await node.provisioning.push_extension("403", "sip", ha1("403", SECRET))
    await node.provisioning.push_extension("403", "sip", ha1("403", "new secret"))
    async with SoftPhone.start(bind=PHONE_ADDRESS) as phone:
        with pytest.raises(RegistrationRefused):
            await phone.register(node.sip, "403", SECRET)
    async with SoftPhone.start(bind=PHONE_ADDRESS) as phone:
        await phone.register(node.sip, "403", "new secret")
    await node.provisioning.remove_extension("403")


async def test_removing_an_extension_drops_its_phone(node: TestNode) -> None:
    await node.provisioning.push_extension("404", "sip", ha1("404", SECRET))
    async with SoftPhone.start(bind=PHONE_ADDRESS) as phone:
        await phone.register(node.sip, "404", SECRET)
        for _ in range(2):
            await node.provisioning.remove_extension("404")
        with pytest.raises(NotFound):
            await node.asterisk.endpoint("404")
        await node.provisioning.push_extension("404", "sip", ha1("404", SECRET))
        assert not (await node.asterisk.endpoint("404")).online
    await node.provisioning.remove_extension("404")


async def test_pushing_anew_neither_drops_nor_keeps_a_phone(node: TestNode, running: RunningAsterisk) -> None:
    push = node.provisioning.push_extension
    await push("405", "sip", ha1("405", SECRET))
    async with SoftPhone.start(bind=PHONE_ADDRESS) as phone:
        await phone.register(node.sip, "405", SECRET)
        await push("405", "sip", ha1("405", SECRET))
        assert "sip:405@" in await running.console("pjsip show contacts")
        await phone.unregister()
        assert "sip:405@" not in await running.console("pjsip show contacts")
    await node.provisioning.remove_extension("405")


async def test_the_kind_can_change(node: TestNode) -> None:
    wanted: tuple[tuple[Kind, str, str], ...] = (("web", "yes", "0"), ("sip", "no", "15"), ("web", "yes", "0"))
    for kind, webrtc, checked in wanted:
        await node.provisioning.push_extension("406", kind, ha1("406", SECRET))
        assert (await _fields(node, "endpoint", "406"))["webrtc"] == webrtc
        assert (await _fields(node, "aor", "406"))["qualify_frequency"] == checked
    assert (await _fields(node, "endpoint", "406"))["allow"].startswith("(opus|")
    await node.provisioning.remove_extension("406")


async def test_a_browsers_registration_ends_with_its_websocket(node: TestNode) -> None:
    await node.provisioning.push_extension("407", "web", ha1("407", SECRET))
    url = f"http://127.0.0.1:{node.site.http_port}/ws"
    async with ClientSession() as session, session.ws_connect(url, protocols=("sip",)) as websocket:
        request = _register("407")
        await websocket.send_str(request(""))
        challenge = (await websocket.receive(5)).data
        await websocket.send_str(request(_authorization("407", SECRET, str(challenge))))
        answer = await websocket.receive(5)
        assert answer.type is WSMsgType.TEXT
        assert "200 OK" in answer.data
        await node.heard.wait(EndpointChanged, lambda e: e.endpoint == "407" and e.online)
        mark = node.heard.mark()
    change = await node.heard.wait(EndpointChanged, lambda e: e.endpoint == "407", after=mark)
    assert not change.online
    assert not (await node.asterisk.endpoint("407")).online
    await node.provisioning.remove_extension("407")


async def test_a_trunks_calls_are_known_by_their_address(node: TestNode) -> None:
    trunk = Trunk("carrier", "127.0.0.4:5070", ["127.0.0.4", "192.0.2.0/24"], "user", "pass")
    for _ in range(2):
        await node.provisioning.push_trunk(trunk)
    async with RawCaller.start("127.0.0.4") as caller:
        event = await node.inbound(caller)
        assert event.channel.endpoint == "carrier"
        await node.asterisk.hang_up(event.channel.id)
    await node.provisioning.push_trunk(Trunk("carrier", "127.0.0.4:5070", ["127.0.0.4"]))
    with pytest.raises(NotFound):
        await _fields(node, "identify", "carrier~1")
    for _ in range(2):
        await node.provisioning.remove_trunk("carrier")
    async with RawCaller.start("127.0.0.4") as caller:
        caller.dial(node.sip, "5000", b"<sip:1@x>")
        assert await caller.wait_for(400) in {401, 403, 404}


async def test_a_trunk_is_checked_soon_however_slowly_it_is_pushed(
    node: TestNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = Provisioning._put
    # Asterisk makes the first check within 4 s, the next one 30 s later.
    slow = {"aor": 4.5}

    async def put_slowly(self: Provisioning, kind: str, name: str, fields: dict[str, str]) -> None:
        await put(self, kind, name, fields)
        await asyncio.sleep(slow.get(kind, 0))

    monkeypatch.setattr(Provisioning, "_put", put_slowly)
    async with RawCarrier.start("127.0.0.62") as carrier:
        await node.provisioning.push_trunk(Trunk("slow", carrier.address, ["127.0.0.62"]))
        await carrier.wait_for("OPTIONS", timeout=5)
        await node.heard.wait(EndpointChanged, lambda e: e.endpoint == "slow" and e.online)
    await node.provisioning.remove_trunk("slow")


async def test_callers_show_their_own_number_also_after_a_trunk_was_changed(node: TestNode) -> None:
    line = Trunk("line-3", "127.0.0.23:9", ["127.0.0.23"])
    for trunk in (line, replace(line, dtmf="info"), line):
        await node.provisioning.push_trunk(trunk)
        async with RawCaller.start("127.0.0.23") as caller:
            channel = (await node.inbound(caller)).channel
        assert (channel.caller_name, channel.caller_number) == ("Carol", "+4930555")
    await node.provisioning.remove_trunk("line-3")


async def test_what_was_pushed_outlives_a_restart(own_asterisk: RunningAsterisk) -> None:
    line = Trunk("line", "127.0.0.2:9", ["127.0.0.2"])
    await own_asterisk.start()
    async with start_node(own_asterisk.site) as node:
        await node.provisioning.push_extension("408", "sip", ha1("408", SECRET))
        await node.provisioning.push_trunk(line)
    await own_asterisk.stop()
    await own_asterisk.start()
    async with start_node(own_asterisk.site) as node:
        async with SoftPhone.start(bind=PHONE_ADDRESS) as phone:
            await phone.register(node.sip, "408", SECRET)
        async with RawCaller.start() as caller:
            # Nobody comes in until we have said anew what the trunk is: it may be another, or gone, by now.
            caller.dial(node.sip, "5000", b"<sip:+4930555@127.0.0.2>")
            assert await caller.wait_for(400) == 503
        for trunk in (line, replace(line, dtmf="info"), line):
            await node.provisioning.push_trunk(trunk)
            async with RawCaller.start() as caller:
                channel = (await node.inbound(caller)).channel
            assert (channel.endpoint, channel.caller_number) == ("line", "+4930555")


@pytest.mark.parametrize(
    ("number", "digest"), [("40 9", "0" * 32), ("../x", "0" * 32), ("409", "secret"), ("", "0" * 32), ("409", "G" * 32)]
)
async def test_a_bad_extension_is_refused(node: TestNode, number: str, digest: str) -> None:
    with pytest.raises(BadRequest):
        await node.provisioning.push_extension(number, "sip", digest)


@pytest.mark.parametrize(
    "trunk",
    [
        Trunk("a b", "host", ["192.0.2.1"]),
        Trunk("t", "host;x", ["192.0.2.1"]),
        Trunk("t", "host", []),
        Trunk("t", "host", ["example.org"]),
        Trunk("t", "host", ["192.0.2.1"], "a\nb", ""),
    ],
)
async def test_a_bad_trunk_is_refused(node: TestNode, trunk: Trunk) -> None:
    with pytest.raises(BadRequest):
        await node.provisioning.push_trunk(trunk)


async def test_a_dead_phone_is_noticed(node: TestNode) -> None:
    await node.provisioning.push_extension("410", "sip", ha1("410", SECRET))
    async with SoftPhone.start(bind=PHONE_ADDRESS) as phone:
        await phone.register(node.sip, "410", SECRET)
        await node.heard.wait(EndpointChanged, lambda e: e.endpoint == "410" and e.online)
        mark = node.heard.mark()
        await asyncio.to_thread(_kill, phone.pid)
        change = await node.heard.wait(EndpointChanged, lambda e: e.endpoint == "410", after=mark, seconds=25)
        assert not change.online
    await node.provisioning.remove_extension("410")


def _kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def _register(number: str) -> Callable[[str], str]:
    """A REGISTER as a browser sends it, given its Authorization header."""
    call = secrets.token_hex(8)
    sequence = count(1)

    def build(authorization: str) -> str:
        lines = [
            "REGISTER sip:everline SIP/2.0",
            f"Via: SIP/2.0/WS browser.invalid;branch=z9hG4bK{secrets.token_hex(8)}",
            f"From: <sip:{number}@everline>;tag={call}",
            f"To: <sip:{number}@everline>",
            f"Call-ID: {call}",
            f"CSeq: {next(sequence)} REGISTER",
            "Max-Forwards: 70",
            f"Contact: <sip:{number}@browser.invalid;transport=ws>;expires=300",
            *([authorization] if authorization else []),
            "Content-Length: 0",
        ]
        return "\r\n".join(lines) + "\r\n\r\n"

    return build


def _authorization(number: str, password: str, challenge: str) -> str:
    """The answer to a digest challenge (RFC 2617, with qop)."""

    def md5(text: str) -> str:
        return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

    nonce = re.search(r'nonce="([^"]+)"', challenge)
    opaque = re.search(r'opaque="([^"]*)"', challenge)
    assert nonce is not None
    assert opaque is not None
    secret, method = ha1(number, password), md5("REGISTER:sip:everline")
    response = md5(f"{secret}:{nonce[1]}:00000001:abc:auth:{method}")
    return (
        f'Authorization: Digest username="{number}", realm="everline", nonce="{nonce[1]}", uri="sip:everline", '
        f'response="{response}", algorithm=MD5, qop=auth, nc=00000001, cnonce="abc", opaque="{opaque[1]}"'
    )
