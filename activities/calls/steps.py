"""All steps of calls, for the worker of a node."""

from collections.abc import Callable, Sequence
from typing import Any

from activities.calls.agent_return import AgentReturnSteps
from activities.calls.callbacks import CallbackSteps
from activities.calls.customer_leg import CustomerLegSteps
from activities.calls.ending import EndingSteps
from activities.calls.guest_return import GuestReturnSteps
from activities.calls.ivr import IvrSteps
from activities.calls.leaving import LeavingSteps
from activities.calls.manual import PATIENCE, ManualCalls
from activities.calls.node import Node
from activities.calls.offering import OfferingSteps
from activities.calls.offers import Offers
from activities.calls.probing import ProbingSteps
from activities.calls.talk import TalkSteps
from activities.calls.third_party import ThirdPartySteps


def call_steps(
    node: Node, *, admitted: Callable[[str], None], closing: Callable[[str], None], patience: float = PATIENCE
) -> Sequence[Callable[..., Any]]:
    """The activities of calls. `admitted` is told of calls that have come in, `closing` of those about to be hung up.

    `patience`: how many seconds a number that is dialled on a phone waits for that phone's last call to end.
    """
    offers = Offers(node)
    parts = (
        IvrSteps(node, offers, ManualCalls(node, patience), admitted),
        LeavingSteps(node),
        CallbackSteps(node),
        OfferingSteps(node, offers),
        CustomerLegSteps(node),
        TalkSteps(node),
        ThirdPartySteps(node, offers),
        AgentReturnSteps(node),
        GuestReturnSteps(node),
        ProbingSteps(node),
        EndingSteps(node, closing),
    )
    return [step for part in parts for step in part.all()]
