"""Each call is of one kind, chosen by how it arrives; the parts of a call ask for what a kind does, not which it is."""

import ast
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from domain.calls.arrival import Arrival
from workflows.calls.kind import CallKind
from workflows.calls.kinds.callback import Callback
from workflows.calls.kinds.choice import kind_of
from workflows.calls.kinds.manual import DialledOnPhone, Manual
from workflows.calls.kinds.queued import Inbound

SOMEBODY = UUID(int=1)
ARRIVAL = {"call_id": "c", "node": "n", "our_number": "1", "customer_number": "2", "customer_name": ""}
ASKS_WHICH = {"dialled_by", "dialled_on", "call_back_for", "is_callback"}
"""Names by which a part of a call could find out of which kind the call is."""
CALLS = Path(__file__).parents[2] / "workflows" / "calls"


@pytest.mark.parametrize(
    ("how", "kind"),
    [
        ({}, Inbound),
        ({"call_back_for": SOMEBODY}, Callback),
        ({"dialled_by": SOMEBODY}, Manual),
        ({"dialled_on": "201"}, DialledOnPhone),
    ],
)
def test_the_kind_of_a_call_is_known_by_its_arrival(how: dict[str, object], kind: type[CallKind]) -> None:
    arrival = Arrival(**ARRIVAL, arrived_at=datetime(2026, 11, 28, tzinfo=UTC), **how)  # type: ignore[arg-type]
    assert type(kind_of(arrival)) is kind


def test_no_part_of_a_call_asks_of_which_kind_it_is() -> None:
    asking = [
        f"{file.relative_to(CALLS)}:{node.lineno} asks for {node.attr}"
        for file in CALLS.rglob("*.py")
        if file.name != "choice.py"
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in ASKS_WHICH
    ]
    assert not asking


def test_a_kind_keeps_nothing_of_a_call() -> None:
    kinds = (Inbound(), Callback(), Manual(), DialledOnPhone())
    assert not [kind for kind in kinds if vars(kind)]
