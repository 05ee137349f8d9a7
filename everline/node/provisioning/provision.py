"""Brings Asterisk's extensions and trunks to what the database says."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import structlog

from db.core.clock import now
from db.core.engine import Database
from db.events.listen import listen
from db.nodes import nodes, reach, revisions
from db.phones import extensions
from db.trunks import trunks
from telephony.asterisk import Asterisk
from telephony.errors import Failed, Refused
from telephony.peer import Peer, PeerLogin
from telephony.provisioning import Provisioning
from telephony.trunk import Trunk

log = structlog.get_logger(__name__)

_AT_LEAST_EVERY = 30.0
"""Seconds after which we look even if no notice came."""


@dataclass(frozen=True)
class Provisioner:
    """Pushes what changed since the revision that this node's Asterisk has."""

    node: str
    database: Database
    asterisk: Asterisk
    provisioning: Provisioning
    music: Sequence[str]
    """What this node's callers can wait to."""
    login: PeerLogin
    address: str | None
    """Where other nodes reach the phones that are registered here."""
    _peers: dict[str, str] = field(default_factory=dict)
    """The other nodes that this Asterisk knows, and where they are."""
    _unreachable: set[str] = field(default_factory=set)
    """The nodes of which the log says that the others cannot reach them."""

    async def connected(self) -> None:
        """Notes the connection, and pushes what this Asterisk lacks: everything, when it started anew."""
        started_at = (await self.asterisk.info()).started_at
        async with self.database.write() as session:
            revision = await nodes.connected(session, self.node, started_at, self.music, now(), self.address)
        self._peers.clear()
        await self._push_after(revision)

    async def follow(self) -> None:
        """Pushes each change as it is announced, for ever."""
        async for _ in listen(self.database.url, revisions.PROVISIONING_CHANNEL, every=_AT_LEAST_EVERY):
            try:
                async with self.database.read() as session:
                    revision = await nodes.revision(session, self.node)
                await self._push_after(revision)
            except Exception:
                log.exception("provisioning failed, will be tried again")

    async def _push_after(self, revision: int) -> None:
        async with self.database.read() as session:
            phones = await extensions.changed_since(session, revision)
            lines = await trunks.changed_since(session, revision)
            peers = await nodes.peers(session, self.node)
            unreachable = reach.unreachable(await reach.listing(session))
        self._warn_of(unreachable)
        await self._push_peers(peers)
        if not phones and not lines:
            return
        items: list[extensions.ChangedExtension | trunks.ChangedTrunk] = [*phones, *lines]
        await asyncio.gather(*(self._push(item) for item in items))
        reached = max(item.revision for item in items)
        async with self.database.write() as session:
            await nodes.provisioned(session, self.node, reached)
        log.info("provisioned", extensions=len(phones), trunks=len(lines), revision=reached)

    def _warn_of(self, unreachable: Sequence[str]) -> None:
        for name in set(unreachable) - self._unreachable:
            log.warning(reach.warning(name), node=name)
        self._unreachable.clear()
        self._unreachable.update(unreachable)

    async def _push_peers(self, peers: Mapping[str, str]) -> None:
        """Makes the other nodes known by which phones there are rung."""
        for name, address in peers.items():
            if self._peers.get(name) != address:
                await self.provisioning.push_peer(self.login, Peer(name, address))
                self._peers[name] = address
                log.info("node made known", node=name, address=address)

    async def _push(self, item: extensions.ChangedExtension | trunks.ChangedTrunk) -> None:
        try:
            if isinstance(item, extensions.ChangedExtension):
                await self._push_phone(item)
            else:
                await self._push_line(item)
        except (Refused, Failed) as refusal:
            # What Asterisk will never take must not keep the others from being pushed.
            log.error("not provisioned", item=type(item).__name__, reason=str(refusal))  # noqa: TRY400

    async def _push_phone(self, phone: extensions.ChangedExtension) -> None:
        if phone.removed:
            await self.provisioning.remove_extension(phone.number)
        else:
            await self.provisioning.push_extension(phone.number, phone.kind.value, phone.digest)

    async def _push_line(self, changed: trunks.ChangedTrunk) -> None:
        line = changed.line
        if changed.removed:
            await self.provisioning.remove_trunk(line.name)
            return
        trunk = Trunk(
            line.name,
            line.host,
            line.match.split(",") if line.match else [],
            line.username,
            line.password,
            line.trusted,
            line.registers,
            line.from_user,
            line.from_domain,
            line.proxy,
            line.transport,
            line.codecs,
            line.dtmf,
            line.anonymous,
            line.srtp,
            line.login_digest,
        )
        await self.provisioning.push_trunk(trunk)
