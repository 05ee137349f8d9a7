"""Persons' numbers in what the API takes and answers: never a number as such, always a `Party`."""

from typing import Annotated

from pydantic import AliasChoices, BeforeValidator, Field, StringConstraints

from api.web.errors import RefusedError
from api.web.schemas import Outgoing
from domain.numbering import parties
from domain.numbering.parties import UnknownHandleError


class PartyOut(Outgoing):
    """The number of a person outside."""

    display: str = Field(examples=["+1 202-555-0147"])
    """As it is shown. It may be shortened, and is not what is dialled."""
    handle: str | None = Field(examples=["number:+12025550147"])
    """What is sent to call this person, as it is; null when that is not possible. Do not take it apart."""


def _party(number: object) -> object:
    return parties.party(number) if isinstance(number, str) else number


def _display(number: object) -> object:
    return parties.display(number) if isinstance(number, str) else number


Party = Annotated[PartyOut, BeforeValidator(_party)]
"""A field that is read from a number."""
ShownNumber = Annotated[str, BeforeValidator(_display)]
"""The same where it is shown only."""
Handle = Annotated[str, StringConstraints(min_length=1, max_length=parties.LONGEST_HANDLE)]


def read_from(attribute: str) -> AliasChoices:
    """Where the number of a field is: in this attribute of what is told, or in what was told before."""
    return AliasChoices("customer", "party", attribute)


def number_of(handle: str) -> str:
    """The number that is called by a handle. Raises RefusedError."""
    try:
        return parties.number_of(handle)
    except UnknownHandleError as error:
        raise RefusedError(str(error)) from error
