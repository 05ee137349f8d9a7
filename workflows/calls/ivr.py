"""The steps of a call with the caller alone: menus, announcements, and the ways out of a queue."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.calls.arrival import Arrival
    from domain.calls.call import CallEvent, CallStage, Disposition, Party
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
    from workflows.calls.event import Happening
    from workflows.calls.state import CONGESTION, UNALLOCATED, Course
    from workflows.core import timeouts

_MOST_HOPS = 5
"""Queues that overflow into each other pass a call on this often at most."""

_THANKS = "auth-thankyou"


async def begin(course: Course, arrival: Arrival) -> None:
    """Lets the call in."""
    result = await steps.ADMIT(arrival)
    if result.is_full:
        await course.finish(Disposition.FAILED, Party.SYSTEM, CONGESTION, failure=Failure.NO_CHANNEL)
        return
    course.is_let_in = True
    await admitted(course, result)


async def admitted(course: Course, result: messages.Admitted) -> None:
    """Goes where a door has sent the call."""
    course.queue = result.queue or course.queue
    if result.menu is not None:
        await _ask(course, MenuDialog(result.menu))
    elif result.exit is not None:
        await say_goodbye(course, result.exit)
    elif course.by_hand and result.offers:
        course.arrival = result.arrival or course.arrival
        course.offered(result.offers)
        if course.arrival.dialled_on is not None:
            # The agent's phone is in the agent's hand already.
            course.happenings.append(Happening(CallEvent.AGENT_ANSWERED, course.attempts))
    elif result.queue is not None:
        course.missed_last_search |= result.in_vain
        course.in_line(result.queue, result.offers)
    else:
        await course.finish(Disposition.FAILED, Party.SYSTEM, UNALLOCATED)


async def announce(course: Course, _: Happening) -> None:
    """Tells the caller the position and the wait."""
    assert course.queue is not None
    if course.queue.announcements is not None:
        course.after(CallEvent.ANNOUNCEMENT_DUE, timedelta(seconds=course.queue.announcements.every_seconds))
        said = messages.Announce(course.call_id, course.customer, course.queue, course.say_next())
        await steps.ANNOUNCE(said)


async def offer_callback(course: Course, happening: Happening) -> None:
    """The caller in line has pressed a key: the queue's callback key offers a callback, others mean nothing."""
    if course.queue is not None and course.queue.callback_key == happening.digit:
        await _ask(course, CallbackDialog(course.arrival.caller_number), aside=True)


async def hear(course: Course, happening: Happening) -> None:
    """The caller has pressed a key, or nothing for a while."""
    assert course.dialog is not None
    await _follow(course, course.dialog, course.dialog.hear(happening.digit))


async def leave(course: Course, _: Happening) -> None:
    """The caller has waited as long as the queue allows."""
    assert course.queue is not None
    found = course.queue.exit_on(Occasion.MAX_WAIT) or Exit(Occasion.MAX_WAIT, ExitAction.HANG_UP)
    await say_goodbye(course, found)


async def take_exit(course: Course, _: Happening) -> None:
    """The caller has heard why, and goes where the queue sends those whom it does not serve."""
    assert course.exit is not None
    match course.exit.action:
        case ExitAction.QUEUE if course.exit.target_queue_id and course.hops < _MOST_HOPS:
            course.hops += 1
            await enter(course, course.exit.target_queue_id)
        case ExitAction.VOICEMAIL:
            course.left_by = ExitAction.VOICEMAIL
            course.stage = CallStage.VOICEMAIL
            course.after(CallEvent.VOICEMAIL_RECORDED, timeouts.VOICEMAIL)
            await steps.TAKE_VOICEMAIL(messages.TakeVoicemail(course.call_id, course.customer, course.say_next()))
        case ExitAction.CALLBACK if course.queue is not None:
            await _ask(course, CallbackDialog(course.arrival.caller_number))
        case _:
            await course.finish(Disposition.UNANSWERED, Party.SYSTEM)


async def store_voicemail(course: Course, happening: Happening) -> None:
    """The caller has said what there was to say."""
    ended_by = Party.CUSTOMER if happening.event is CallEvent.CUSTOMER_ENDED else Party.SYSTEM
    await course.finish(Disposition.UNANSWERED, ended_by, happening.cause, voicemail=True)


