from datetime import datetime
from typing import Annotated
from uuid import UUID

from sqlalchemy import DateTime, MetaData, Text
from sqlalchemy.orm import DeclarativeBase, mapped_column

from domain.calls import ids

Moment = Annotated[datetime, mapped_column(DateTime(timezone=True))]
"""A point in time, stored in UTC."""

Key = Annotated[UUID, mapped_column(primary_key=True, default=ids.uuid7)]
"""A time-ordered id of our own."""


class Base(DeclarativeBase):
    """The root of every table; constraints have computed names so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        },
    )
    type_annotation_map = {str: Text}  # noqa: RUF012 - SQLAlchemy's declared interface
