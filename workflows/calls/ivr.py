"""A call with its caller alone: let in, asked by menus, told of its place in line, and sent on from queue to queue."""

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.calls.arrival import Arrival
    from domain.calls.call import CallStage, Disposition, EventKind, Party
    from domain.calls.causes import HangupCause
    from domain.calls.failure import Failure
    from domain.inbound.dialog import (
        CallbackDialog,
        CallMeBack,
        Cancelled,
        Check,
        Chosen,
        Dialog,
        MenuDialog,
        Reply,
        Say,
    )
    from domain.inbound.menu import Menu
    from domain.queues.exits import Exit, ExitAction, Occasion
    from domain.queues.queue import Queue
    from workflows.calls import callbacks, ending, leaving
    from workflows.calls.event import CallEvent
    from workflows.calls.parties import Offer
    from workflows.calls.state import CallState
    from workflows.core import timeouts
    from workflows.core.step import Step


_MOST_HOPS = 5
"""Queues that overflow into each other pass a call on this often at most."""
_THANKS = "auth-thankyou"


@dataclass(frozen=True)
class Admitted:
    """What became of a new call: its queue and first offers, or a menu, or the way past a queue.

    With none of them the number is not ours. `arrival` is the call's with what is known by now: whom a desk phone has
    dialled, which number the trunk meant.
    `in_vain`: as of Found.
    """

    queue: Queue | None = None
    offers: tuple[Offer, ...] = ()
    menu: Menu | None = None
    exit: Exit | None = None
    arrival: Arrival | None = None
    in_vain: bool = False
    is_full: bool = False
    """Whether its trunk has as many calls as it may have, so that it is not let in."""


@dataclass(frozen=True)
class EnterQueue:
    """Put a call that is there into a queue, from a menu or another queue."""

    call_id: str
    queue_id: UUID
    attempt: int
    caller_number: str
    caller_name: str
    customer: str = ""
    """The customer's channel; that of the call's own id when it is empty."""


@dataclass(frozen=True)
class Announce:
    """Tell a caller in line the position and the wait, as the queue says."""

    call_id: str
    customer: str
    queue: Queue
    count: int


@dataclass(frozen=True)
class Speak:
    """Speak to the caller in place of what was spoken before. `aside` takes the call out of the line for it.

    The phones of `ringing` stop.
    """

    call_id: str
    customer: str
    sounds: tuple[str, ...]
    count: int
    aside: bool = False
    ringing: tuple[Offer, ...] = ()


@dataclass(frozen=True)
class Spoken:
    """Whether it is spoken; not when the call could not step aside because an agent has been found."""

    spoken: bool
    customer_gone: bool = False


ADMIT: Step[Arrival, Admitted] = Step("admit", Admitted)
ENTER_QUEUE: Step[EnterQueue, Admitted] = Step("enter_queue", Admitted)
ANNOUNCE: Step[Announce, None] = Step("announce", type(None), timeouts.Effort.OPTIONAL)
SAY: Step[Speak, Spoken] = Step("say", Spoken)


async def begin(call: CallState) -> None:
    """Lets the call in, and goes where its number leads, or to the line of a callback."""
    result = await ADMIT(call.arrival)
    if result.is_full:
        await ending.finish(call, Disposition.FAILED, Party.SYSTEM, HangupCause.CONGESTION, failure=Failure.NO_CHANNEL)
        return
    call.is_let_in = True
    call.arrival = result.arrival or call.arrival
    await _admitted(call, result)


async def _admitted(call: CallState, result: Admitted) -> None:
    """Goes where the admission has sent the call."""
    call.queue = result.queue or call.queue
    if result.menu is not None:
        await _ask(call, MenuDialog(result.menu))
    elif result.exit is not None:
        await leaving.say_goodbye(call, result.exit)
    elif result.queue is not None:
        call.missed_last_search |= result.in_vain
        call.in_line(result.queue, result.offers)
    else:
        await ending.finish(call, Disposition.FAILED, Party.SYSTEM, HangupCause.UNALLOCATED)


async def announce(call: CallState, _: CallEvent) -> None:
    """Tells the caller the position and the wait."""
    assert call.queue is not None
    if call.queue.announcements is not None:
        call.after(EventKind.ANNOUNCEMENT_DUE, timedelta(seconds=call.queue.announcements.every_seconds))
        said = Announce(call.call_id, call.customer, call.queue, call.say_next())
        await ANNOUNCE(said)


