"""Which kind of call an arrival is."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.calls.arrival import Arrival
    from workflows.calls.kind import CallKind
    from workflows.calls.kinds.callback import Callback
    from workflows.calls.kinds.manual import DialledOnPhone, Manual
    from workflows.calls.kinds.queued import Inbound


def kind_of(arrival: Arrival) -> CallKind:
    """The kind of the call that begins so."""
    if arrival.dialled_on is not None:
        return DialledOnPhone()
    if arrival.dialled_by is not None:
        return Manual()
    if arrival.call_back_for is not None:
        return Callback()
    return Inbound()
