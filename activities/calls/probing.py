"""Looking which legs of a call Asterisk still has, as a local activity of Temporal."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from temporalio import activity

from activities.calls.node import Node
from domain.calls import ids
from telephony.errors import NotFound
from telephony.model import ChannelState
from workflows.calls import probing


@dataclass(frozen=True)
class ProbingSteps:
    """Asks Asterisk, where events may have been lost."""

    node: Node

    def all(self) -> Sequence[Callable[..., Any]]:
        """The activities to register with a worker."""
        return [self.probe]

    @activity.defn(name=probing.PROBE.name)
    async def probe(self, probe: probing.Probe) -> probing.Legs:
        """Looks which legs of a call Asterisk still has."""
        customer, *agents = await asyncio.gather(
            self._state_of(probe.customer),
            *(self._state_of(ids.agent_leg(probe.call_id, attempt)) for attempt in probe.attempts),
        )
        found = dict(zip(probe.attempts, agents, strict=True))
        return probing.Legs(
            customer=customer is not None,
            customer_up=customer is ChannelState.UP,
            agents=tuple(attempt for attempt, state in found.items() if state is not None),
            agents_up=tuple(attempt for attempt, state in found.items() if state is ChannelState.UP),
            customer_rings=customer is ChannelState.RINGING,
            agents_ring=tuple(attempt for attempt, state in found.items() if state is ChannelState.RINGING),
        )

    async def _state_of(self, channel_id: str) -> ChannelState | None:
        try:
            return (await self.node.asterisk.channel(channel_id)).state
        except NotFound:
            return None
