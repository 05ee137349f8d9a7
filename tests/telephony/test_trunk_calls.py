"""What comes by a trunk, and what becomes of calls by one, as Asterisk tells of it."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from telephony.ari import AriHttp
from telephony.dialling import route_endpoint, trunk_endpoint
from telephony.events import ChannelDestroyed, ChannelDialled, ChannelEnteredApp, ContactChanged, ContactStatus
from telephony.trunk import Trunk
from tests.phones.raw_caller import RawCaller
from tests.phones.raw_carrier import Manners, RawCarrier
from tests.phones.stream_carrier import stream_carrier
from tests.telephony.node import TestNode

CARRIER = "127.0.0.8"


@pytest.fixture
async def carrier(node: TestNode) -> AsyncIterator[RawCarrier]:
    async with RawCarrier.start(CARRIER) as carrier:
        await node.provisioning.push_trunk(Trunk("carrier-8", carrier.address, [CARRIER]))
        yield carrier
    await node.provisioning.remove_trunk("carrier-8")


@pytest.mark.parametrize("dialled", ["5000;npdi", "5000;rn=+15551230000", "5000;phone-context=+49"])
async def test_parameters_of_a_number_are_no_part_of_it(node: TestNode, caller: RawCaller, dialled: str) -> None:
    event = await node.inbound(caller, dialled)
    assert event.arguments[:2] == ("inbound", "5000")
    await node.asterisk.hang_up(event.channel.id)


@pytest.mark.parametrize("target", ["7000", "+12025550199", "demo"])
async def test_a_called_number_that_answers_302_calls_nobody(node: TestNode, carrier: RawCarrier, target: str) -> None:
    contact = f"Contact: <sip:{target}@{carrier.address}>"
    carrier.manners = Manners(invite=(100, 302), headers={302: [contact]})
    mark = node.heard.mark()
    channel = f"redirected-{target.strip('+')}"
    await node.asterisk.originate(
        channel, endpoint=trunk_endpoint("carrier-8", "+12025550147"), app_args="agent", timeout=10
    )
    await node.heard.wait(ChannelDestroyed, lambda event: event.channel.id == channel, after=mark)
    # Its status need not: Asterisk may have hung up before its SIP stack has noted it.
    dialled = [event for event in node.heard.after(mark, ChannelDialled) if event.channel.id == channel]
    assert [event.redirected for event in dialled].count(True) == 1
    site = node.site
    async with AriHttp(site.http_port, site.ari_user, site.ari_password) as http, asyncio.timeout(10):
        # A channel of Asterisk's own that follows a redirection is in no list of phone calls, and outlives the call.
        while await http.request("GET", "channels"):
            assert not node.heard.after(mark, ChannelEnteredApp)
    assert not node.heard.after(mark, ChannelEnteredApp)
    assert len(carrier.of("INVITE")) == 1


async def _call(
    node: TestNode,
    trunk: Trunk,
    channel: str,
    number: str = "+12025550147",
    timeout: float = 10,  # noqa: ASYNC109
) -> ChannelDestroyed:
    """A call by a trunk, to its end."""
    mark = node.heard.mark()
    await node.asterisk.originate(
        channel,
        endpoint=route_endpoint(trunk.name, number, trunk.host, trunk.transport),
        app_args="agent",
        caller_number="+4930555",
        timeout=timeout,
    )
    return await node.heard.wait(ChannelDestroyed, lambda event: event.channel.id == channel, after=mark, seconds=20)


@pytest.mark.parametrize("status", [404, 480, 484, 486, 488, 503, 603])
async def test_the_carriers_own_answer_is_told(node: TestNode, carrier: RawCarrier, status: int) -> None:
    carrier.manners = Manners(invite=(100, status), headers={503: ["Retry-After: 30"]})
    ended = await _call(node, Trunk("carrier-8", carrier.address, [CARRIER]), f"answer-{status}")
    assert ended.status == status


@pytest.mark.parametrize(("invite", "rings"), [((100,), False), ((100, 183), True), ((100, 180), True)])
async def test_the_first_ringing_is_told_and_no_other_answer(
    node: TestNode, carrier: RawCarrier, invite: tuple[int, ...], rings: bool
) -> None:
    carrier.manners = Manners(invite=invite)
    mark, channel = node.heard.mark(), f"rings-{invite[-1]}"
    await _call(node, Trunk("carrier-8", carrier.address, [CARRIER]), channel, timeout=2)
    told = {event.channel.id for event in node.heard.after(mark, ChannelDialled) if event.rings}
    assert told == ({channel} if rings else set())


async def test_a_carrier_that_answers_no_checks_is_called_all_the_same(node: TestNode) -> None:
    async with RawCarrier.start(CARRIER, Manners(options=None, invite=(100, 486))) as carrier:
        trunk = Trunk("mute-8", carrier.address, [CARRIER])
        mark = node.heard.mark()
        await node.provisioning.push_trunk(trunk)
        await node.heard.wait(
            ContactChanged, lambda e: (e.endpoint, e.status) == ("mute-8", ContactStatus.UNREACHABLE), after=mark
        )
        assert (await _call(node, trunk, "unchecked")).status == 486
        await node.provisioning.remove_trunk("mute-8")


async def test_a_carrier_with_a_password_is_registered_with_and_called(node: TestNode) -> None:
    login = ("4930123", "se-cret")
    async with RawCarrier.start(CARRIER, Manners(login=login, invite=(100, 486))) as carrier:
        trunk = Trunk("login-8", carrier.address, [CARRIER], *login, registers=True, from_domain="carrier.example")
        await node.provisioning.push_trunk(trunk)
        registration = await carrier.wait_for("REGISTER", 2)
        assert 'username="4930123"' in registration.header("Authorization")
        assert "sip:4930123@carrier.example" in registration.header("From")
        assert (await _call(node, trunk, "with-login")).status == 486
        assert len(carrier.of("INVITE")) == 2
        await node.provisioning.remove_trunk("login-8")
        gone = await carrier.wait_for("REGISTER", 3)
        assert gone.header("Expires") == "0" or "expires=0" in gone.header("Contact")


async def test_a_carrier_that_takes_one_caller_only_gets_that_one_and_ours_beside(node: TestNode) -> None:
    async with RawCarrier.start(CARRIER, Manners(caller="4930123", invite=(100, 486))) as carrier:
        strange = Trunk("strict-8", carrier.address, [CARRIER])
        await node.provisioning.push_trunk(strange)
        assert (await _call(node, strange, "wrong-caller")).status == 403
        known = Trunk("strict-8", carrier.address, [CARRIER], from_user="4930123")
        await node.provisioning.push_trunk(known)
        assert (await _call(node, known, "right-caller")).status == 486
        assert "+4930555" in carrier.of("INVITE")[-1].header("P-Asserted-Identity")
        await node.provisioning.push_trunk(strange)
        assert (await _call(node, strange, "wrong-again")).status == 403, "what was set before stays"
        await node.provisioning.remove_trunk("strict-8")


async def test_a_carrier_by_tcp_is_called_by_way_of_its_proxy(node: TestNode) -> None:
    async with stream_carrier(CARRIER, Manners(invite=(100, 486))) as proxy:
        trunk = Trunk("tcp-8", "carrier.invalid", [CARRIER], proxy=proxy.address, transport="tcp")
        await node.provisioning.push_trunk(trunk)
        assert (await _call(node, trunk, "by-proxy")).status == 486
        [invite] = proxy.of("INVITE")
        assert "SIP/2.0/TCP" in invite.header("Via")
        assert "@carrier.invalid" in invite.text.split("\r\n", 1)[0]
        await node.provisioning.remove_trunk("tcp-8")
