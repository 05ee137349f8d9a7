"""The steps of a call with agents: to be rung, to talk, to wrap up."""

from collections.abc import Sequence
from datetime import timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.calls import ids
    from domain.calls.call import CallStage, Disposition, EventKind, Party
    from domain.calls.failure import Failure, disposition_of, is_customers
    from workflows.calls import ivr, messages, parties, steps
    from workflows.calls.event import CallEvent
    from workflows.calls.state import BUSY, CallState
    from workflows.calls.trunk_tries import Ways
    from workflows.core import timeouts


_SERVED = "served"
"""How a callback leaves its queue whose customer has been talked with otherwise."""
_GAVE_UP = {EventKind.CUSTOMER_ENDED: Party.CUSTOMER, EventKind.DIAL_TIMED_OUT: Party.CUSTOMER}
"""Who ends a call by hand that nobody answers; everything else is the agent."""

_MOST_IN_VAIN = 20
"""Tries that may fail for the carrier's or the agent's sake; then a callback is given up: agents are rung each time."""


async def search(call: CallState, event: CallEvent) -> None:
    """Looks for agents and rings them."""
    by_time = event.kind is EventKind.SEARCH_DUE
    wanted = call.search(forgive=call.missed_last_search and by_time, refresh=by_time)
    if by_time:
        # Who had missed the call can be rung again from now on, whenever that is.
        call.missed_last_search = False
    await _take(call, await steps.SEARCH(wanted))


async def _take(call: CallState, found: messages.Found) -> None:
    """Goes on with what a search has found: agents, the way out of the queue, or that nobody wants the callback."""
    if found.withdrawn:
        call.left_by = _SERVED
        await call.finish(Disposition.UNANSWERED, Party.SYSTEM)
        return
    call.found(found)
    if found.exit is not None:
        await ivr.say_goodbye(call, found.exit)


async def requeue(call: CallState, event: CallEvent) -> None:
    """Takes the call back from whoever did not take it; the others ring on. A call by hand ends with it."""
    if call.is_manual:
        await call.finish(Disposition.UNANSWERED, Party.AGENT, event.cause)
        return
    timed_out = event.kind is EventKind.RING_TIMED_OUT
    missed = [offer for attempt, offer in call.ringing.items() if timed_out or attempt == event.attempt]
    declined = event.kind is EventKind.AGENT_DECLINED or event.declined or event.moved
    await _give_back(call, missed, no_answer=not declined, forgive=event.moved)


async def _give_back(
    call: CallState, missed: Sequence[parties.Offer], *, no_answer: bool, forgive: bool = False
) -> None:
    """These agents do not have the call: unless others still ring, it is in line again and looks for the next.

    With `forgive` it may be one of them again.
    """
    for offer in missed:
        del call.ringing[offer.attempt]
    ringing = tuple(call.ringing.values())
    again = call.search(forgive=forgive, refresh=True)
    found = await steps.REQUEUE(messages.Requeue(tuple(missed), no_answer, bool(ringing), again))
    if ringing:
        call.note_customer(gone=found.customer_gone)
        return
    call.missed_last_search = not found.offers
    await _take(call, found)


async def connect(call: CallState, event: CallEvent) -> None:
    """Brings the customer and the agent who picked up first together; the other phones stop ringing."""
    if call.dials and call.stage is CallStage.OFFERED:
        await _dial(call, event)
        return
    offer = call.agent or call.ringing[event.attempt]
    others = tuple(other for other in call.ringing.values() if other != offer)
    wanted = messages.Connect(call.call_id, call.customer, offer, others, call.recorded, call.playing, call.talked)
    done = await steps.CONNECT(wanted)
    if done.connected:
        call.ringing = {}
        call.belongs_to(offer)
        call.talked = True
        call.stage = CallStage.CONNECTED
    elif done.agent_taken and offer.attempt in call.ringing:
        await _give_back(call, [offer], no_answer=False)
    elif done.agent_taken:
        call.inbox.append(CallEvent(EventKind.AGENT_ENDED, offer.attempt))
    call.note_customer(gone=done.customer_gone)


async def _dial(call: CallState, event: CallEvent) -> None:
    """The agent of a call of ours has picked up: now the customer is called, once."""
    offer = call.ringing.pop(event.attempt)
    others = tuple(call.ringing.values())
    call.ringing = {}
    call.belongs_to(offer)
    call.tries += 1
    call.ways = Ways()
    await _call_customer(call, offer, others)


async def _call_customer(call: CallState, offer: parties.Offer, others: tuple[parties.Offer, ...]) -> None:
    """Calls the customer by the best trunk that is not known to be down."""
    call.dial += 1
    call.due.pop(EventKind.CUSTOMER_ENDED, None)
    call.has_customer = True
    call.stage = CallStage.DIALLING
    call.after(EventKind.DIAL_TIMED_OUT, timeouts.DIAL + timeouts.RING_MARGIN)
    arrival = call.arrival
    wanted = messages.Dial(
        call.call_id,
        call.dial,
        arrival.caller_number,
        offer,
        others,
        arrival.dialled,
        call.is_manual,
        call.ways.tried,
        call.tries,
    )
    dialled = await steps.DIAL(wanted)
    call.ways.note(dialled.way)
    if dialled.agent_gone:
        call.inbox.append(CallEvent(EventKind.AGENT_ENDED, offer.attempt))
    elif dialled.ringing:
        call.after(EventKind.DIAL_TIMED_OUT, call.ways.setup)
    else:
        gone = CallEvent(EventKind.CUSTOMER_ENDED, dial=call.dial, failure=dialled.failure)
        call.inbox.append(gone)


