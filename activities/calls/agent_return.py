"""How an agent who was cut off comes back, as Temporal's local activities. Each may be repeated at any time."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from temporalio import activity

from activities.calls import legs, talk
from activities.calls.node import Node
from db.calls import coming_back, control
from db.core.clock import now
from domain.agents.agent import ExtensionKind
from domain.calls import ids
from domain.calls.call import CallStage
from workflows.calls import agent_return, parties


@dataclass(frozen=True)
class AgentReturnSteps:
    """Rings the agent's phone again, and brings the agent back to where the call was left."""

    node: Node

    def all(self) -> Sequence[Callable[..., Any]]:
        """The activities to register with a worker."""
        return [self.ring_again, self.rejoin]

    @activity.defn(name=agent_return.RING_AGAIN.name)
    async def ring_again(self, again: agent_return.RingAgain) -> agent_return.RungAgain:
        """Rings the agent who was cut off, when the phone is there."""
        asterisk = self.node.asterisk
        await asyncio.gather(*(asterisk.hang_up(ids.agent_leg(again.call_id, attempt)) for attempt in again.before))
        async with self.node.database.write() as session:
            phone = await coming_back.ring_again(session, again.call_id, again.agent.user_id, again.attempt, now())
        if phone is None:
            return agent_return.RungAgain(None)
        caller = (again.caller_number, again.caller_name)
        ring = legs.PhoneRing(again.call_id, again.attempt, phone.number, again.ring_seconds, *caller, True, phone.node)
        if not await legs.ring(self.node, ring):
            return agent_return.RungAgain(None)
        is_web = phone.kind is ExtensionKind.WEB
        return agent_return.RungAgain(parties.Offer(again.agent.user_id, again.attempt, is_web))

    @activity.defn(name=agent_return.REJOIN.name)
    async def rejoin(self, again: agent_return.Rejoin) -> None:
        """Brings the agent back to where the call was left: on hold stays on hold, muted stays muted."""
        asterisk, agent = self.node.asterisk, ids.agent_leg(again.call_id, again.agent.attempt)
        customers = [again.customer] if again.stage in {CallStage.CONNECTED, CallStage.CONFERENCE} else []
        if again.stage is CallStage.CONNECTED:
            await asterisk.stop_music(again.customer)
        if again.stage is CallStage.REACHING and again.guest is not None:
            await legs.to_ringback(asterisk, again.call_id, agent, again.guest)
        else:
            guest = (again.guest.attempt,) if again.guest is not None else ()
            await talk.bring_together(asterisk, again.call_id, customers, (again.agent.attempt, *guest))
        async with self.node.database.write() as session:
            await control.move(session, again.call_id, again.stage, now())
            is_muted = await control.is_muted(session, again.call_id)
        if is_muted:
            await legs.mute_again(asterisk, again.call_id, again.agent.attempt)
