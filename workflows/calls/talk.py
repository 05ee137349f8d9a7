"""What is done in a talk: hold, mute, keys, and the pause of the recording.

All parties who talk are in the call's one bridge. The others are out of it: a customer on hold hears music, an agent
who waits for a third party hears it ring.
"""

from dataclasses import dataclass
from uuid import UUID

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.calls import ids
    from domain.calls.call import CallStage
    from domain.queues.queue import STANDARD_MUSIC
    from workflows.calls.event import CallEvent
    from workflows.calls.parties import Offer
    from workflows.calls.state import CallState
    from workflows.core import timeouts
    from workflows.core.step import Step


@dataclass(frozen=True)
class Hold:
    """Let the customer hear music.

    `returning_to`: the agent was cut off and is to come back to that stage. When it is a conference, the customer talks
    on with the guest meanwhile.
    """

    call_id: str
    customer: str
    music: str
    returning_to: CallStage | None = None


@dataclass(frozen=True)
class Resume:
    """Let the customer talk with the parties again whose legs are `attempts`."""

    call_id: str
    customer: str
    attempts: tuple[int, ...]
    conference: bool = False
    user_id: UUID | None = None


@dataclass(frozen=True)
class SetMute:
    """Turn the agent's microphone, or the guest's, off or on."""

    call_id: str
    attempt: int
    muted: bool
    guest: bool = False


@dataclass(frozen=True)
class SendDigits:
    """Press keys towards those who hear the agent: their channels."""

    call_id: str
    channels: tuple[str, ...]
    digits: str


@dataclass(frozen=True)
class PauseRecording:
    """Put nothing on disk until it goes on again."""

    call_id: str
    paused: bool


@dataclass(frozen=True)
class LetGo:
    """The agent has nothing to do with the call any more. `rings_on`: a guest does, for the customer."""

    call_id: str
    agent: Offer
    rings_on: bool = False


HOLD: Step[Hold, None] = Step("hold", type(None))
RESUME: Step[Resume, None] = Step("resume", type(None))
SET_MUTE: Step[SetMute, None] = Step("set_mute", type(None), timeouts.Effort.OPTIONAL)
SEND_DIGITS: Step[SendDigits, None] = Step("send_digits", type(None), timeouts.Effort.ONCE)
PAUSE_RECORDING: Step[PauseRecording, None] = Step("pause_recording", type(None), timeouts.Effort.OPTIONAL)
LET_GO: Step[LetGo, None] = Step("let_go", type(None))


async def hold(call: CallState, _: CallEvent) -> None:
    """Takes the customer out of the bridge, to music. Raises FailureError, with the stage as before, when it failed."""
    await HOLD(Hold(call.call_id, call.customer, music(call)))
    call.stage = CallStage.HELD


async def resume(call: CallState, _: CallEvent) -> None:
    """Brings the customer back into the bridge. Raises FailureError, with the stage as before, when it failed."""
    await together(call)


async def together(call: CallState, *, but_guest: bool = False) -> None:
    """Customer and agent talk, with the guest if there is one; `but_guest`: the guest has left the call."""
    guest = None if but_guest else call.guest
    attempts = (call.leg, *((guest.attempt,) if guest else ()))
    user_id = call.agent.user_id if call.agent else None
    wanted = Resume(call.call_id, call.customer, attempts, conference=guest is not None, user_id=user_id)
    await RESUME(wanted)
    call.guest = guest
    call.stage = CallStage.CONFERENCE if guest else CallStage.CONNECTED


def music(call: CallState) -> str:
    """What a customer on hold hears."""
    return call.queue.music if call.queue else STANDARD_MUSIC


async def mute(call: CallState, event: CallEvent) -> None:
    """Turns off or on the microphone of the user who asks: the agent, or the guest."""
    guest = call.guest
    by_guest = guest is not None and event.asked is not None and guest.target.user_id == event.asked.by
    leg = guest.attempt if guest is not None and by_guest else call.leg
    await SET_MUTE(SetMute(call.call_id, leg, event.on, by_guest))


async def press_keys(call: CallState, event: CallEvent) -> None:
    """Presses keys towards the parties who hear the agent: the customer, the guest, or both."""
    heard = [call.customer] if call.stage is not CallStage.CONSULTING else []
    if call.guest is not None:
        heard.append(ids.agent_leg(call.call_id, call.guest.attempt))
    await SEND_DIGITS(SendDigits(call.call_id, tuple(heard), event.digits))


async def pause_recording(call: CallState, event: CallEvent) -> None:
    """Puts nothing on disk until the recording goes on."""
    await PAUSE_RECORDING(PauseRecording(call.call_id, event.on))


async def let_agent_go(call: CallState, *, rings_on: bool = False) -> None:
    """The agent has nothing to do with the call any more. `rings_on`: a third party's phone does, for the customer."""
    if call.agent is not None:
        await LET_GO(LetGo(call.call_id, call.agent, rings_on))
    call.agent, call.ringing = None, {}
