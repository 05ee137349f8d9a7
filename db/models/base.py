from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar, TypeVar
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Dialect, MetaData, Text, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, mapped_column

from domain.agents.agent import AgentState, ExtensionKind, Role
from domain.callbacks.callback import CallbackState
from domain.calls import ids
from domain.calls.call import (
    CallRole,
    CallStage,
    CallType,
    Direction,
    Disposition,
    GuestOutcome,
    Party,
    Purpose,
    RecordingState,
)
from domain.calls.failure import Failure
from domain.numbering.number_format import NumberFormat
from domain.queues.exits import ExitAction, LeftBy, Occasion, Outcome
from domain.queues.queue import ServiceLevel, Strategy
from domain.trunks.registration import RegistrationState
from domain.trunks.trunk import Dtmf, Transport
from domain.users.login_session import EndReason

Word = TypeVar("Word", bound=StrEnum)

Moment = Annotated[datetime, mapped_column(DateTime(timezone=True))]
"""A point in time, stored in UTC."""

Key = Annotated[UUID, mapped_column(primary_key=True, default=ids.uuid7)]
"""A time-ordered id of our own."""


def by_month(column: str) -> dict[str, Any]:
    """The options of a table that grows without end: a partition a month of `column` (db.core.partitions).

    Its primary key, and whatever else is unique, holds that column too: PostgreSQL knows nothing unique beyond a
    partition.
    """
    return {"postgresql_partition_by": f"RANGE ({column})", "info": {"by_month": column}}


class OneOf(TypeDecorator[Word]):
    """A word of an enumeration, stored as text. A CHECK constraint of the column's name holds it to that."""

    impl = Text
    cache_ok = True

    def __init__(self, words: type[Word]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: Word | str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's
        """The word as it is stored. Raises ValueError for one that is not of the enumeration."""
        return None if value is None else self.words(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> Word | None:  # noqa: ARG002 - SQLAlchemy's
        """The member of the enumeration."""
        return None if value is None else self.words(value)


_ENUMERATIONS: tuple[type[StrEnum], ...] = (
    *(AgentState, ExtensionKind, Role, EndReason),
    *(CallRole, GuestOutcome, CallStage, CallType, Direction, Disposition, Party, Purpose),
    *(RecordingState, Failure),
    *(ExitAction, LeftBy, Occasion, Outcome, CallbackState),
    *(ServiceLevel, Strategy, NumberFormat, RegistrationState, Dtmf, Transport),
)


class Base(DeclarativeBase):
    """The root of every table; constraints have computed names so that migrations can name them."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for column in cls.__table__.columns:
            if isinstance(column.type, OneOf):
                words = [word.value for word in column.type.words]
                cls.metadata.tables[cls.__tablename__].append_constraint(
                    CheckConstraint(column.in_(words), name=column.name)
                )

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        },
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text,
        **{words: OneOf(words) for words in _ENUMERATIONS},
    }
