"""Notes whether we are registered with the trunks that want it, and why not."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import structlog

from db.core.clock import now
from db.core.engine import Database
from db.trunks import registrations, trunks
from db.trunks.trunks import TrunkLine
from domain.trunks.registration import RegistrationState, Standing, read_answer, read_standings
from everline.node.keeping import keep_looking
from telephony.security_log import LogTail
from telephony.trunk import registration_names

log = structlog.get_logger(__name__)

_EVERY = 5.0
"""Seconds between two looks; while no trunk wants to be registered with, nothing but that is looked at."""


@dataclass
class Registrations:
    """Asks Asterisk's console how they stand, and reads in its log why one failed: neither tells both."""

    node: str
    database: Database
    console: Callable[[str], Awaitable[str]]
    log_tail: LogTail
    _answers: dict[tuple[str, str], int] = field(default_factory=dict)
    _noted: dict[str, Standing] | None = None

    async def keep(self) -> None:
        """Looks for ever."""
        await keep_looking(self.look, _EVERY, "registrations were not looked at, will be tried again")

    async def look(self) -> None:
        """Looks once, and notes what has changed."""
        for line in self.log_tail.read():
            answer = read_answer(line)
            if answer is not None:
                self._answers[answer[0]] = answer[1]
        async with self.database.read() as session:
            lines = [line for line in await trunks.listing(session) if line.registers]
        standings = await self._standings(lines) if lines else {}
        if standings == self._noted:
            return
        before = self._noted or {}
        changed = {name: standing for name, standing in standings.items() if before.get(name) != standing}
        async with self.database.write() as session:
            await registrations.put(session, self.node, changed, list(standings), now())
        self._noted = standings
        log.info("registrations", **{name: standing.state.value for name, standing in changed.items()})

    async def _standings(self, lines: list[TrunkLine]) -> dict[str, Standing]:
        listed = await self.console("pjsip show registrations")
        names = {
            line.name: registration_names(line.host, line.transport, line.username, line.from_domain) for line in lines
        }
        answers = {name: self._answers[known] for name, known in names.items() if known in self._answers}
        found = read_standings(listed, answers)
        for name, standing in found.items():
            if standing.state is RegistrationState.REGISTERED and name in names:
                self._answers.pop(names[name], None)
        return {name: standing for name, standing in found.items() if name in names}
