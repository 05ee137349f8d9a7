"""The steps of a call with agents: to be rung, to talk, to wrap up."""

from collections.abc import Sequence
from datetime import timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.calls import ids
    from domain.calls.call import CallEvent, CallStage, Disposition, Party
    from domain.calls.failure import Failure, disposition_of, is_customers
    from workflows.calls import ivr, messages, parties, steps
    from workflows.calls.event import Happening
    from workflows.calls.state import BUSY, Course
    from workflows.calls.trunk_tries import Ways
    from workflows.core import timeouts


_SERVED = "served"
"""How a callback leaves its queue whose customer has been talked with otherwise."""
_GAVE_UP = {CallEvent.CUSTOMER_ENDED: Party.CUSTOMER, CallEvent.DIAL_TIMED_OUT: Party.CUSTOMER}
"""Who ends a call by hand that nobody answers; everything else is the agent."""

_MOST_IN_VAIN = 20
"""Tries that may fail for the carrier's or the agent's sake; then a callback is given up: agents are rung each time."""


async def search(course: Course, happening: Happening) -> None:
    """Looks for agents and rings them."""
    by_time = happening.event is CallEvent.SEARCH_DUE
    wanted = course.search(forgive=course.missed_last_search and by_time, refresh=by_time)
    if by_time:
        # Who had missed the call can be rung again from now on, whenever that is.
        course.missed_last_search = False
    await _take(course, await steps.SEARCH(wanted))


async def _take(course: Course, found: messages.Found) -> None:
    """Goes on with what a search has found: agents, the way out of the queue, or that nobody wants the callback."""
    if found.withdrawn:
        course.left_by = _SERVED
        await course.finish(Disposition.UNANSWERED, Party.SYSTEM)
        return
    course.found(found)
    if found.exit is not None:
        await ivr.say_goodbye(course, found.exit)


async def requeue(course: Course, happening: Happening) -> None:
    """Takes the call back from whoever did not take it; the others ring on. A call by hand ends with it."""
    if course.by_hand:
        await course.finish(Disposition.UNANSWERED, Party.AGENT, happening.cause)
        return
    timed_out = happening.event is CallEvent.RING_TIMED_OUT
    missed = [offer for attempt, offer in course.ringing.items() if timed_out or attempt == happening.attempt]
    declined = happening.event is CallEvent.AGENT_DECLINED or happening.declined or happening.moved
    await _give_back(course, missed, no_answer=not declined, forgive=happening.moved)


async def _give_back(
    course: Course, missed: Sequence[parties.Offer], *, no_answer: bool, forgive: bool = False
) -> None:
    """These agents do not have the call: unless others still ring, it is in line again and looks for the next.

    With `forgive` it may be one of them again.
    """
    for offer in missed:
        del course.ringing[offer.attempt]
    ringing = tuple(course.ringing.values())
    again = course.search(forgive=forgive, refresh=True)
    found = await steps.REQUEUE(messages.Requeue(tuple(missed), no_answer, bool(ringing), again))
    if ringing:
        course.note_customer(gone=found.customer_gone)
        return
    course.missed_last_search = not found.offers
    await _take(course, found)


async def connect(course: Course, happening: Happening) -> None:
    """Brings the customer and the agent who picked up first together; the other phones stop ringing."""
    if course.dials and course.stage is CallStage.OFFERED:
        await _dial(course, happening)
        return
    offer = course.agent or course.ringing[happening.attempt]
    others = tuple(other for other in course.ringing.values() if other != offer)
    wanted = messages.Connect(
        course.call_id, course.customer, offer, others, course.recorded, course.playing, course.talked
    )
    done = await steps.CONNECT(wanted)
    if done.connected:
        course.ringing = {}
        course.belongs_to(offer)
        course.talked = True
        course.stage = CallStage.CONNECTED
    elif done.agent_taken and offer.attempt in course.ringing:
        await _give_back(course, [offer], no_answer=False)
    elif done.agent_taken:
        course.happenings.append(Happening(CallEvent.AGENT_ENDED, offer.attempt))
    course.note_customer(gone=done.customer_gone)


