from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Uuid, any_, literal
from sqlalchemy.orm import InstrumentedAttribute


def among(
    column: InstrumentedAttribute[UUID] | InstrumentedAttribute[UUID | None], ids: Collection[UUID]
) -> ColumnElement[bool]:
    """Whether a column holds one of these ids.

    They are one parameter, however many there are: the statement stays the same and is planned once. `in_` writes a
    parameter for each, and with a floor of 200 agents as much time goes into the statement's text as into its rows.
    """
    return column == any_(literal(list(ids), ARRAY(Uuid())))
