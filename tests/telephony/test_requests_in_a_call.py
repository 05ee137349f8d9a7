"""What phones and carriers send within a call that we do not use."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

import pytest

from telephony.dialling import extension_endpoint, trunk_endpoint
from telephony.events import ChannelDestroyed, HangupRequested
from telephony.trunk import Trunk
from tests.phones.raw_phone import RawPhone, header, status_of
from tests.telephony.node import PHONE_ADDRESS, TestNode, ha1

NUMBER, SECRET, LEG = "272", "a fourth horse", "odd-a1"
CARRIER = "127.0.0.9"
AT_ONCE = 2.0


@dataclass(frozen=True)
class Odd:
    """A request."""

    method: str
    headers: Sequence[bytes] = ()
    body: bytes = b""


ANSWERED = {
    "a fresh picture": Odd("INFO", (b"Content-Type: application/media_control+xml",), b"<media_control/>"),
    "a keep-alive": Odd("INFO"),
    "a check": Odd("OPTIONS"),
    "a change without an offer": Odd("UPDATE"),
    "a late acknowledgement": Odd("PRACK", (b"RAck: 1 1 INVITE",)),
}
# Asterisk has nothing that answers these; out of a call it refuses them.
PASSED_OVER = {
    "a text": Odd("MESSAGE", (b"Content-Type: text/plain",), b"hello"),
    "a command to restart": Odd("NOTIFY", (b"Event: check-sync", b"Subscription-State: active")),
    "a transfer's progress": Odd(
        "NOTIFY",
        (b"Event: refer", b"Subscription-State: active", b"Content-Type: message/sipfrag"),
        b"SIP/2.0 200 OK",
    ),
    "unknown info": Odd("INFO", (b"Content-Type: application/x-unknown",), b"x"),
    "a subscription": Odd("SUBSCRIBE", (b"Event: dialog", b"Expires: 60")),
    "a publication": Odd("PUBLISH", (b"Event: presence", b"Expires: 60")),
    "no method at all": Odd("RUBBISH"),
}


@pytest.fixture
async def phone(node: TestNode) -> AsyncIterator[RawPhone]:
    """A desk phone in a call."""
    await node.provisioning.push_extension(NUMBER, "sip", ha1(NUMBER, SECRET))
    async with RawPhone.start(PHONE_ADDRESS) as phone:
        await phone.register(node.sip, NUMBER, SECRET)
        await node.asterisk.originate(LEG, endpoint=extension_endpoint(NUMBER), app_args="agent,x", timeout=10)
        await phone.rung()
        phone.answer()
        await phone.next_request("ACK")
        yield phone
        phone.hang_up()
        await phone.next_reply("BYE")
    await node.provisioning.remove_extension(NUMBER)


@pytest.fixture
async def called(node: TestNode) -> AsyncIterator[RawPhone]:
    """Somebody outside whom we have called."""
    async with RawPhone.start(CARRIER) as called:
        await node.provisioning.push_trunk(Trunk("carrier-9", f"{CARRIER}:{called.port}", [CARRIER]))
        endpoint = trunk_endpoint("carrier-9", "+12025550147")
        await node.asterisk.originate(LEG, endpoint=endpoint, app_args="agent,x", timeout=10)
        await called.rung()
        called.answer()
        await called.next_request("ACK")
        yield called
        called.hang_up()
        await called.next_reply("BYE")
    await node.provisioning.remove_trunk("carrier-9")


async def test_a_phone_that_offers_nothing_that_we_have_is_refused_and_the_call_goes_on(
    node: TestNode, phone: RawPhone
) -> None:
    await _offers_nothing(node, phone)


async def test_a_carrier_that_offers_nothing_that_we_have_is_refused_and_the_call_goes_on(
    node: TestNode, called: RawPhone
) -> None:
    await _offers_nothing(node, called)


async def test_a_phone_that_answers_without_an_answer_to_our_offer_has_not_hung_up(node: TestNode) -> None:
    await node.provisioning.push_extension(NUMBER, "sip", ha1(NUMBER, SECRET))
    async with RawPhone.start(PHONE_ADDRESS) as phone:
        await phone.register(node.sip, NUMBER, SECRET)
        mark = node.heard.mark()
        await node.asterisk.originate(LEG, endpoint=extension_endpoint(NUMBER), app_args="agent,x", timeout=10)
        invite = await phone.rung()
        phone.reply(invite, 200)
        asked = await node.heard.wait(HangupRequested, lambda event: event.channel.id == LEG, after=mark)
        await node.heard.wait(ChannelDestroyed, lambda event: event.channel.id == LEG, after=mark)
    # By this the node knows it; what a BYE asks with is in its own tests.
    assert (asked.channel.is_up, asked.status) == (True, 406)
    await node.provisioning.remove_extension(NUMBER)


async def _offers_nothing(node: TestNode, phone: RawPhone) -> None:
    phone.change("sendrecv", "97\r\na=rtpmap:97 EVS/16000")
    assert status_of(await phone.next_reply("INVITE", AT_ONCE)) == 488
    phone.change("sendrecv")
    assert status_of(await phone.next_reply("INVITE", AT_ONCE)) == 200
    assert await node.asterisk.exists(LEG)


@pytest.mark.parametrize("odd", ANSWERED.values(), ids=ANSWERED.keys())
async def test_is_answered_at_once_and_the_call_goes_on(node: TestNode, phone: RawPhone, odd: Odd) -> None:
    phone.send(odd.method, tuple(odd.headers), odd.body)
    assert status_of(await phone.next_reply(odd.method, AT_ONCE)) == 200
    assert await node.asterisk.exists(LEG)


@pytest.mark.parametrize("odd", PASSED_OVER.values(), ids=PASSED_OVER.keys())
async def test_what_asterisk_answers_nothing_to_changes_nothing(node: TestNode, phone: RawPhone, odd: Odd) -> None:
    before = len(phone.requests)
    phone.send(odd.method, tuple(odd.headers), odd.body)
    phone.send("OPTIONS")
    answer = await phone.next_reply("OPTIONS", AT_ONCE)
    assert status_of(answer) == 200
    assert await node.asterisk.exists(LEG)
    assert len(phone.requests) == before
    if odd.method in {"MESSAGE", "RUBBISH"}:
        assert odd.method.encode() not in header(answer, "Allow")