async def _dial(course: Course, happening: Happening) -> None:
    """The agent of a call of ours has picked up: now the customer is called, once."""
    offer = course.ringing.pop(happening.attempt)
    others = tuple(course.ringing.values())
    course.ringing = {}
    course.belongs_to(offer)
    course.tries += 1
    course.ways = Ways()
    await _call_customer(course, offer, others)


async def _call_customer(course: Course, offer: parties.Offer, others: tuple[parties.Offer, ...]) -> None:
    """Calls the customer by the best trunk that is not known to be down."""
    course.dial += 1
    course.due.pop(CallEvent.CUSTOMER_ENDED, None)
    course.has_customer = True
    course.stage = CallStage.DIALLING
    course.after(CallEvent.DIAL_TIMED_OUT, timeouts.DIAL + timeouts.RING_MARGIN)
    arrival = course.arrival
    wanted = messages.Dial(
        course.call_id,
        course.dial,
        arrival.caller_number,
        offer,
        others,
        arrival.dialled,
        course.by_hand,
        course.ways.tried,
        course.tries,
    )
    dialled = await steps.DIAL(wanted)
    course.ways.note(dialled.way)
    if dialled.agent_gone:
        course.happenings.append(Happening(CallEvent.AGENT_ENDED, offer.attempt))
    elif dialled.ringing:
        course.after(CallEvent.DIAL_TIMED_OUT, course.ways.setup)
    else:
        gone = Happening(CallEvent.CUSTOMER_ENDED, dial=course.dial, failure=dialled.failure)
        course.happenings.append(gone)


async def await_answer(course: Course, happening: Happening) -> None:
    """Somebody outside is rung: from now on the time of the ring counts. That it rings is told more than once."""
    if not course.ways.rings:
        course.ways.rings = True
        course.after(CallEvent.REACH_TIMED_OUT if happening.attempt else CallEvent.DIAL_TIMED_OUT, course.ways.ring)


def _failure(course: Course, happening: Happening) -> Failure | None:
    """Why the customer was not reached; None when the agent thinks better of it."""
    if happening.event is CallEvent.DIAL_TIMED_OUT:
        return course.ways.failure_of_time
    return happening.failure if happening.event is CallEvent.CUSTOMER_ENDED else None


async def retry_later(course: Course, happening: Happening) -> None:
    """The customer was not reached: by another trunk, or by the queue's rule, a try follows, or the call ends.

    A try that failed for the carrier's or the agent's sake is not counted.
    """
    failure = _failure(course, happening)
    if course.ways.go_on_after(failure) and course.agent:
        await _call_customer(course, course.agent, ())
        return
    busy = happening.event is CallEvent.CUSTOMER_ENDED and happening.cause == BUSY
    if course.queue is None:
        await _not_reached(course, happening, _GAVE_UP.get(happening.event, Party.AGENT))
        return
    was_cut_off = course.meaning(happening) is CallEvent.AGENT_LOST
    if was_cut_off or (failure is not None and not is_customers(failure)):
        course.tries -= 1
        course.in_vain += 1
    rules = course.queue.callbacks
    seconds = rules.retry_after(course.tries, busy=busy) if course.in_vain <= _MOST_IN_VAIN else None
    if seconds is None or course.agent is None:
        await _not_reached(course, happening, Party.SYSTEM)
        return
    # The customer keeps the place whose agent was cut off; only the line has to be free again.
    wait = timeouts.SEARCH_AFTER_MISS if was_cut_off else timedelta(seconds=seconds)
    later = messages.RetryLater(course.call_id, course.customer, course.agent, workflow.now() + wait, course.tries)
    await steps.RETRY_LATER(later)
    course.has_customer = False
    course.offered(())
    course.after(CallEvent.SEARCH_DUE, wait)


