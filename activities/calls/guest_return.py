"""How a third party who was cut off comes back, as a local activity of Temporal. It may be repeated at any time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from temporalio import activity

from activities.calls import legs
from activities.calls.node import Node
from db.calls import coming_back
from db.core.clock import now
from domain.calls import ids
from domain.calls.call import CallStage
from workflows.calls import guest_return


@dataclass(frozen=True)
class GuestReturnSteps:
    """Rings the third party's phone again."""

    node: Node

    def all(self) -> Sequence[Callable[..., Any]]:
        """The activities to register with a worker."""
        return [self.ring_guest]

    @activity.defn(name=guest_return.RING_GUEST.name)
    async def ring_guest(self, ring: guest_return.RingGuest) -> None:
        """Rings the guest who was cut off, when the phone is there; without it the call waits until it is."""
        asterisk, user_id = self.node.asterisk, ring.guest.target.user_id
        await asterisk.hang_up(ids.agent_leg(ring.call_id, ring.before))
        if user_id is None:
            return
        async with self.node.database.write() as session:
            phone = await coming_back.ring_guest(session, ring.call_id, user_id, ring.guest.attempt, ring.stage, now())
        if ring.stage is CallStage.REACHING and ring.agent is not None:
            agent = ids.agent_leg(ring.call_id, ring.agent.attempt)
            await asterisk.remove_from_bridge(ids.bridge(ring.call_id), agent)
            await legs.to_ringback(asterisk, ring.call_id, agent, ring.guest)
        if phone is not None:
            caller = (ring.caller_number, ring.caller_name)
            leg = (ring.call_id, ring.guest.attempt)
            rung = legs.PhoneRing(*leg, phone.number, ring.ring_seconds, *caller, ring.at_once, phone.node)
            await legs.ring(self.node, rung)
