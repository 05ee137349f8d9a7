"""What a node process is to Asterisk: the far end of its websocket, and the one who commands it."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from domain.phones.realm import REALM
from telephony.ari import AriLink, AriServer
from telephony.asterisk import Asterisk
from telephony.config import AsteriskSite
from telephony.events import ChannelEnteredApp
from telephony.provisioning import Provisioning
from tests.phones.raw_caller import RawCaller
from tests.telephony.heard import Heard
from tests.telephony.running import node_port

CALLER_ADDRESS = "127.0.0.2"
PHONE_ADDRESS = "127.0.0.3"
SENDER = b'"Carol" <sip:+4930555@example.org>'


def ha1(number: str, password: str) -> str:
    return hashlib.md5(f"{number}:{REALM}:{password}".encode(), usedforsecurity=False).hexdigest()


@dataclass(frozen=True)
class TestNode:
    """All that a test needs to command an Asterisk and to hear it."""

    __test__ = False

    site: AsteriskSite
    server: AriServer
    link: AriLink
    asterisk: Asterisk
    provisioning: Provisioning
    heard: Heard

    @property
    def sip(self) -> str:
        return f"{self.site.local_sip_address}:{self.site.sip_port}"

    async def inbound(self, caller: RawCaller, number: str = "5000", sender: bytes = SENDER) -> ChannelEnteredApp:
        """Let the caller dial; the call as it enters the application."""
        mark = self.heard.mark()
        caller.dial(self.sip, number, sender)
        return await self.heard.wait(ChannelEnteredApp, lambda event: event.arguments[0] == "inbound", after=mark)


@asynccontextmanager
async def start_node(site: AsteriskSite) -> AsyncIterator[TestNode]:
    """A node process's telephony for as long as the block, connected."""
    heard = Heard()

    async def connected() -> None:
        await asterisk.listen()

    link = AriLink(heard.take, connected)
    asterisk = Asterisk(link, site.recording_dir)
    server = AriServer(link, "127.0.0.1", node_port(site), site.ari_user, site.ari_password)
    await server.start()
    try:
        await link.wait_connected(10.0)
        yield TestNode(site, server, link, asterisk, Provisioning(link), heard)
    finally:
        await server.stop()
