from typing import Annotated, Self

from fastapi import APIRouter, status
from pydantic import Field, StringConstraints, model_validator

from api.access.visitors import SignedIn
from api.calls import outside
from api.openapi.refusals import Refusal, told
from api.portal import ThePortal
from api.web.errors import RefusedError, UnavailableError
from api.web.party import Handle, Party, number_of, read_from
from api.web.schemas import Incoming, Outgoing
from db.calls import manual
from db.core.clock import now
from db.phones import registrations
from domain.calls import ids
from domain.calls.arrival import Arrival
from telephony.text import clean

router = APIRouter(prefix="/api/v1/calls", tags=["calls"])

_LONGEST_NUMBER = 40
_LONGEST_NAME = 80
_REFUSED = Refusal.of(
    RefusedError,
    "The number may not be called, or the agent cannot call now, or no more.",
    "+44 20 7946 0123 is not among the destinations that may be called. An administrator can allow it.",
)
_SILENT = "The telephone exchange does not answer. Try again in a moment."
_CLOSING = "The centre is about to stop and takes no new calls."
_NO_EXCHANGE = Refusal.of(UnavailableError, "There is no telephone exchange just now.", _SILENT)


class DialRequest(Incoming):
    """Whom to call: a number that was typed, or the handle of a party that a list has shown."""

    number: Annotated[str, StringConstraints(min_length=1, max_length=_LONGEST_NUMBER)] | None = Field(
        None, examples=["+12025550147"]
    )
    """A telephone number, as people write it: an ordinary one of the centre's country, or of an allowed destination."""
    handle: Handle | None = Field(None, examples=[None])
    """The `handle` of a party, as it was told."""
    name: Annotated[str, StringConstraints(max_length=_LONGEST_NAME)] = Field("", examples=["Grace Hopper"])
    """The customer's name, from the list in which the agent chose to call back."""

    @model_validator(mode="after")
    def one_of_both(self) -> Self:
        """Exactly one of them says whom to call."""
        if (self.number is None) == (self.handle is None):
            raise ValueError("Send the number, or the handle of a party.")
        return self

    @property
    def wanted(self) -> str:
        """The number to call. Raises RefusedError for a handle that names nobody any more."""
        return self.number if self.number is not None else number_of(self.handle or "")


class DialledOut(Outgoing):
    """The call, which the desk shows from now on."""

    call_id: str
    party: Party = Field(validation_alias=read_from("number"))
    """Whom it calls."""


@router.post(
    "",
    status_code=status.HTTP_202_ACCEPTED,
    responses=told(_REFUSED, _NO_EXCHANGE),
)
async def dial(request: DialRequest, visitor: SignedIn, portal: ThePortal) -> DialledOut:
    """Calls a number: rings the agent's own phone, or takes the browser's at once, and then the customer's."""
    if not portal.takes_calls:
        raise UnavailableError(_CLOSING)
    call_id = str(ids.uuid7())
    async with portal.database.write() as session:
        number = await outside.number(session, request.wanted, portal.config.region)
        node = await registrations.node_of(session, visitor.user_id)
        shown = await manual.shown_number(session, visitor.user_id)
        refusal = await manual.let_through(session, visitor.user_id, call_id, now())
        if refusal is not None:
            raise RefusedError(refusal)
        if node is None:
            raise UnavailableError(_SILENT)
    # It came from a caller once, and goes to the phone that rings.
    name = clean(request.name, _LONGEST_NAME)
    await portal.calls.dial(Arrival(call_id, node, shown, number, name, now(), dialled_by=visitor.user_id))
    return DialledOut.model_validate({"call_id": call_id, "number": number})
