"""The state of a call, and what its events mean for it."""

import asyncio
from collections import deque
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.calls import ids
    from domain.calls.arrival import Arrival
    from domain.calls.call import CallRole, CallStage, EventKind, Party, revision
    from domain.calls.transitions import action_for
    from domain.inbound.dialog import Dialog
    from domain.phones.keys import KEYS
    from domain.queues.exits import Exit
    from domain.queues.queue import Queue
    from workflows.calls import parties, updates
    from workflows.calls.event import CallEvent
    from workflows.calls.kind import CallKind
    from workflows.calls.trunk_tries import Ways
    from workflows.core import timeouts

_OF_GUEST = {
    EventKind.AGENT_ANSWERED: EventKind.GUEST_ANSWERED,
    EventKind.AGENT_ENDED: EventKind.GUEST_ENDED,
    EventKind.AGENT_DECLINED: EventKind.GUEST_ENDED,
}


class CallState:
    """A call's state. Only one step runs at a time, so nothing here needs a lock."""

    def __init__(self, arrival: Arrival, kind: CallKind) -> None:
        self.arrival, self.kind = arrival, kind
        self.stage = CallStage.ARRIVING
        self.queue: Queue | None = None
        self.ringing: dict[int, parties.Offer] = {}
        """The agents who are being rung, by attempt."""
        self.agent: parties.Offer | None = None
        """The agent who has picked up."""
        self.leg = 0
        """The leg of the agent whose call it is, or was last."""
        self.left_at = CallStage.CONNECTED
        """The stage at which the agent was cut off, to which the call returns with the agent."""
        self.is_let_in = self.rescued = False
        """Whether the call is known to be written down; whether it was put back in line once after a failed step."""
        self.storing: asyncio.Task[None] | None = None
        """The file of a call that has ended, which nobody waits for."""
        self.guest: parties.Guest | None = None
        """The third party who is rung, consulted or in conference."""
        self.guest_away = self.guest_moved = False
        """Whether the guest has talked and was cut off, and is rung again; and whether the guest's page was closed or
        loaded anew while it rang, and rings when it is back."""
        self.attempts = self.dial = 0
        """Numbers the customer's legs: each trunk by which a try is made is one more."""
        self.tries = self.in_vain = 0
        """How often the customer was tried, or is; and how often that never reached the phone, and does not count."""
        self.ways = Ways()
        """The trunks by which somebody outside was called last: the customer, or a third party."""
        self.has_customer = kind.customer_waits
        """Whether a customer is, or is being brought, on the line; else one is called when an agent has picked up."""
        self.ended_by: Party | None = None
        """The party that has ended the talk."""
        self.talked = False
        """Whether an agent has talked with the customer, also one who is gone by now."""
        self.reconnected: updates.Reconnected | None = None
        """While the call looks after a reconnection: what is known of when a leg that is found gone has ended."""
        self.customer_gone_by: datetime | None = None
        """When a customer who was found gone had left at the latest."""
        self.event_at: datetime | None = None
        """When what the call now deals with has happened; None for the present."""
        self.playing = self.hops = 0
        self.dialog: Dialog | None = None
        self.exit: Exit | None = None
        self.left_by: str | None = None
        self.missed_last_search = False
        self.due: dict[EventKind, datetime] = {}
        """When the passing of time becomes an event; it counts only at stages that know the event."""
        self.inbox: deque[CallEvent] = deque()

    @property
    def call_id(self) -> str:
        """The call's id."""
        return self.arrival.call_id

    @property
    def customer(self) -> str:
        """The customer's channel."""
        return ids.customer_leg(self.call_id, self.dial)

    @property
    def recorded(self) -> bool:
        """Whether the talk is recorded."""
        return self.kind.is_recorded(self)

    @property
    def wanted_keys(self) -> str:
        """The keys that mean something to the call now."""
        if action_for(self.stage, EventKind.DIGIT_PRESSED) is None:
            return ""
        if self.stage is CallStage.ASKING:
            return "".join(sorted(KEYS))
        return self.queue.callback_key or "" if self.queue and self.has_customer else ""

    def role_of(self, user_id: UUID) -> CallRole | None:
        """What a user is to the call now; while it rings, an agent who is rung for it."""
        if self.guest is not None and self.guest.target.user_id == user_id:
            return CallRole.THIRD_PARTY
        agents = self.ringing.values() if self.stage is CallStage.OFFERED else (self.agent,)
        return CallRole.AGENT if any(agent and agent.user_id == user_id for agent in agents) else None

    def attempt_of(self, user_id: UUID) -> int:
        """The leg that rings a user; 0 when there is none."""
        if self.guest is not None:
            return self.guest.attempt if self.guest.target.user_id == user_id else 0
        return next((attempt for attempt, offer in self.ringing.items() if offer.user_id == user_id), 0)

    def revision_for(self, user_id: UUID) -> str:
        """What a user's page shows of the call, once it shows the present."""
        attempt = self.attempt_of(user_id) if self.stage is CallStage.OFFERED else self.leg
        # Somebody outside to whom the call was handed over is no third party any more.
        guest = self.guest.attempt if self.guest and self.stage is not CallStage.CONNECTED else 0
        return revision(self.stage, attempt, guest)

    def belongs_to(self, agent: parties.Offer | None) -> None:
        """The call is this agent's from now on; without one, somebody's outside, and still noted as the last one's."""
        self.agent = agent
        if agent is not None:
            self.leg = agent.attempt

    def after(self, kind: EventKind, time: timedelta) -> None:
        """Makes the event happen by itself after a time."""
        self.due[kind] = workflow.now() + time

    def next_due(self) -> tuple[EventKind, datetime] | None:
        """The first event that time will bring at this stage."""
        known = [(moment, kind) for kind, moment in self.due.items() if action_for(self.stage, kind)]
        if not known:
            return None
        moment, kind = min(known)
        return kind, moment

    def meaning(self, event: CallEvent) -> EventKind | None:
        """The event as it concerns the call now; None when it is about somebody or something of earlier."""
        match event.kind:
            case EventKind.AGENT_ANSWERED | EventKind.AGENT_ENDED | EventKind.AGENT_DECLINED as kind:
                is_late = kind is EventKind.AGENT_DECLINED and self.guest is not None and not self.guest_rings
                return None if is_late else self._of_leg(kind, event)
            case EventKind.CUSTOMER_ANSWERED | EventKind.CUSTOMER_ENDED | EventKind.RINGS as kind:
                return kind if self._is_called(event) else None
            case EventKind.HANG_UP_REQUESTED:
                return self._of_hang_up(event)
            case EventKind.MESSAGE_PLAYED:
                return self._of_message(event)
            case EventKind.AGENT_BACK | EventKind.REJOIN_REQUESTED as kind:
                return self._of_return(kind, event)
            case kind:
                is_rung = self.guest_rings or self.guest_away
                return None if kind is EventKind.REACH_TIMED_OUT and not is_rung else kind

    def _of_return(self, kind: EventKind, event: CallEvent) -> EventKind | None:
        """Somebody's phone is there again, or a page wants back into the call: of the agent, or of the guest."""
        if event.asked is None:
            is_awaited = (self.guest_away or self.guest_moved) and self.stage is not CallStage.RETURNING
            return EventKind.GUEST_LOST if is_awaited else kind
        if self.role_of(event.asked.by) is not CallRole.THIRD_PARTY:
            return kind
        has_talked = self.guest_away or not self.guest_rings
        return EventKind.GUEST_LOST if has_talked and self.stage is not CallStage.RETURNING else None

    def _of_hang_up(self, event: CallEvent) -> EventKind | None:
        """A guest leaves; a call that only rings is hung up by who dials it."""
        if event.asked and self.role_of(event.asked.by) is CallRole.THIRD_PARTY:
            return EventKind.GUEST_ENDED
        rings = self.stage is CallStage.OFFERED and not self.kind.by_hand
        return None if rings else EventKind.HANG_UP_REQUESTED

    def _of_message(self, event: CallEvent) -> EventKind | None:
        if event.count != self.playing:
            return None
        if self.stage is CallStage.ASKING and self.dialog:
            self.after(EventKind.SILENCE, timedelta(seconds=self.dialog.patience_seconds))
            return None
        return EventKind.MESSAGE_PLAYED

    def _is_called(self, event: CallEvent) -> bool:
        """Whether it is about the customer's leg of now, or, where that of a third party rings, about this one."""
        if event.kind is EventKind.RINGS and self.guest is not None:
            return self.guest_rings and event.attempt == self.guest.attempt
        return event.dial == self.dial and self.has_customer

    @property
    def guest_rings(self) -> bool:
        """Whether a third party is rung, also while the agent is away."""
        stage = self.left_at if self.stage is CallStage.RETURNING else self.stage
        return stage is CallStage.REACHING

    def _of_leg(self, kind: EventKind, event: CallEvent) -> EventKind | None:
        """What an event of a leg of ours means by whose leg it is."""
        if self.guest and event.attempt == self.guest.attempt:
            return self._of_guest(kind, self.guest, event)
        if kind is EventKind.AGENT_ENDED and self._was_cut_off(event):
            return EventKind.AGENT_LOST
        # An agent who was cut off has only the legs that ring.
        has_leg = self.agent is not None and self.stage is not CallStage.RETURNING
        if event.attempt in self.ringing or (has_leg and self.leg == event.attempt):
            return kind
        return EventKind.STALE_LEG_ANSWERED if kind is EventKind.AGENT_ANSWERED else None

    def _of_guest(self, kind: EventKind, guest: parties.Guest, event: CallEvent) -> EventKind | None:
        """What happens to the guest's leg. One that was cut off has hung up only by saying so."""
        ended = kind is EventKind.AGENT_ENDED and not event.declined
        if ended and (self.guest_away or self.guest_moved) and not event.moved:
            return None
        was_cut_off = guest.offer is not None and (guest.web or event.lost or event.moved)
        is_awaited = was_cut_off and (not self.guest_rings or (event.moved and self.stage is CallStage.REACHING))
        return EventKind.GUEST_LOST if ended and is_awaited else _OF_GUEST[kind]

    def _was_cut_off(self, ended: CallEvent) -> bool:
        """Whether the agent of the talk is gone without having hung up."""
        if not self.agent or ended.attempt != self.agent.attempt:
            return False
        return self.agent.web or ended.lost

    def offered(self, offers: Iterable[parties.Offer]) -> None:
        """These agents are being rung; with nobody rung the call waits."""
        self.ringing = {offer.attempt: offer for offer in offers}
        self.agent = None
        if self.ringing:
            self.stage = CallStage.OFFERED
            self.attempts = max(self.attempts, *self.ringing)
            self.missed_last_search = False
            self.after(EventKind.RING_TIMED_OUT, self.kind.ring_time(self) + timeouts.RING_MARGIN)
        else:
            self.stage = CallStage.WAITING
            again = timeouts.SEARCH_AFTER_MISS if self.missed_last_search else self._patience
            self.after(EventKind.SEARCH_DUE, again)

    @property
    def _patience(self) -> timedelta:
        """How long nobody looks for an agent by itself: a callback may wait over a weekend, and each look is kept."""
        return timeouts.SEARCH_AGAIN if self.has_customer else timeouts.SEARCH_AGAIN_FOR_CALLBACK

    def in_line(self, queue: Queue, offers: Iterable[parties.Offer]) -> None:
        """The call has come into a queue."""
        self.queue = queue
        self.exit = None
        self.after_rules(queue)
        if queue.max_wait_seconds is not None and self.has_customer:
            self.after(EventKind.WAIT_OVER, timedelta(seconds=queue.max_wait_seconds))
        self.offered(offers)

    def after_rules(self, queue: Queue) -> None:
        """The queue's rules have been read anew."""
        self.queue = queue
        if queue.announcements is None or not self.has_customer:
            self.due.pop(EventKind.ANNOUNCEMENT_DUE, None)
        elif EventKind.ANNOUNCEMENT_DUE not in self.due:
            self.after(EventKind.ANNOUNCEMENT_DUE, timedelta(seconds=queue.announcements.every_seconds))

    def note_customer(self, *, gone: bool) -> None:
        """Tells itself that the customer is gone: soon, for the event that is on its way says since when."""
        if gone and self.reconnected and self.reconnected.gone_at is not None:
            self.inbox.append(CallEvent(EventKind.CUSTOMER_ENDED, dial=self.dial, at=self.reconnected.gone_at))
        elif gone:
            self.customer_gone_by = self.gone_by
            self.after(EventKind.CUSTOMER_ENDED, timeouts.EVENT_ON_ITS_WAY)

    @property
    def gone_by(self) -> datetime:
        """When a leg that is found gone just now had ended at the latest."""
        known = self.reconnected or updates.Reconnected()
        return known.gone_at or min(workflow.now(), known.listening_since or workflow.now())

    def say_next(self) -> int:
        """The number of what is played next."""
        self.playing += 1
        return self.playing