async def offer_callback(call: CallState, event: CallEvent) -> None:
    """The caller in line has pressed a key: the queue's callback key offers a callback, others mean nothing."""
    if call.queue is not None and call.queue.callback_key == event.digit:
        await _ask(call, CallbackDialog(call.arrival.customer_number or ""), aside=True)


async def hear(call: CallState, event: CallEvent) -> None:
    """The caller has pressed a key, or nothing for a while."""
    assert call.dialog is not None
    await _follow(call, call.dialog, call.dialog.hear(event.digit))


async def take_exit(call: CallState, _: CallEvent) -> None:
    """The caller has heard why, and goes where the queue sends those whom it does not serve."""
    assert call.exit is not None
    match call.exit.action:
        case ExitAction.QUEUE if call.exit.target_queue_id and call.hops < _MOST_HOPS:
            call.hops += 1
            await enter(call, call.exit.target_queue_id)
        case ExitAction.VOICEMAIL:
            await leaving.take_voicemail(call)
        case ExitAction.CALLBACK if call.queue is not None:
            await _ask(call, CallbackDialog(call.arrival.customer_number or ""))
        case _:
            await ending.finish(call, Disposition.UNANSWERED, Party.SYSTEM)


async def enter(call: CallState, queue_id: UUID) -> None:
    """Goes to a queue's line, with the age that the call has."""
    arrival = call.arrival
    wanted = EnterQueue(
        call.call_id,
        queue_id,
        call.attempts + 1,
        arrival.customer_number or "",
        arrival.customer_name,
        call.customer,
    )
    call.left_by = None
    await _admitted(call, await ENTER_QUEUE(wanted))


async def _ask(call: CallState, dialog: Dialog, *, aside: bool = False) -> None:
    call.dialog = dialog
    await _follow(call, dialog, dialog.open(), aside=aside)


async def _follow(call: CallState, dialog: Dialog, reply: Reply, *, aside: bool = False) -> None:
    if isinstance(reply, Check):
        assert isinstance(dialog, CallbackDialog)
        reply = dialog.checked((await callbacks.CHECK_NUMBER(callbacks.CheckNumber(reply.number))).number)
    match reply:
        case Say(sounds=sounds):
            await _speak(call, dialog, sounds, aside=aside)
        case Chosen(queue_id=queue_id) if queue_id is not None:
            await enter(call, queue_id)
        case Chosen():
            call.left_by = "menu"
            await ending.finish(call, Disposition.UNANSWERED, Party.SYSTEM)
        case CallMeBack(number=number):
            await _request_callback(call, number)
        case Cancelled():
            await _cancelled(call)


async def _speak(call: CallState, dialog: Dialog, sounds: tuple[str, ...], *, aside: bool) -> None:
    patience = timedelta(seconds=dialog.patience_seconds)
    if not sounds:
        call.after(EventKind.SILENCE, patience)
        return
    ringing = tuple(call.ringing.values()) if aside else ()
    said = await SAY(Speak(call.call_id, call.customer, sounds, call.say_next(), aside, ringing))
    if said.spoken:
        call.ringing = {}
        call.stage = CallStage.ASKING
        # Counted from the end of the speech, which an event tells; without it, from the longest that it can take.
        call.after(EventKind.SILENCE, timeouts.SPEECH + patience)
    call.note_customer(gone=said.customer_gone)


async def _request_callback(call: CallState, number: str) -> None:
    """The caller hangs up with a place in line: thanks are said, and the call ends by itself."""
    assert call.queue is not None
    arrival = call.arrival
    order = callbacks.CallbackOrder(
        call.call_id, arrival.node, arrival.our_number, call.queue.queue_id, number, arrival.customer_name
    )
    call.left_by = ExitAction.CALLBACK
    occasion = call.exit.occasion if call.exit else Occasion.MAX_WAIT
    call.exit = replace(Exit(occasion, ExitAction.HANG_UP), message=_THANKS)
    await callbacks.REQUEST_CALLBACK(callbacks.RequestCallback(order, call.customer, call.say_next()))
    call.stage = CallStage.LEAVING
    call.after(EventKind.MESSAGE_PLAYED, timeouts.SPEECH)


async def _cancelled(call: CallState) -> None:
    """Back to the line; a call that had left it already ends."""
    if call.exit is not None:
        await ending.finish(call, Disposition.UNANSWERED, Party.SYSTEM)
        return
    assert call.queue is not None
    await enter(call, call.queue.queue_id)
