from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AliasChoices, Field

from domain.numbering.number_format import NumberFormat, customer_number
from domain.queues.queue import Queue


@dataclass(frozen=True)
class Waited:
    """Where a callback is that has waited for long, without a leg of anybody: its workflow goes on from there.

    `search_due` is when it looks for an agent by itself.
    """

    queue: Queue
    attempts: int
    dial: int
    tries: int
    in_vain: int
    missed_last_search: bool
    rescued: bool
    search_due: datetime | None


@dataclass(frozen=True)
class Arrival:
    """What is known of a call when it begins. The customer's name and number are already made harmless.

    `our_number` is the number that the customer has called or, in a call out, the one that is shown to the customer.
    `customer_number` is in E.164 where that is known, and None when it is withheld; `received_number` is how a customer
    who calls in was announced by the trunk. A callback names the queue in which it waits for an agent, a manual call
    the user who dials. A call that is dialled on a desk phone names at first only the phone's extension, and in
    `customer_number` what was dialled there.
    """

    call_id: str
    node: str
    # The second names are those of histories before 2026-12.
    our_number: Annotated[str, Field(validation_alias=AliasChoices("our_number", "dialled"))]
    customer_number: Annotated[str | None, Field(validation_alias=AliasChoices("customer_number", "caller_number"))]
    customer_name: Annotated[str, Field(validation_alias=AliasChoices("customer_name", "caller_name"))]
    arrived_at: datetime
    call_back_for: UUID | None = None
    dialled_by: UUID | None = None
    dialled_on: str | None = None
    trunk: str = ""
    """By which it comes; empty for a call out."""
    waited: Waited | None = None
    received_number: str | None = None

    def read_as(self, form: NumberFormat, region: str) -> "Arrival":
        """The same with the customer's number as it is read from a trunk that writes numbers so, in that region."""
        if self.received_number is None:
            return self
        return replace(self, customer_number=customer_number(self.received_number, form, region))
