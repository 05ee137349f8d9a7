"""Tells calls which of the phones that we rang have been picked up."""

import asyncio
from dataclasses import dataclass

import structlog

from domain.calls import ids
from everline.node.calls.signals import CallSignals
from telephony.asterisk import Asterisk
from telephony.errors import TelephonyError

log = structlog.get_logger(__name__)

PATIENCE = 2.0
"""Seconds after which a customer who has picked up hears music: the call cannot be told, for Temporal is away."""


@dataclass(frozen=True)
class Answers:
    """Nobody who has picked up listens to silence, and nobody is left on the line whose call is over."""

    signals: CallSignals
    asterisk: Asterisk
    patience: float = PATIENCE

    async def take(self, leg: ids.Leg) -> None:
        """Tells the call; hangs up a party for whom nobody waits any more."""
        ours = ids.customer_leg(leg.call_id, leg.dial) if leg.dial else ids.agent_leg(leg.call_id, leg.attempt)
        telling = asyncio.create_task(self.signals.answered(leg))
        try:
            if leg.dial and not (await asyncio.wait({telling}, timeout=self.patience))[0]:
                await self._play_until_told(ours, telling)
            is_wanted = await telling
        finally:
            telling.cancel()
        if not is_wanted:
            await self.asterisk.hang_up(ours)

    async def _play_until_told(self, customer: str, telling: "asyncio.Task[bool]") -> None:
        try:
            await self.asterisk.start_music(customer)
            await asyncio.wait({telling})
            # The call stops the music, too. It may have done so before it began.
            await self.asterisk.stop_music(customer)
        except TelephonyError as error:
            log.info("customer hears no music", channel=customer, reason=type(error).__name__)
