"""What can be seen of a call after somebody has asked it for something."""

from dataclasses import dataclass
from uuid import UUID

from domain.calls import ids
from domain.calls.call import CallStage
from tests.model.ari import MemoryAri
from workflows.calls.state import CallState


@dataclass(frozen=True)
class Effect:
    """A call as it is now, to somebody. `keys` counts what was pressed towards its parties since the asking."""

    stage: CallStage
    asker: UUID
    rung: frozenset[UUID | None]
    talking: frozenset[UUID | None]
    guest_left: bool
    is_muted: bool
    is_paused: bool
    keys: int

    @classmethod
    def of(cls, call: CallState, ari: MemoryAri, asker: UUID, guest_before: int, keys: int) -> "Effect":
        """Looks at a call; `guest_before` is the leg of the guest at the time of the asking, 0 without one."""
        guest = call.guest
        talking: set[UUID | None] = {call.agent.user_id} if call.agent else set()
        rung: set[UUID | None] = (
            {offer.user_id for offer in call.ringing.values()} if call.stage is CallStage.OFFERED else set()
        )
        if guest is not None:
            (rung if call.stage is CallStage.REACHING else talking).add(guest.target.user_id)
        is_guest = guest is not None and guest.target.user_id == asker
        attempt = guest.attempt if guest is not None and is_guest else call.agent.attempt if call.agent else 0
        leg = ari.legs.get(ids.agent_leg(call.call_id, attempt))
        return cls(
            call.stage,
            asker,
            frozenset(rung),
            frozenset(talking),
            guest_left=bool(guest_before) and (guest is None or guest.attempt != guest_before),
            is_muted=leg is not None and leg.muted,
            is_paused=ids.recording(call.call_id, 1) in ari.paused,
            keys=keys,
        )
