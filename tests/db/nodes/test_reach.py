"""A node whose phones the others cannot ring is named."""

from dataclasses import replace

import pytest

from db.core.clock import now
from db.nodes import reach
from db.nodes.reach import KnownNode

ONE = KnownNode("one", True, now(), "here", "192.0.2.1:5060", True)
OTHER = replace(ONE, name="other", machine="there", sip_address="[2001:db8::1]:5060")


@pytest.mark.parametrize(
    ("nodes", "unreachable"),
    [
        ((), []),
        ((ONE, OTHER), []),
        ((replace(ONE, sip_address=None),), []),
        ((replace(ONE, sip_address=None), OTHER), ["one"]),
        ((replace(ONE, sip_address=None), replace(OTHER, is_alive=False)), []),
        ((replace(ONE, sip_address=None, had_asterisk=False), OTHER), []),
        # Two nodes of one machine reach each other there, and one elsewhere reaches neither.
        ((replace(ONE, sip_address="127.0.0.1:5060"), replace(OTHER, machine="here")), []),
        ((replace(ONE, sip_address="127.0.0.1:5060"), OTHER), ["one"]),
        ((ONE, replace(OTHER, sip_address="[::1]:5060")), ["other"]),
    ],
)
def test_who_lacks_an_address_is_named_once_there_are_several(
    nodes: tuple[KnownNode, ...], unreachable: list[str]
) -> None:
    assert reach.unreachable(nodes) == unreachable
