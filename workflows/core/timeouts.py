"""Every time limit and retry rule of the workflows, with its reason."""

from datetime import timedelta
from enum import Enum

from temporalio.common import RetryPolicy

STEP = timedelta(seconds=10)
"""One try of a step. A step is a few ARI requests and one transaction, so a longer one hangs."""


class Effort(Enum):
    """How hard a step is tried."""

    NEEDED = "needed"
    """Until it is clear that it cannot be done: the call cannot go on without it."""
    OPTIONAL = "optional"
    """Some times: an agent waits for it, and can ask again; or nobody misses it."""
    ONCE = "once"
    """Never twice: what was done the first time would be done again."""


_AGAIN = timedelta(milliseconds=200)
RETRY = {
    Effort.NEEDED: RetryPolicy(
        initial_interval=_AGAIN, backoff_coefficient=2.0, maximum_interval=timedelta(seconds=5), maximum_attempts=10
    ),
    Effort.OPTIONAL: RetryPolicy(initial_interval=_AGAIN, backoff_coefficient=2.0, maximum_attempts=3),
    Effort.ONCE: RetryPolicy(maximum_attempts=1),
}
"""Ten tries last 26 s at least. What then still fails will not succeed: the call is brought to an end without it."""

CUT_OFF = frozenset(
    {"NotConnected", "OperationalError", "InterfaceError", "ConnectionRefusedError", "ConnectionResetError"}
)
"""Errors that say nothing of the call, by the names of their classes: Asterisk or the database is not there."""

ROUNDS = 20
"""How often a step that is needed begins its ten tries anew while there is no connection: for some nine minutes."""

EVENT_ON_ITS_WAY = timedelta(seconds=3)
"""A customer whom a step finds gone is told of by an event within this time, or the event is lost."""

STEP_LOCAL_RETRY = timedelta(seconds=2)
"""Waits up to this long are spent inside the step's own task; a longer one becomes a timer that survives us."""

WORKFLOW_TASK = timedelta(seconds=3)
"""How long the server waits for a process that took a workflow task and died."""

RING_MARGIN = timedelta(seconds=3)
"""Asterisk itself ends a ring in time; this much later the call stops trusting it."""

SEARCH_AGAIN = timedelta(seconds=60)
"""A waiting call looks for an agent by itself this often, and reads its queue's rules anew.

A lost wake-up heals sooner: the routing reconciler looks every second, in two queries for all calls that wait."""

SEARCH_AGAIN_FOR_CALLBACK = timedelta(minutes=10)
"""The same for a callback, which nobody listens to: ten times fewer entries in a history that may span days."""

MOST_EVENTS = 2000
"""Entries in the history of a callback that waits, after which it goes on in a new run: some two days.

Replaying so many takes far less than WORKFLOW_TASK. Temporal ends a workflow at 51,200."""

SEARCH_AFTER_MISS = timedelta(seconds=5)
"""When every agent has missed a call, they are tried again this much later."""

SPEECH = timedelta(seconds=60)
"""The longest that is spoken to a caller at once; after it the call no longer waits to hear that it was spoken."""

VOICEMAIL = timedelta(minutes=5)
"""Asterisk itself ends a voicemail before; then the call stops trusting it."""

OWN_PHONE = timedelta(seconds=20)
"""How long the own phone of an agent rings who dials in the portal."""

DIAL = timedelta(seconds=30)
"""How long it takes at most to begin a call to a customer; how long it rings then says the trunk."""

REACH = timedelta(seconds=25)
"""How long a colleague is rung; after it the customer goes back to the agent. Outside, the trunk says how long."""

RETURN = timedelta(seconds=45)
"""How long a customer waits for an agent who was cut off; after it the queue finds another."""

WRAP_UP_OVERTIME = timedelta(minutes=10)
"""How much longer wrap-up may last, by the agent's wish or for want of a required code. Then the agent is free."""

HOUSEKEEPING = timedelta(minutes=1)
"""One try of a round of housekeeping."""

HOUSEKEEPING_RETRY = RetryPolicy(
    initial_interval=_AGAIN, backoff_coefficient=2.0, maximum_interval=timedelta(seconds=5)
)
"""A round is repeated until it succeeds: no call waits for it."""

RETENTION = timedelta(hours=1)
"""One try to remove what is past: by portions, so that a try that takes longer has done most of it."""

RETENTION_RETRY = RetryPolicy(
    initial_interval=_AGAIN, backoff_coefficient=2.0, maximum_interval=timedelta(minutes=5), maximum_attempts=5
)
"""What fails for longer is done by the next round."""

RETENTION_EVERY = timedelta(hours=6)
"""How often what is past is removed. Days are what it is kept for."""

HOUSEKEEPING_EVERY = timedelta(minutes=5)
"""How often housekeeping runs. Nothing waits for it: what is out of date is ignored before it is removed."""
