"""A call looks for an agent, rings agents, and is connected with the one who picks up first."""

from collections.abc import Sequence
from dataclasses import dataclass

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.calls.call import CallStage, Disposition, EventKind, Party
    from domain.queues.exits import Exit
    from domain.queues.queue import Queue
    from workflows.calls import customer_leg, ending, leaving, parties
    from workflows.calls.event import CallEvent
    from workflows.calls.parties import Offer
    from workflows.calls.state import CallState
    from workflows.core.step import Step


_SERVED = "served"
"""How a callback leaves its queue whose customer has been talked with otherwise."""


@dataclass(frozen=True)
class Search:
    """Look for an agent for a call in line, and ring from `attempt` on.

    Without `customer` nobody is on the line yet. `refresh` asks for the queue's rules as they are now.
    """

    call_id: str
    queue: Queue
    attempt: int
    caller_number: str
    caller_name: str
    customer: str | None = None
    forgive: bool = False
    refresh: bool = False


@dataclass(frozen=True)
class Found:
    """The agents who are being rung; `customer_gone` when there is nobody left to be served.

    `withdrawn`: the callback is not wanted any more. `exit` is where the call goes from its queue, which has closed or
    has nobody left. `in_vain`: there was somebody whose phone could not be rung.
    """

    offers: tuple[Offer, ...] = ()
    customer_gone: bool = False
    queue: Queue | None = None
    withdrawn: bool = False
    exit: Exit | None = None
    in_vain: bool = False


@dataclass(frozen=True)
class Requeue:
    """Take the call back from agents who were rung; search on, unless others still ring."""

    missed: tuple[Offer, ...]
    no_answer: bool
    still_ringing: bool
    then: Search


@dataclass(frozen=True)
class Connect:
    """Let the customer and the agent talk; `others` were rung too. `playing` numbers what was last played.

    `again`: the customer has talked with another agent before.
    """

    call_id: str
    customer: str
    offer: Offer
    others: tuple[Offer, ...]
    recorded: bool
    playing: int = 0
    again: bool = False


@dataclass(frozen=True)
class Connected:
    """Whether customer and agent talk; `customer_gone` when the customer was no longer there.

    `agent_taken`: the phone was picked up so late that its agent had become another call's.
    """

    connected: bool
    customer_gone: bool = False
    agent_taken: bool = False


@dataclass(frozen=True)
class ReleaseLeg:
    """Hang up an agent's leg that nobody waits for any more."""

    call_id: str
    attempt: int


SEARCH: Step[Search, Found] = Step("search", Found)
REQUEUE: Step[Requeue, Found] = Step("requeue", Found)
CONNECT: Step[Connect, Connected] = Step("connect", Connected)
RELEASE_LEG: Step[ReleaseLeg, None] = Step("release_leg", type(None))


def search_for(call: CallState, *, forgive: bool = False, refresh: bool = False) -> Search:
    """The search for the call's next agent."""
    assert call.queue is not None
    return Search(
        call.call_id,
        call.queue,
        call.attempts + 1,
        call.arrival.customer_number or "",
        call.arrival.customer_name,
        call.customer if call.has_customer else None,
        forgive,
        refresh,
    )


def take_found(call: CallState, found: Found) -> None:
    """Takes the result of a search. A step that finds the customer gone says so itself: the event may be lost."""
    if found.queue is not None:
        call.after_rules(found.queue)
    call.missed_last_search |= found.in_vain
    call.offered(found.offers)
    call.note_customer(gone=found.customer_gone)


async def search(call: CallState, event: CallEvent) -> None:
    """Looks for agents and rings them."""
    by_time = event.kind is EventKind.SEARCH_DUE
    wanted = search_for(call, forgive=call.missed_last_search and by_time, refresh=by_time)
    if by_time:
        # Agents who had missed the call can be rung again from now on.
        call.missed_last_search = False
    await _take(call, await SEARCH(wanted))


async def _take(call: CallState, found: Found) -> None:
    """Goes on with what a search has found: agents, the way out of the queue, or that nobody wants the callback."""
    if found.withdrawn:
        call.left_by = _SERVED
        await ending.finish(call, Disposition.UNANSWERED, Party.SYSTEM)
        return
    take_found(call, found)
    if found.exit is not None:
        await leaving.say_goodbye(call, found.exit)


async def take_back(call: CallState, event: CallEvent) -> None:
    """Takes the call back from agents who did not answer; the others ring on."""
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
    again = search_for(call, forgive=forgive, refresh=True)
    found = await REQUEUE(Requeue(tuple(missed), no_answer, bool(ringing), again))
    if ringing:
        call.note_customer(gone=found.customer_gone)
        return
    call.missed_last_search = not found.offers
    await _take(call, found)


async def connect(call: CallState, event: CallEvent) -> None:
    """Brings the customer and the agent who picked up first together; the other phones stop ringing."""
    if not call.has_customer:
        await customer_leg.dial(call, event)
        return
    offer = call.agent or call.ringing[event.attempt]
    others = tuple(other for other in call.ringing.values() if other != offer)
    wanted = Connect(call.call_id, call.customer, offer, others, call.recorded, call.playing, call.talked)
    done = await CONNECT(wanted)
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


async def release_leg(call: CallState, event: CallEvent) -> None:
    """Hangs up a phone that was picked up too late."""
    await RELEASE_LEG(ReleaseLeg(call.call_id, event.attempt))
