"""The steps of a call with the caller alone: menus, announcements, and the ways out of a queue."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.calls.arrival import Arrival
    from domain.calls.call import CallStage, Disposition, EventKind, Party
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
    from domain.queues.exits import DEFAULT_MESSAGES, Exit, ExitAction, Occasion
    from workflows.calls import messages, steps
    from workflows.calls.event import CallEvent
    from workflows.calls.state import CONGESTION, UNALLOCATED, CallState
    from workflows.core import timeouts

_MOST_HOPS = 5
"""Queues that overflow into each other pass a call on this often at most."""

_THANKS = "auth-thankyou"


async def begin(call: CallState, arrival: Arrival) -> None:
    """Lets the call in."""
    result = await steps.ADMIT(arrival)
    if result.is_full:
        await call.finish(Disposition.FAILED, Party.SYSTEM, CONGESTION, failure=Failure.NO_CHANNEL)
        return
    call.is_let_in = True
    await admitted(call, result)


async def admitted(call: CallState, result: messages.Admitted) -> None:
    """Goes where the admission has sent the call."""
    call.queue = result.queue or call.queue
    if result.menu is not None:
        await _ask(call, MenuDialog(result.menu))
    elif result.exit is not None:
        await say_goodbye(call, result.exit)
    elif call.is_manual and result.offers:
        call.arrival = result.arrival or call.arrival
        call.offered(result.offers)
        if call.arrival.dialled_on is not None:
            # The agent's phone is in the agent's hand already.
            call.inbox.append(CallEvent(EventKind.AGENT_ANSWERED, call.attempts))
    elif result.queue is not None:
        call.missed_last_search |= result.in_vain
        call.in_line(result.queue, result.offers)
    else:
        await call.finish(Disposition.FAILED, Party.SYSTEM, UNALLOCATED)


async def announce(call: CallState, _: CallEvent) -> None:
    """Tells the caller the position and the wait."""
    assert call.queue is not None
    if call.queue.announcements is not None:
        call.after(EventKind.ANNOUNCEMENT_DUE, timedelta(seconds=call.queue.announcements.every_seconds))
        said = messages.Announce(call.call_id, call.customer, call.queue, call.say_next())
        await steps.ANNOUNCE(said)


async def offer_callback(call: CallState, event: CallEvent) -> None:
    """The caller in line has pressed a key: the queue's callback key offers a callback, others mean nothing."""
    if call.queue is not None and call.queue.callback_key == event.digit:
        await _ask(call, CallbackDialog(call.arrival.caller_number), aside=True)


async def hear(call: CallState, event: CallEvent) -> None:
    """The caller has pressed a key, or nothing for a while."""
    assert call.dialog is not None
    await _follow(call, call.dialog, call.dialog.hear(event.digit))


async def leave(call: CallState, _: CallEvent) -> None:
    """The caller has waited as long as the queue allows."""
    assert call.queue is not None
    found = call.queue.exit_on(Occasion.MAX_WAIT) or Exit(Occasion.MAX_WAIT, ExitAction.HANG_UP)
    await say_goodbye(call, found)


async def take_exit(call: CallState, _: CallEvent) -> None:
    """The caller has heard why, and goes where the queue sends those whom it does not serve."""
    assert call.exit is not None
    match call.exit.action:
        case ExitAction.QUEUE if call.exit.target_queue_id and call.hops < _MOST_HOPS:
            call.hops += 1
            await enter(call, call.exit.target_queue_id)
        case ExitAction.VOICEMAIL:
            call.left_by = ExitAction.VOICEMAIL
            call.stage = CallStage.VOICEMAIL
            call.after(EventKind.VOICEMAIL_RECORDED, timeouts.VOICEMAIL)
            await steps.TAKE_VOICEMAIL(messages.TakeVoicemail(call.call_id, call.customer, call.say_next()))
        case ExitAction.CALLBACK if call.queue is not None:
            await _ask(call, CallbackDialog(call.arrival.caller_number))
        case _:
            await call.finish(Disposition.UNANSWERED, Party.SYSTEM)