async def abandon(course: Course, happening: Happening) -> None:
    """The caller has given up: in line, or before a menu led to a queue, or after the queue had sent the call away."""
    if course.queue is None:
        course.left_by = "menu"
    gave_up = course.queue is not None and course.exit is None
    disposition = Disposition.ABANDONED if gave_up else Disposition.UNANSWERED
    await course.finish(disposition, Party.CUSTOMER, happening.cause)


async def end_outside(course: Course, happening: Happening) -> None:
    """The caller has hung up while being told why the queue does not serve the call."""
    await course.finish(Disposition.UNANSWERED, Party.CUSTOMER, happening.cause)


async def enter(course: Course, queue_id: UUID) -> None:
    """Goes to a queue's line, with the age that the call has."""
    arrival = course.arrival
    wanted = messages.EnterQueue(
        course.call_id,
        queue_id,
        course.attempts + 1,
        arrival.caller_number,
        arrival.caller_name,
        course.customer,
    )
    course.left_by = None
    await admitted(course, await steps.ENTER_QUEUE(wanted))


async def say_goodbye(course: Course, found: Exit) -> None:
    """Takes the call out of the line, if it is in one, and says why."""
    course.exit, course.left_by = found, found.occasion
    course.stage = CallStage.LEAVING
    course.after(CallEvent.MESSAGE_PLAYED, timeouts.SPEECH)
    sounds = (found.message or DEFAULT_MESSAGES[found.occasion],)
    ringing, course.ringing = tuple(course.ringing.values()), {}
    await steps.LEAVE(messages.Leave(course.call_id, course.customer, sounds, course.say_next(), ringing))


async def _ask(course: Course, dialog: Dialog, *, aside: bool = False) -> None:
    course.dialog = dialog
    await _follow(course, dialog, dialog.open(), aside=aside)


async def _follow(course: Course, dialog: Dialog, reply: Reply, *, aside: bool = False) -> None:
    if isinstance(reply, Check):
        assert isinstance(dialog, CallbackDialog)
        reply = dialog.checked((await steps.CHECK_NUMBER(messages.CheckNumber(reply.number))).number)
    match reply:
        case Say(sounds=sounds):
            await _speak(course, dialog, sounds, aside=aside)
        case Chosen(queue_id=queue_id) if queue_id is not None:
            await enter(course, queue_id)
        case Chosen():
            course.left_by = "menu"
            await course.finish(Disposition.UNANSWERED, Party.SYSTEM)
        case CallMeBack(number=number):
            await _request_callback(course, number)
        case Cancelled():
            await _cancelled(course)


async def _speak(course: Course, dialog: Dialog, sounds: tuple[str, ...], *, aside: bool) -> None:
    patience = timedelta(seconds=dialog.patience_seconds)
    if not sounds:
        course.after(CallEvent.SILENCE, patience)
        return
    ringing = tuple(course.ringing.values()) if aside else ()
    said = await steps.SAY(messages.Say(course.call_id, course.customer, sounds, course.say_next(), aside, ringing))
    if said.spoken:
        course.ringing = {}
        course.stage = CallStage.ASKING
        # Counted from the end of the speech, which an event tells; without it, from the longest that it can take.
        course.after(CallEvent.SILENCE, timeouts.SPEECH + patience)
    course.note_customer(gone=said.customer_gone)


async def _request_callback(course: Course, number: str) -> None:
    """The caller hangs up with a place in line: thanks are said, and the call ends by itself."""
    assert course.queue is not None
    arrival = course.arrival
    order = messages.CallbackOrder(
        course.call_id, arrival.node, arrival.dialled, course.queue.queue_id, number, arrival.caller_name
    )
    course.left_by = ExitAction.CALLBACK
    occasion = course.exit.occasion if course.exit else Occasion.MAX_WAIT
    course.exit = replace(Exit(occasion, ExitAction.HANG_UP), message=_THANKS)
    await steps.REQUEST_CALLBACK(messages.RequestCallback(order, course.customer, course.say_next()))
    course.stage = CallStage.LEAVING
    course.after(CallEvent.MESSAGE_PLAYED, timeouts.SPEECH)


async def _cancelled(course: Course) -> None:
    """Back to the line; who had left it already is told goodbye."""
    if course.exit is not None:
        await course.finish(Disposition.UNANSWERED, Party.SYSTEM)
        return
    assert course.queue is not None
    await enter(course, course.queue.queue_id)
