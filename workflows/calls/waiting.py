"""A callback that waits for long goes on in a new run of its workflow, so that its history stays short."""

from dataclasses import replace

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.calls.arrival import Arrival, Waited
    from domain.calls.call import CallStage, EventKind
    from workflows.calls.state import CallState
    from workflows.core import patches, timeouts
    from workflows.core.patches import Patch


def of(call: CallState) -> Arrival | None:
    """What the next run begins with; None while this run goes on."""
    waits = not call.has_customer and call.stage is CallStage.WAITING and not call.inbox
    if not waits or call.queue is None or call.storing is not None:
        return None
    if workflow.info().get_current_history_length() < timeouts.MOST_EVENTS or not patches.is_new(Patch.WAITS_ANEW):
        return None
    so_far = Waited(
        call.queue,
        call.attempts,
        call.dial,
        call.tries,
        call.in_vain,
        call.missed_last_search,
        call.rescued,
        call.due.get(EventKind.SEARCH_DUE),
    )
    return replace(call.arrival, waited=so_far)


def go_on(call: CallState, waited: Waited) -> None:
    """Brings a new run to where the one before was."""
    call.queue, call.stage, call.is_let_in = waited.queue, CallStage.WAITING, True
    call.attempts, call.dial, call.tries, call.in_vain = waited.attempts, waited.dial, waited.tries, waited.in_vain
    call.missed_last_search, call.rescued = waited.missed_last_search, waited.rescued
    if waited.search_due is not None:
        call.due[EventKind.SEARCH_DUE] = waited.search_due