async def _not_reached(course: Course, happening: Happening, ended_by: Party) -> None:
    """Ends a call whose customer never answered."""
    failure = _failure(course, happening)
    if failure is None:
        busy = happening.event is CallEvent.CUSTOMER_ENDED and happening.cause == BUSY
        await course.finish(Disposition.BUSY if busy else Disposition.UNANSWERED, ended_by, happening.cause)
        return
    ended_by = ended_by if is_customers(failure) else Party.SYSTEM
    await course.finish(disposition_of(failure), ended_by, happening.cause, failure=failure)


async def release_leg(course: Course, happening: Happening) -> None:
    """Hangs up a phone that was picked up too late."""
    await steps.RELEASE_LEG(messages.ReleaseLeg(course.call_id, happening.attempt))


async def complete(course: Course, happening: Happening) -> None:
    """The wrap-up is over."""
    await steps.COMPLETE(messages.Complete(course.call_id, happening.code or course.wrap_up_code))
    course.stage = CallStage.CLOSED


async def extend_wrap_up(course: Course, happening: Happening) -> None:
    """Gives the agent more time, up to the longest overtime."""
    if course.agent is None:
        return
    due = course.due.get(CallEvent.WRAP_UP_OVER, workflow.now())
    until = min(due + timedelta(seconds=happening.seconds), workflow.now() + timeouts.WRAP_UP_OVERTIME)
    await steps.EXTEND_WRAP_UP(messages.ExtendWrapUp(course.call_id, course.agent.user_id, until))
    course.due[CallEvent.WRAP_UP_OVER] = until


async def mute(course: Course, happening: Happening) -> None:
    """Turns off or on the microphone of who asks: the agent, or the guest."""
    guest = course.guest
    by_guest = guest is not None and happening.asked is not None and guest.target.user_id == happening.asked.by
    leg = guest.attempt if guest is not None and by_guest else course.leg
    await steps.SET_MUTE(messages.SetMute(course.call_id, leg, happening.on, by_guest))


async def press_keys(course: Course, happening: Happening) -> None:
    """Presses keys towards whoever hears the agent: the customer, the guest, or both."""
    heard = [course.customer] if course.stage is not CallStage.CONSULTING else []
    if course.guest is not None:
        heard.append(ids.agent_leg(course.call_id, course.guest.attempt))
    await steps.SEND_DIGITS(messages.SendDigits(course.call_id, tuple(heard), happening.digits))


async def pause_recording(course: Course, happening: Happening) -> None:
    """Puts nothing on disk until the recording goes on."""
    await steps.PAUSE_RECORDING(messages.PauseRecording(course.call_id, happening.on))


async def probe(course: Course) -> None:
    """Tells the call of the legs that came or went while nobody listened.

    Whether an agent who is gone hung up or was cut off nobody knows. The customer loses less when it is taken for the
    latter; who dialled on the phone itself has hung up in any case.
    """
    attempts = tuple(course.ringing) or ((course.agent.attempt,) if course.agent else ())
    if course.guest:
        attempts += (course.guest.attempt,)
    legs = await steps.PROBE(messages.Probe(course.call_id, course.customer, attempts))
    if course.has_customer and not legs.customer:
        course.note_customer(gone=True)
        return
    if course.dial and legs.customer_up:
        course.happenings.append(Happening(CallEvent.CUSTOMER_ANSWERED, dial=course.dial))
    elif course.dial and legs.customer_rings:
        course.happenings.append(Happening(CallEvent.RINGS, dial=course.dial))
    for attempt in attempts:
        if attempt not in legs.agents:
            lost = not ids.is_own_phone(course.call_id, attempt)
            course.happenings.append(Happening(CallEvent.AGENT_ENDED, attempt, lost=lost, at=course.gone_by))
        elif attempt in legs.agents_up:
            course.happenings.append(Happening(CallEvent.AGENT_ANSWERED, attempt))
        elif attempt in legs.agents_ring:
            course.happenings.append(Happening(CallEvent.RINGS, attempt))