async def store_voicemail(call: CallState, event: CallEvent) -> None:
    """The caller has said what there was to say."""
    ended_by = Party.CUSTOMER if event.kind is EventKind.CUSTOMER_ENDED else Party.SYSTEM
    await call.finish(Disposition.UNANSWERED, ended_by, event.cause, voicemail=True)


async def abandon(call: CallState, event: CallEvent) -> None:
    """The caller has given up: in line, or before a menu led to a queue, or after the queue had sent the call away."""
    if call.queue is None:
        call.left_by = "menu"
    gave_up = call.queue is not None and call.exit is None
    disposition = Disposition.ABANDONED if gave_up else Disposition.UNANSWERED
    await call.finish(disposition, Party.CUSTOMER, event.cause)


async def end_outside(call: CallState, event: CallEvent) -> None:
    """The caller has hung up while being told why the queue does not serve the call."""
    await call.finish(Disposition.UNANSWERED, Party.CUSTOMER, event.cause)


async def enter(call: CallState, queue_id: UUID) -> None:
    """Goes to a queue's line, with the age that the call has."""
    arrival = call.arrival
    wanted = messages.EnterQueue(
        call.call_id,
        queue_id,
        call.attempts + 1,
        arrival.caller_number,
        arrival.caller_name,
        call.customer,
    )
    call.left_by = None
    await admitted(call, await steps.ENTER_QUEUE(wanted))


async def say_goodbye(call: CallState, found: Exit) -> None:
    """Takes the call out of the line, if it is in one, and says why."""
    call.exit, call.left_by = found, found.occasion
    call.stage = CallStage.LEAVING
    call.after(EventKind.MESSAGE_PLAYED, timeouts.SPEECH)
    sounds = (found.message or DEFAULT_MESSAGES[found.occasion],)
    ringing, call.ringing = tuple(call.ringing.values()), {}
    await steps.LEAVE(messages.Leave(call.call_id, call.customer, sounds, call.say_next(), ringing))


async def _ask(call: CallState, dialog: Dialog, *, aside: bool = False) -> None:
    call.dialog = dialog
    await _follow(call, dialog, dialog.open(), aside=aside)


async def _follow(call: CallState, dialog: Dialog, reply: Reply, *, aside: bool = False) -> None:
    if isinstance(reply, Check):
        assert isinstance(dialog, CallbackDialog)
        reply = dialog.checked((await steps.CHECK_NUMBER(messages.CheckNumber(reply.number))).number)
    match reply:
        case Say(sounds=sounds):
            await _speak(call, dialog, sounds, aside=aside)
        case Chosen(queue_id=queue_id) if queue_id is not None:
            await enter(call, queue_id)
        case Chosen():
            call.left_by = "menu"
            await call.finish(Disposition.UNANSWERED, Party.SYSTEM)
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
    said = await steps.SAY(messages.Say(call.call_id, call.customer, sounds, call.say_next(), aside, ringing))
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
    order = messages.CallbackOrder(
        call.call_id, arrival.node, arrival.dialled, call.queue.queue_id, number, arrival.caller_name
    )
    call.left_by = ExitAction.CALLBACK
    occasion = call.exit.occasion if call.exit else Occasion.MAX_WAIT
    call.exit = replace(Exit(occasion, ExitAction.HANG_UP), message=_THANKS)
    await steps.REQUEST_CALLBACK(messages.RequestCallback(order, call.customer, call.say_next()))
    call.stage = CallStage.LEAVING
    call.after(EventKind.MESSAGE_PLAYED, timeouts.SPEECH)


async def _cancelled(call: CallState) -> None:
    """Back to the line; who had left it already is told goodbye."""
    if call.exit is not None:
        await call.finish(Disposition.UNANSWERED, Party.SYSTEM)
        return
    assert call.queue is not None
    await enter(call, call.queue.queue_id)
