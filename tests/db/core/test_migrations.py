import re

import pytest
from alembic import command
from sqlalchemy import text

from db.core.engine import Database
from db.core.migrate import configuration
from db.models import Base
from db.models.base import OneOf


# SQLAlchemy reads the type of a transaction id as unknown, and then leaves that column out of the comparison.
@pytest.mark.filterwarnings("ignore:Did not recognize type 'xid8'")
def test_the_migrations_make_the_tables_of_the_models(database: str) -> None:
    command.check(configuration(database))


async def test_columns_of_enumerations_are_held_to_their_words(database: str) -> None:
    wanted = {
        str(constraint.name): frozenset(word.value for word in column.type.words)
        for table in Base.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, OneOf)
        for constraint in table.constraints
        if constraint.name == f"ck_{table.name}_{column.name}"
    }
    opened = Database(database, pool_size=1)
    async with opened.read() as session:
        found = await session.execute(
            text("SELECT conname, pg_get_constraintdef(oid), convalidated FROM pg_constraint WHERE contype = 'c'")
        )
        held = {name: (frozenset(re.findall(r"'([^']*)'::text", said)), valid) for name, said, valid in found}
    await opened.close()
    assert len(wanted) > 20
    assert {name: held.get(name) for name in wanted} == {name: (words, True) for name, words in wanted.items()}
