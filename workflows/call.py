"""A call is a workflow: one customer's conversation, from the ringing of our line to the end of wrap-up."""

from collections import deque
from dataclasses import dataclass
from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from domain.arrival import Arrival
    from domain.call import CallEvent, CallStage, Disposition, Party, Step, step_for
    from domain.queue import Queue
    from workflows import messages, steps, timeouts

UNALLOCATED = 1
NORMAL_CLEARING = 16


@dataclass
class Happening:
    """An event that waits for its turn. `done` tells whoever asked for it that it has been dealt with."""

    event: CallEvent
    attempt: int = 0
    cause: int = NORMAL_CLEARING
    done: bool = False


@workflow.defn(name="Call")
class CallWorkflow:
    """Takes one event after the other and does what the table in `domain.call` says.

    Signals and updates only put events in line. Nothing else changes the state, so no two steps of a call ever run
    at the same time and no lock is needed.
    """

    @workflow.init
    def __init__(self, arrival: Arrival) -> None:
        self._arrival = arrival
        self._stage = CallStage.ARRIVING
        self._queue: Queue | None = None
        self._offer: messages.Offer | None = None
        self._attempts = 0
        self._missed_last_search = False
        self._happenings: deque[Happening] = deque()
        self._probe_due = False

    @workflow.run
    async def run(self, arrival: Arrival) -> None:
        """Lives as long as the call."""
        admitted = await steps.ADMIT(arrival)
        if admitted.queue is None:
            await self._finish(Disposition.FAILED, Party.SYSTEM, UNALLOCATED)
        else:
            self._queue = admitted.queue
            self._take_offer(admitted.offer)
        while self._stage is not CallStage.CLOSED:
            happening = await self._next()
            event = self._meaning(happening)
            step = step_for(self._stage, event) if event else None
            if step is not None:
                await self._do(step, happening)
            happening.done = True
        await workflow.wait_condition(workflow.all_handlers_finished)

    # What happens to the call

    @workflow.signal
    def agent_claimed(self) -> None:
        """An agent became free and was claimed for this call."""
        self._happenings.append(Happening(CallEvent.AGENT_CLAIMED))

    @workflow.signal
    def leg_answered(self, leg: messages.LegAnswered) -> None:
        """An agent's phone was picked up."""
        self._happenings.append(Happening(CallEvent.AGENT_ANSWERED, leg.attempt))

    @workflow.signal
    def leg_ended(self, leg: messages.LegEnded) -> None:
        """The customer or an agent is gone."""
        if leg.attempt == 0:
            self._happenings.append(Happening(CallEvent.CUSTOMER_ENDED, 0, leg.cause))
        else:
            self._happenings.append(Happening(CallEvent.AGENT_ENDED, leg.attempt, leg.cause))

    @workflow.signal
    def reconnected(self) -> None:
        """Events may have been lost: see which legs still exist."""
        self._probe_due = True

    @workflow.query
    def get_view(self) -> messages.CallView:
        """Where the call is."""
        user_id = self._offer.user_id if self._offer else None
        return messages.CallView(self._stage, self._attempts, user_id)

    # What the agent asks for

    @workflow.update
    async def decline(self) -> None:
        """The agent does not want the call that rings."""
        await self._ask(CallEvent.AGENT_DECLINED)

    @decline.validator
    def _may_decline(self) -> None:
        self._require(CallStage.OFFERED, "The call is no longer ringing.")

    @workflow.update
    async def hang_up(self) -> None:
        """The agent ends the talk."""
        await self._ask(CallEvent.HANG_UP_REQUESTED)

    @hang_up.validator
    def _may_hang_up(self) -> None:
        self._require(CallStage.CONNECTED, "The call is not connected.")

    @workflow.update
    async def complete_wrap_up(self) -> None:
        """The agent is ready before the wrap-up time is over."""
        await self._ask(CallEvent.WRAP_UP_OVER)

    @complete_wrap_up.validator
    def _may_complete_wrap_up(self) -> None:
        self._require(CallStage.WRAP_UP, "The call is not in wrap-up.")

    @workflow.update
    async def mute(self, muted: bool) -> None:
        """The agent's microphone is turned off or on."""
        assert self._offer is not None
        await steps.SET_MUTE(messages.SetMute(self._arrival.call_id, self._offer.attempt, muted))

    @mute.validator
    def _may_mute(self, muted: bool) -> None:  # noqa: ARG002 - Temporal calls validators like handlers
        self._require(CallStage.CONNECTED, "The call is not connected.")

    def _require(self, stage: CallStage, otherwise: str) -> None:
        if self._stage is not stage:
            raise ApplicationError(otherwise, type="Refused", non_retryable=True)

    async def _ask(self, event: CallEvent) -> None:
        happening = Happening(event, self._offer.attempt if self._offer else 0)
        self._happenings.append(happening)
        await workflow.wait_condition(lambda: happening.done or self._stage is CallStage.CLOSED)

    # What the call does

    @property
    def _ringing_attempt(self) -> int | None:
        return self._offer.attempt if self._offer else None

    async def _next(self) -> Happening:
        """The next event, or the one that the passing of time brings."""
        try:
            await workflow.wait_condition(lambda: bool(self._happenings) or self._probe_due, timeout=self._patience())
        except TimeoutError:
            return Happening(self._overdue(), self._ringing_attempt or 0)
        if self._probe_due:
            self._probe_due = False
            await self._probe()
        return self._happenings.popleft() if self._happenings else await self._next()

    def _patience(self) -> timedelta | None:
        assert self._queue is not None
        match self._stage:
            case CallStage.WAITING:
                return timeouts.SEARCH_AFTER_MISS if self._missed_last_search else timeouts.SEARCH_AGAIN
            case CallStage.OFFERED:
                return timedelta(seconds=self._queue.ring_seconds) + timeouts.RING_MARGIN
            case CallStage.WRAP_UP:
                return timedelta(seconds=self._queue.wrap_up_seconds)
            case _:
                return None

    def _overdue(self) -> CallEvent:
        match self._stage:
            case CallStage.WAITING:
                return CallEvent.SEARCH_DUE
            case CallStage.OFFERED:
                return CallEvent.RING_TIMED_OUT
            case _:
                return CallEvent.WRAP_UP_OVER

    async def _do(self, step: Step, happening: Happening) -> None:
        match step:
            case Step.SEARCH:
                forgive = self._missed_last_search and happening.event is CallEvent.SEARCH_DUE
                self._take_found(await steps.SEARCH(self._search(forgive=forgive)))
            case Step.CONNECT:
                await self._connect()
            case Step.REQUEUE:
                await self._requeue()
            case Step.RELEASE_LEG:
                await steps.RELEASE_LEG(messages.ReleaseLeg(self._arrival.call_id, happening.attempt))
            case Step.ABANDON:
                await self._finish(Disposition.ABANDONED, Party.CUSTOMER, happening.cause)
            case Step.END_BY_CUSTOMER:
                await self._finish(Disposition.ANSWERED, Party.CUSTOMER, happening.cause)
            case Step.END_BY_AGENT:
                await self._finish(Disposition.ANSWERED, Party.AGENT, happening.cause)
            case Step.COMPLETE:
                await steps.COMPLETE(messages.Complete(self._arrival.call_id))
                self._stage = CallStage.CLOSED

    def _meaning(self, happening: Happening) -> CallEvent | None:
        """The event, unless it is about an agent who was rung earlier: then only a picked-up phone matters."""
        about_agent = happening.event in {CallEvent.AGENT_ANSWERED, CallEvent.AGENT_ENDED, CallEvent.AGENT_DECLINED}
        if not about_agent or happening.attempt == self._ringing_attempt:
            return happening.event
        return CallEvent.STALE_LEG_ANSWERED if happening.event is CallEvent.AGENT_ANSWERED else None

    def _search(self, *, forgive: bool = False) -> messages.Search:
        assert self._queue is not None
        arrival = self._arrival
        return messages.Search(
            arrival.call_id, self._queue, self._attempts + 1, arrival.caller_number, arrival.caller_name, forgive
        )

    def _take_offer(self, offer: messages.Offer | None) -> None:
        self._offer = offer
        self._stage = CallStage.OFFERED if offer else CallStage.WAITING
        if offer:
            self._attempts = offer.attempt
            self._missed_last_search = False

    def _take_found(self, found: messages.Found) -> None:
        self._take_offer(found.offer)
        self._note_customer(gone=found.customer_gone)

    def _note_customer(self, *, gone: bool) -> None:
        """A step that finds the customer gone says so itself: the event may have been lost."""
        if gone:
            self._happenings.append(Happening(CallEvent.CUSTOMER_ENDED))

    async def _connect(self) -> None:
        assert self._queue is not None
        assert self._offer is not None
        done = await steps.CONNECT(messages.Connect(self._arrival.call_id, self._offer, self._queue.recorded))
        if done.connected:
            self._stage = CallStage.CONNECTED
        self._note_customer(gone=done.customer_gone)

    async def _requeue(self) -> None:
        assert self._offer is not None
        self._take_found(await steps.REQUEUE(messages.Requeue(self._offer, self._search())))
        self._missed_last_search = self._offer is None

    async def _finish(self, disposition: Disposition, ended_by: Party, cause: int) -> None:
        talked = disposition is Disposition.ANSWERED
        wrap_up = self._queue.wrap_up_seconds if self._queue and talked else 0
        await steps.FINISH(
            messages.Finish(
                call_id=self._arrival.call_id,
                offer=self._offer,
                disposition=disposition,
                ended_by=ended_by,
                cause=cause,
                ended_at=workflow.now(),
                talked=talked,
                recorded=talked and self._queue is not None and self._queue.recorded,
                wrap_up_seconds=wrap_up,
            ),
        )
        self._stage = CallStage.WRAP_UP if wrap_up else CallStage.CLOSED

    async def _probe(self) -> None:
        """Tells itself of the legs that came or went while nobody listened."""
        attempt = self._ringing_attempt or 0
        legs = await steps.PROBE(messages.Probe(self._arrival.call_id, attempt))
        if not legs.customer:
            self.leg_ended(messages.LegEnded(0, NORMAL_CLEARING))
        elif self._offer and not legs.agent:
            self.leg_ended(messages.LegEnded(attempt, NORMAL_CLEARING))
        elif legs.agent_up:
            self.leg_answered(messages.LegAnswered(attempt))
