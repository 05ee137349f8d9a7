"""The life of a call that waits in a queue, as a table: what each event means at each stage."""

from enum import StrEnum


class CallType(StrEnum):
    """How a call came about."""

    INBOUND = "inbound"
    AUTO = "auto"
    MANUAL = "manual"


class Disposition(StrEnum):
    """How the system saw a call end."""

    ANSWERED = "answered"
    ABANDONED = "abandoned"
    UNANSWERED = "unanswered"
    BUSY = "busy"
    FAILED = "failed"


class Party(StrEnum):
    """Who ended a call."""

    CUSTOMER = "customer"
    AGENT = "agent"
    SYSTEM = "system"


class CallStage(StrEnum):
    """Where a call is in its life."""

    ARRIVING = "arriving"
    WAITING = "waiting"
    OFFERED = "offered"
    CONNECTED = "connected"
    WRAP_UP = "wrap_up"
    CLOSED = "closed"


class CallEvent(StrEnum):
    """What can happen to a call; the names of agents' events mean the agent of the current attempt."""

    AGENT_CLAIMED = "agent_claimed"
    AGENT_ANSWERED = "agent_answered"
    AGENT_ENDED = "agent_ended"
    AGENT_DECLINED = "agent_declined"
    RING_TIMED_OUT = "ring_timed_out"
    STALE_LEG_ANSWERED = "stale_leg_answered"
    CUSTOMER_ENDED = "customer_ended"
    HANG_UP_REQUESTED = "hang_up_requested"
    SEARCH_DUE = "search_due"
    WRAP_UP_OVER = "wrap_up_over"


class Step(StrEnum):
    """What the call does about an event."""

    SEARCH = "search"
    CONNECT = "connect"
    REQUEUE = "requeue"
    RELEASE_LEG = "release_leg"
    ABANDON = "abandon"
    END_BY_CUSTOMER = "end_by_customer"
    END_BY_AGENT = "end_by_agent"
    COMPLETE = "complete"


TRANSITIONS: dict[tuple[CallStage, CallEvent], Step] = {
    (CallStage.WAITING, CallEvent.AGENT_CLAIMED): Step.SEARCH,
    (CallStage.WAITING, CallEvent.SEARCH_DUE): Step.SEARCH,
    (CallStage.WAITING, CallEvent.CUSTOMER_ENDED): Step.ABANDON,
    (CallStage.WAITING, CallEvent.STALE_LEG_ANSWERED): Step.RELEASE_LEG,
    (CallStage.OFFERED, CallEvent.AGENT_ANSWERED): Step.CONNECT,
    (CallStage.OFFERED, CallEvent.AGENT_ENDED): Step.REQUEUE,
    (CallStage.OFFERED, CallEvent.AGENT_DECLINED): Step.REQUEUE,
    (CallStage.OFFERED, CallEvent.RING_TIMED_OUT): Step.REQUEUE,
    (CallStage.OFFERED, CallEvent.CUSTOMER_ENDED): Step.ABANDON,
    (CallStage.OFFERED, CallEvent.STALE_LEG_ANSWERED): Step.RELEASE_LEG,
    (CallStage.CONNECTED, CallEvent.CUSTOMER_ENDED): Step.END_BY_CUSTOMER,
    (CallStage.CONNECTED, CallEvent.AGENT_ENDED): Step.END_BY_AGENT,
    (CallStage.CONNECTED, CallEvent.HANG_UP_REQUESTED): Step.END_BY_AGENT,
    (CallStage.CONNECTED, CallEvent.STALE_LEG_ANSWERED): Step.RELEASE_LEG,
    (CallStage.WRAP_UP, CallEvent.STALE_LEG_ANSWERED): Step.RELEASE_LEG,
    (CallStage.WRAP_UP, CallEvent.WRAP_UP_OVER): Step.COMPLETE,
}
"""Every pair that is not here is a duplicate or a late event and changes nothing."""


STAGES_AFTER: dict[Step, frozenset[CallStage]] = {
    Step.SEARCH: frozenset({CallStage.WAITING, CallStage.OFFERED}),
    Step.CONNECT: frozenset({CallStage.CONNECTED, CallStage.WAITING, CallStage.OFFERED}),
    Step.REQUEUE: frozenset({CallStage.WAITING, CallStage.OFFERED}),
    Step.ABANDON: frozenset({CallStage.CLOSED}),
    Step.END_BY_CUSTOMER: frozenset({CallStage.WRAP_UP, CallStage.CLOSED}),
    Step.END_BY_AGENT: frozenset({CallStage.WRAP_UP, CallStage.CLOSED}),
    Step.COMPLETE: frozenset({CallStage.CLOSED}),
}
"""Where each step may leave the call. A released stale leg changes no stage."""


def step_for(stage: CallStage, event: CallEvent) -> Step | None:
    """What a call at `stage` does about `event`; None when the event is late, repeated or without meaning."""
    return TRANSITIONS.get((stage, event))
