"""Whether the legs of a call are still there, where events may have been lost."""

from dataclasses import dataclass

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.calls import ids
    from domain.calls.call import EventKind
    from workflows.calls.event import CallEvent
    from workflows.calls.state import CallState
    from workflows.core.step import Step


@dataclass(frozen=True)
class Probe:
    """Ask which legs of the call exist."""

    call_id: str
    customer: str
    attempts: tuple[int, ...]


@dataclass(frozen=True)
class Legs:
    """The legs that exist: whether the customer's, those of agents, and which of these have been answered, or ring."""

    customer: bool
    customer_up: bool
    agents: tuple[int, ...]
    agents_up: tuple[int, ...]
    customer_rings: bool = False
    agents_ring: tuple[int, ...] = ()


PROBE: Step[Probe, Legs] = Step("probe", Legs)


async def probe(call: CallState) -> None:
    """Tells the call of the legs that came or went while nobody listened.

    Whether an agent who is gone hung up or was cut off nobody knows. The customer loses less when it is taken for the
    latter. An agent who dialled on the phone itself has hung up in any case.
    """
    attempts = tuple(call.ringing) or ((call.agent.attempt,) if call.agent else ())
    if call.guest:
        attempts += (call.guest.attempt,)
    legs = await PROBE(Probe(call.call_id, call.customer, attempts))
    if call.has_customer and not legs.customer:
        call.note_customer(gone=True)
        return
    if call.dial and legs.customer_up:
        call.inbox.append(CallEvent(EventKind.CUSTOMER_ANSWERED, dial=call.dial))
    elif call.dial and legs.customer_rings:
        call.inbox.append(CallEvent(EventKind.RINGS, dial=call.dial))
    for attempt in attempts:
        if attempt not in legs.agents:
            lost = not ids.is_own_phone(call.call_id, attempt)
            call.inbox.append(CallEvent(EventKind.AGENT_ENDED, attempt, lost=lost, at=call.gone_by))
        elif attempt in legs.agents_up:
            call.inbox.append(CallEvent(EventKind.AGENT_ANSWERED, attempt))
        elif attempt in legs.agents_ring:
            call.inbox.append(CallEvent(EventKind.RINGS, attempt))
