"""Trunks by TLS: the carrier's certificate is verified, and the sound can be encrypted."""

import itertools
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from telephony.dialling import route_endpoint
from telephony.events import ChannelDestroyed
from telephony.trunk import Trunk
from tests.phones.raw_carrier import Manners
from tests.phones.stream_carrier import stream_carrier
from tests.support.stack import free_ports, temporary_home
from tests.support.tls import Authority
from tests.telephony.node import TestNode, start_node
from tests.telephony.running import RunningAsterisk, make_site

CARRIER = "127.0.0.8"
_calls = itertools.count(1)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture(scope="module")
async def secure(authority: Authority) -> AsyncIterator[TestNode]:
    """An Asterisk that trusts that authority's carriers only."""
    with temporary_home() as home:
        site = replace(await make_site(home), sip_tls_port=free_ports(1)[0], ca_file=authority.file)
        asterisk = RunningAsterisk(site)
        try:
            await asterisk.start()
            async with start_node(site) as node:
                yield node
        finally:
            await asterisk.stop()


async def _call(node: TestNode, trunk: Trunk) -> ChannelDestroyed:
    await node.provisioning.push_trunk(trunk)
    channel, mark = f"tls-{next(_calls)}", node.heard.mark()
    endpoint = route_endpoint(trunk.name, "+12025550147", trunk.host, trunk.transport)
    await node.asterisk.originate(channel, endpoint=endpoint, app_args="agent", timeout=10)
    ended = await node.heard.wait(ChannelDestroyed, lambda event: event.channel.id == channel, after=mark, seconds=20)
    await node.provisioning.remove_trunk(trunk.name)
    return ended


async def test_a_carrier_by_tls_is_called_and_its_sound_is_encrypted(secure: TestNode, authority: Authority) -> None:
    async with stream_carrier(CARRIER, Manners(invite=(100, 486)), authority.server(CARRIER)) as carrier:
        trunk = Trunk("tls-8", carrier.address, [CARRIER], transport="tls")
        assert (await _call(secure, trunk)).status == 486
        [invite] = carrier.of("INVITE")
        assert "SIP/2.0/TLS" in invite.header("Via")
        assert " RTP/AVP " in invite.text
        assert (await _call(secure, replace(trunk, srtp=True))).status == 486
        assert " RTP/SAVP " in carrier.of("INVITE")[-1].text
        assert "a=crypto:" in carrier.of("INVITE")[-1].text


@pytest.mark.parametrize("fault", ["authority", "name"])
async def test_a_carrier_that_is_somebody_else_gets_no_call(
    secure: TestNode, authority: Authority, tmp_path: Path, fault: str
) -> None:
    signer = Authority(tmp_path, "another") if fault == "authority" else authority
    context = signer.server("carrier.example" if fault == "name" else CARRIER)
    async with stream_carrier(CARRIER, Manners(invite=(100, 486)), context) as carrier:
        ended = await _call(secure, Trunk("tls-9", carrier.address, [CARRIER], transport="tls"))
        assert ended.status != 486
        assert not carrier.requests
