"""Keeps out who guesses SIP passwords."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

import structlog

from db.audit import audit
from db.core.clock import now
from db.core.engine import Database, WriteSession
from db.events.listen import listen
from db.phones import sip_bans
from db.trunks import trunks
from domain.phones.guessing import Guesses, source_of
from telephony.config.site import DEMO_ADDRESS
from telephony.provisioning import Provisioning
from telephony.security_log import LogTail, SipAnswer, sip_answer

log = structlog.get_logger(__name__)

_LOOK = 0.2
"""Seconds between two looks at what Asterisk has written down."""
_EVERY = 5.0
"""Seconds after which we look whether a ban has ended, even if no notice came."""
_NEVER = frozenset({"127.0.0.1", "::", "::1", DEMO_ADDRESS})
"""All browsers' phones come from this machine, through the portal, which has limits of its own."""
_OF_AN_EXTENSION = 100
_HOUR = timedelta(hours=1)
"""Within it so many wrong passwords for one extension, from anywhere, are worth a word; and a known place is written
down once."""
_PLACES = 10_000


@dataclass
class Guard:
    """Counts wrong passwords by address, bans who guesses for a growing time, and says whose extension is guessed.

    Where phones of ours are, and where a trunk is, nobody is banned, for all behind one address look alike: it is told.
    """

    database: Database
    provisioning: Provisioning
    log_tail: LogTail
    _guesses: Guesses = field(default_factory=Guesses)
    """Those over a connection, whose sender is known."""
    _forgeable: Guesses = field(default_factory=Guesses)
    """Those over UDP. Each is banned for a short time only."""
    _by_extension: Guesses = field(default_factory=lambda: Guesses(_OF_AN_EXTENSION, _HOUR))
    _banned: set[str] = field(default_factory=set)
    """What this node has pushed to its Asterisk."""
    _seen: dict[str, datetime] = field(default_factory=dict)
    _told: dict[str, datetime] = field(default_factory=dict)

    async def watch(self) -> None:
        """Reads what Asterisk writes down, for ever."""
        while True:
            await asyncio.sleep(_LOOK)
            for line in self.log_tail.read():
                answer = sip_answer(line)
                if answer is None:
                    continue
                try:
                    await self._take(answer)
                except Exception:
                    # The database or Asterisk is away. The guessing goes on, and is found by the next look.
                    log.exception("an answer was not looked at")

    async def follow(self) -> None:
        """Brings Asterisk to the bans that there are, whenever one is made, lifted or over."""
        async for _ in listen(self.database.url, sip_bans.CHANNEL, every=_EVERY):
            try:
                await self._bring()
            except Exception:
                log.exception("bans were not pushed, will be tried again")

    async def connected(self) -> None:
        """Brings a newly connected Asterisk, which may have bans of an earlier time, to those that there are."""
        self._banned.clear()
        async with self.database.read() as session:
            over = await sip_bans.ended(session, now())
        for address in over:
            await self.provisioning.unban(address)
        await self._bring()

    async def _take(self, answer: SipAnswer) -> None:
        source = source_of(answer.address)
        if source in _NEVER:
            return
        if answer.is_right:
            await self._note_place(source)
            return
        if self._by_extension.wrong(answer.account, answer.at):
            log.warning("the password of an extension is guessed", extension=answer.account)
        guesses = self._guesses if answer.connected else self._forgeable
        if source in self._banned or not guesses.wrong(source, answer.at):
            return
        async with self.database.write() as session:
            if await self._is_ours(session, source):
                await self._tell(session, source, answer.account)
                return
            until = await sip_bans.ban(session, source, answer.account, now(), may_be_forged=not answer.connected)
        log.warning("guessed SIP passwords, banned", address=source, extension=answer.account, until=until.isoformat())
        await self._bring()

    async def _note_place(self, source: str) -> None:
        moment = now()
        if source in self._seen and moment - self._seen[source] < _HOUR:
            return
        async with self.database.write() as session:
            await sip_bans.note_place(session, source, moment)
        _remember(self._seen, source, moment)

    async def _is_ours(self, session: WriteSession, source: str) -> bool:
        return _is_trunk(source, await trunks.listing(session)) or await sip_bans.is_known(session, source, now())

    async def _tell(self, session: WriteSession, source: str, extension: str) -> None:
        """Says, once an hour, that somebody guesses where we ban nobody."""
        moment = now()
        if source in self._told and moment - self._told[source] < _HOUR:
            return
        _remember(self._told, source, moment)
        await audit.note(session, None, "sip.guessed", source, {"extension": extension}, moment)
        log.warning("SIP passwords are guessed where phones or trunks of ours are", address=source, extension=extension)

    async def _bring(self) -> None:
        async with self.database.read() as session:
            lines = await trunks.listing(session)
            banned = {ban.address for ban in await sip_bans.active(session, now())}
        wanted = {address for address in banned if not _is_trunk(address, lines)}
        for address in wanted - self._banned:
            await self.provisioning.ban(address)
            self._banned.add(address)
        for address in [*(self._banned - wanted)]:
            await self.provisioning.unban(address)
            self._banned.discard(address)


def _remember(times: dict[str, datetime], source: str, moment: datetime) -> None:
    times.pop(source, None)
    times[source] = moment
    if len(times) > _PLACES:
        del times[next(iter(times))]


def _is_trunk(source: str, lines: Sequence[trunks.TrunkLine]) -> bool:
    return any(_holds(network.strip(), source) for line in lines for network in line.match.split(",") if network)


def _holds(network: str, source: str) -> bool:
    try:
        return ip_address(source) in ip_network(network, strict=False)
    except ValueError:
        return False
