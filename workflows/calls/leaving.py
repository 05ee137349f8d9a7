"""How a call ends whose caller talks with no agent: sent away with a message, into a voicemail, or given up."""

from dataclasses import dataclass

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.calls.call import CallStage, Disposition, EventKind, Party
    from domain.queues.exits import DEFAULT_MESSAGES, Exit, ExitAction, Occasion
    from workflows.calls import ending
    from workflows.calls.event import CallEvent
    from workflows.calls.parties import Offer
    from workflows.calls.state import CallState
    from workflows.core import timeouts
    from workflows.core.step import Step


@dataclass(frozen=True)
class Leave:
    """Take a call out of its queue, stop the phones that ring for it, and tell the caller why."""

    call_id: str
    customer: str
    sounds: tuple[str, ...]
    count: int
    ringing: tuple[Offer, ...] = ()


@dataclass(frozen=True)
class TakeVoicemail:
    """Ask the caller for a message and record it."""

    call_id: str
    customer: str
    count: int


LEAVE: Step[Leave, None] = Step("leave", type(None))
TAKE_VOICEMAIL: Step[TakeVoicemail, None] = Step("take_voicemail", type(None))


async def leave(call: CallState, _: CallEvent) -> None:
    """The caller has waited as long as the queue allows."""
    assert call.queue is not None
    found = call.queue.exit_on(Occasion.MAX_WAIT) or Exit(Occasion.MAX_WAIT, ExitAction.HANG_UP)
    await say_goodbye(call, found)


async def say_goodbye(call: CallState, found: Exit) -> None:
    """Takes the call out of the line, if it is in one, and says why."""
    call.exit, call.left_by = found, found.occasion
    call.stage = CallStage.LEAVING
    call.after(EventKind.MESSAGE_PLAYED, timeouts.SPEECH)
    sounds = (found.message or DEFAULT_MESSAGES[found.occasion],)
    ringing, call.ringing = tuple(call.ringing.values()), {}
    await LEAVE(Leave(call.call_id, call.customer, sounds, call.say_next(), ringing))


async def take_voicemail(call: CallState) -> None:
    """The caller is asked for a message."""
    call.left_by = ExitAction.VOICEMAIL
    call.stage = CallStage.VOICEMAIL
    call.after(EventKind.VOICEMAIL_RECORDED, timeouts.VOICEMAIL)
    await TAKE_VOICEMAIL(TakeVoicemail(call.call_id, call.customer, call.say_next()))


async def store_voicemail(call: CallState, event: CallEvent) -> None:
    """The caller has said what there was to say."""
    ended_by = Party.CUSTOMER if event.kind is EventKind.CUSTOMER_ENDED else Party.SYSTEM
    await ending.finish(call, Disposition.UNANSWERED, ended_by, event.cause, voicemail=True)


async def abandon(call: CallState, event: CallEvent) -> None:
    """The caller has given up: in line, or before a menu led to a queue, or after the queue had sent the call away."""
    if call.queue is None:
        call.left_by = "menu"
    gave_up = call.queue is not None and call.exit is None
    disposition = Disposition.ABANDONED if gave_up else Disposition.UNANSWERED
    await ending.finish(call, disposition, Party.CUSTOMER, event.cause)


async def end_outside(call: CallState, event: CallEvent) -> None:
    """The caller has hung up while being told why the queue does not serve the call."""
    await ending.finish(call, Disposition.UNANSWERED, Party.CUSTOMER, event.cause)
