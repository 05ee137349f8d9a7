from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Uuid, any_, bindparam
from sqlalchemy.orm import InstrumentedAttribute


def id_in(
    column: InstrumentedAttribute[UUID] | InstrumentedAttribute[UUID | None], parameter: str
) -> ColumnElement[bool]:
    """Whether a column holds one of the ids that are given, as a list, when the statement runs.

    They are one parameter, however many there are: the statement stays the same and is planned once. `in_` writes a
    parameter for each, and with a floor of 200 agents as much time goes into the statement's text as into its rows.
    """
    return column == any_(bindparam(parameter, type_=ARRAY(Uuid())))