async def await_answer(call: CallState, event: CallEvent) -> None:
    """Somebody outside is rung: from now on the time of the ring counts. That it rings is told more than once."""
    if not call.ways.rings:
        call.ways.rings = True
        call.after(EventKind.REACH_TIMED_OUT if event.attempt else EventKind.DIAL_TIMED_OUT, call.ways.ring)


def _failure(call: CallState, event: CallEvent) -> Failure | None:
    """Why the customer was not reached; None when the agent thinks better of it."""
    if event.kind is EventKind.DIAL_TIMED_OUT:
        return call.ways.failure_of_time
    return event.failure if event.kind is EventKind.CUSTOMER_ENDED else None


async def retry_later(call: CallState, event: CallEvent) -> None:
    """The customer was not reached: by another trunk, or by the queue's rule, a try follows, or the call ends.

    A try that failed for the carrier's or the agent's sake is not counted.
    """
    failure = _failure(call, event)
    if call.ways.go_on_after(failure) and call.agent:
        await _call_customer(call, call.agent, ())
        return
    busy = event.kind is EventKind.CUSTOMER_ENDED and event.cause == BUSY
    if call.queue is None:
        await _not_reached(call, event, _GAVE_UP.get(event.kind, Party.AGENT))
        return
    was_cut_off = call.meaning(event) is EventKind.AGENT_LOST
    if was_cut_off or (failure is not None and not is_customers(failure)):
        call.tries -= 1
        call.in_vain += 1
    rules = call.queue.callbacks
    seconds = rules.retry_after(call.tries, busy=busy) if call.in_vain <= _MOST_IN_VAIN else None
    if seconds is None or call.agent is None:
        await _not_reached(call, event, Party.SYSTEM)
        return
    # The customer keeps the place whose agent was cut off; only the line has to be free again.
    wait = timeouts.SEARCH_AFTER_MISS if was_cut_off else timedelta(seconds=seconds)
    later = messages.RetryLater(call.call_id, call.customer, call.agent, workflow.now() + wait, call.tries)
    await steps.RETRY_LATER(later)
    call.has_customer = False
    call.offered(())
    call.after(EventKind.SEARCH_DUE, wait)


async def _not_reached(call: CallState, event: CallEvent, ended_by: Party) -> None:
    """Ends a call whose customer never answered."""
    failure = _failure(call, event)
    if failure is None:
        busy = event.kind is EventKind.CUSTOMER_ENDED and event.cause == BUSY
        await call.finish(Disposition.BUSY if busy else Disposition.UNANSWERED, ended_by, event.cause)
        return
    ended_by = ended_by if is_customers(failure) else Party.SYSTEM
    await call.finish(disposition_of(failure), ended_by, event.cause, failure=failure)


async def release_leg(call: CallState, event: CallEvent) -> None:
    """Hangs up a phone that was picked up too late."""
    await steps.RELEASE_LEG(messages.ReleaseLeg(call.call_id, event.attempt))


async def complete(call: CallState, event: CallEvent) -> None:
    """The wrap-up is over."""
    await steps.COMPLETE(messages.Complete(call.call_id, event.code or call.wrap_up_code))
    call.stage = CallStage.CLOSED


async def extend_wrap_up(call: CallState, event: CallEvent) -> None:
    """Gives the agent more time, up to the longest overtime."""
    if call.agent is None:
        return
    due = call.due.get(EventKind.WRAP_UP_OVER, workflow.now())
    until = min(due + timedelta(seconds=event.seconds), workflow.now() + timeouts.WRAP_UP_OVERTIME)
    await steps.EXTEND_WRAP_UP(messages.ExtendWrapUp(call.call_id, call.agent.user_id, until))
    call.due[EventKind.WRAP_UP_OVER] = until


async def mute(call: CallState, event: CallEvent) -> None:
    """Turns off or on the microphone of who asks: the agent, or the guest."""
    guest = call.guest
    by_guest = guest is not None and event.asked is not None and guest.target.user_id == event.asked.by
    leg = guest.attempt if guest is not None and by_guest else call.leg
    await steps.SET_MUTE(messages.SetMute(call.call_id, leg, event.on, by_guest))


async def press_keys(call: CallState, event: CallEvent) -> None:
    """Presses keys towards whoever hears the agent: the customer, the guest, or both."""
    heard = [call.customer] if call.stage is not CallStage.CONSULTING else []
    if call.guest is not None:
        heard.append(ids.agent_leg(call.call_id, call.guest.attempt))
    await steps.SEND_DIGITS(messages.SendDigits(call.call_id, tuple(heard), event.digits))


async def pause_recording(call: CallState, event: CallEvent) -> None:
    """Puts nothing on disk until the recording goes on."""
    await steps.PAUSE_RECORDING(messages.PauseRecording(call.call_id, event.on))


async def probe(call: CallState) -> None:
    """Tells the call of the legs that came or went while nobody listened.

    Whether an agent who is gone hung up or was cut off nobody knows. The customer loses less when it is taken for the
    latter; who dialled on the phone itself has hung up in any case.
    """
    attempts = tuple(call.ringing) or ((call.agent.attempt,) if call.agent else ())
    if call.guest:
        attempts += (call.guest.attempt,)
    legs = await steps.PROBE(messages.Probe(call.call_id, call.customer, attempts))
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
