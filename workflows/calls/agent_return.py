"""An agent who was cut off is rung again, for 45 s; then the call goes back to its queue, at the front."""

from dataclasses import dataclass

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.calls.call import CallStage, EventKind, Purpose
    from workflows.calls import offering, talk, third_party
    from workflows.calls.event import CallEvent
    from workflows.calls.parties import Guest, Offer
    from workflows.calls.state import CallState
    from workflows.core import timeouts
    from workflows.core.step import Step


@dataclass(frozen=True)
class RingAgain:
    """Ring the agent who was cut off, on leg `attempt`; `before` are legs of earlier tries."""

    call_id: str
    agent: Offer
    attempt: int
    before: tuple[int, ...]
    caller_number: str
    caller_name: str
    ring_seconds: int


@dataclass(frozen=True)
class RungAgain:
    """The agent as rung; None when the phone is not there."""

    offer: Offer | None


@dataclass(frozen=True)
class Rejoin:
    """The agent who was cut off has answered: the call is at `stage` again, as it was left."""

    call_id: str
    customer: str
    agent: Offer
    stage: CallStage
    guest: Guest | None = None


RING_AGAIN: Step[RingAgain, RungAgain] = Step("ring_again", RungAgain)
REJOIN: Step[Rejoin, None] = Step("rejoin", type(None))


async def await_agent(call: CallState, event: CallEvent) -> None:
    """The agent was cut off, and is rung again. The customer hears music, or talks on with the guest."""
    if call.agent is None:
        return
    # A customer whose guest is away, too, hears music.
    left_at = CallStage.REACHING if call.guest_away else call.stage
    await talk.HOLD(talk.Hold(call.call_id, call.customer, talk.music(call), left_at))
    call.left_at, call.stage = left_at, CallStage.RETURNING
    call.after(EventKind.RETURN_OVER, timeouts.RETURN)
    # The leg may still be there: a page that was loaded anew knows nothing of its old call.
    call.ringing = {call.agent.attempt: call.agent}
    await ring_again(call, event)


async def ring_again(call: CallState, _: CallEvent) -> None:
    """The agent's phone is there again: it is rung. When it cannot be rung, the call waits for its next sign."""
    if call.agent is None:
        return
    call.attempts += 1
    wanted = RingAgain(
        call.call_id,
        call.agent,
        call.attempts,
        tuple(call.ringing),
        call.arrival.customer_number or "",
        call.arrival.customer_name,
        round(timeouts.RETURN.total_seconds()),
    )
    rung = await RING_AGAIN(wanted)
    call.ringing = {rung.offer.attempt: rung.offer} if rung.offer else {}


async def rejoin(call: CallState, event: CallEvent) -> None:
    """The agent who was cut off has answered, and finds the call as it was."""
    agent = call.ringing.get(event.attempt)
    if agent is None:
        return
    again = Rejoin(call.call_id, call.customer, agent, call.left_at, call.guest)
    await REJOIN(again)
    call.ringing = {}
    call.belongs_to(agent)
    call.stage = call.left_at


async def answer_alone(call: CallState, event: CallEvent) -> None:
    """The guest answers while the agent is away: to wait for the agent, or to take the customer."""
    guest, agent = call.guest, call.agent
    call.due.pop(EventKind.REACH_TIMED_OUT, None)
    if guest is None or agent is None:
        return
    if guest.target.purpose is Purpose.CONSULT:
        await third_party.JOIN(third_party.Join(call.call_id, agent, guest, returning=True, again=call.guest_away))
        call.left_at, call.guest_away, call.guest_moved = CallStage.CONSULTING, False, False
        return
    await _release_ringing(call)
    if not await third_party.give_to_guest(call):
        await lose_guest(call, event)


async def lose_guest(call: CallState, event: CallEvent) -> None:
    """The guest goes while the agent is away: the customer hears music, and the agent comes back to the customer."""
    if await third_party.reached_otherwise(call, event):
        return
    await third_party.drop_guest(call, event, answered=call.left_at is not CallStage.REACHING)
    call.guest = None
    call.left_at = CallStage.CONNECTED
    await talk.HOLD(talk.Hold(call.call_id, call.customer, talk.music(call), returning_to=call.left_at))


async def let_go(call: CallState, event: CallEvent) -> None:
    """The agent did not come back in time: the customer is the guest's, or goes to the line, before all others."""
    await _release_ringing(call)
    if call.left_at is CallStage.REACHING:
        await talk.let_agent_go(call, rings_on=True)
        call.stage = CallStage.REACHING
    elif call.guest is None or not await third_party.give_to_guest(call):
        await third_party.drop_guest(call, event, answered=True)
        call.guest = None
        await talk.let_agent_go(call)
        await call.kind.left_alone(call)


async def _release_ringing(call: CallState) -> None:
    for attempt in call.ringing:
        await offering.RELEASE_LEG(offering.ReleaseLeg(call.call_id, attempt))
