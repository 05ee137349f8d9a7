"""What goes in and out of a call's workflow: one frozen dataclass a message."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from domain.calls.arrival import Arrival
from domain.calls.call import CallStage, Disposition, Party
from domain.calls.failure import Failure
from domain.inbound.menu import Menu
from domain.queues.exits import Exit
from domain.queues.queue import Queue
from workflows.calls.parties import Guest, Offer
from workflows.calls.trunk_tries import Way


@dataclass(frozen=True)
class Admitted:
    """What became of a new call: its queue and first offers, or a menu, or the way past a queue.

    With none of them the number is not ours. `arrival` is what is known by now of a call dialled on a desk phone.
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
class Connected:
    """Whether customer and agent talk; `customer_gone` when the customer was no longer there.

    `agent_taken`: the phone was picked up so late that its agent had become another call's.
    """

    connected: bool
    customer_gone: bool = False
    agent_taken: bool = False


@dataclass(frozen=True)
class Dial:
    """Call the customer for the `dial`-th time, for the agent who has picked up."""

    call_id: str
    dial: int
    number: str
    offer: Offer
    others: tuple[Offer, ...]
    shown: str = ""
    """The number of ours that the customer's phone shows: the one that the customer dialled."""
    by_hand: bool = False
    avoid: tuple[str, ...] = ()
    """Trunks whose carriers have just been found to be down."""
    tries: int = 0
    """Which try at the customer this is; several trunks may be one try."""


@dataclass(frozen=True)
class Dialled:
    """Whether the customer's phone is being called; not when the agent, on the phone that dialled, has left.

    `failure` is why it is not.
    """

    ringing: bool
    agent_gone: bool = False
    failure: Failure | None = None
    way: Way = field(default_factory=Way)


@dataclass(frozen=True)
class RetryLater:
    """The customer was not reached: free the agent and stand in line again, to be served from `at` on.

    `tries` is how often the customer has been tried by now, None in a call of an older version.
    """

    call_id: str
    customer: str
    offer: Offer
    at: datetime
    tries: int | None = None


@dataclass(frozen=True)
class Announce:
    """Tell a caller in line the position and the wait, as the queue says."""

    call_id: str
    customer: str
    queue: Queue
    count: int


@dataclass(frozen=True)
class Say:
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
class Said:
    """Whether it is spoken; not when the call could not step aside because an agent has been found."""

    spoken: bool
    customer_gone: bool = False


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


@dataclass(frozen=True)
class CheckNumber:
    """Find out whether a caller may be called back at a number."""

    number: str


@dataclass(frozen=True)
class CheckedNumber:
    """The number in the form in which it is dialled; None when it may not be dialled."""

    number: str | None


@dataclass(frozen=True)
class CallbackOrder:
    """Who is to be called back, and for which queue."""

    call_id: str
    node: str
    dialled: str
    queue_id: UUID
    number: str
    name: str


@dataclass(frozen=True)
class RequestCallback:
    """Keep the caller's place for a call of ours, and say so."""

    order: CallbackOrder
    customer: str
    count: int


@dataclass(frozen=True)
class Reconnected:
    """Events may have been lost. Legs that are not there any more were there until `gone_at`, if that is known.

    Else Asterisk tells since when, as a rule. What it does not tell had ended at `listening_since`, when whoever
    listens now began to.
    """

    gone_at: datetime | None = None
    listening_since: datetime | None = None


@dataclass(frozen=True)
class Finish:
    """End the talk or the wait: hang up what is left, write the CDR, send the agent to wrap-up.

    `exit` is how the call left its queue when it was neither answered nor given up. `arrival` is told of a call that
    could not be let in, and may not have been written down. `recorded` asks for the talk's recording to be listed, too.
    """

    call_id: str
    customer: str | None
    offers: tuple[Offer, ...]
    disposition: Disposition
    ended_by: Party
    cause: int
    ended_at: datetime
    talked: bool
    wrap_up_seconds: int
    exit: str | None = None
    guest: Guest | None = None
    failure: Failure | None = None
    arrival: Arrival | None = None
    recorded: bool = False


@dataclass(frozen=True)
class Finished:
    """The call has ended. Where `stored` is not true, its recording is still to be listed."""

    stored: bool = False


@dataclass(frozen=True)
class Store:
    """Close the file of a call that has ended, and list it: the recording of the talk, or the caller's message."""

    call_id: str
    ended_at: datetime
    voicemail: bool = False


@dataclass(frozen=True)
class Complete:
    """The agent's work on the call is over."""

    call_id: str
    code: str | None = None


@dataclass(frozen=True)
class ExtendWrapUp:
    """The agent needs more time for the wrap-up."""

    call_id: str
    user_id: UUID
    until: datetime


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


@dataclass(frozen=True)
class ReleaseLeg:
    """Hang up an agent's leg that nobody waits for any more."""

    call_id: str
    attempt: int


@dataclass(frozen=True)
class SetMute:
    """Turn the agent's microphone, or the guest's, off or on."""

    call_id: str
    attempt: int
    muted: bool
    guest: bool = False


@dataclass(frozen=True)
class Hold:
    """Let the customer hear music.

    `returning_to`: because the agent was cut off, who is to come back to that stage. To a conference: the customer
    talks on with the guest meanwhile.
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
class LetGo:
    """The agent has nothing to do with the call any more. `rings_on`: a guest does, for the customer."""

    call_id: str
    agent: Offer
    rings_on: bool = False


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
