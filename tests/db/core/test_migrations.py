import pytest
from alembic import command

from db.core.migrate import configuration


# SQLAlchemy reads the type of a transaction id as unknown, and then leaves that column out of the comparison.
@pytest.mark.filterwarnings("ignore:Did not recognize type 'xid8'")
def test_the_migrations_make_the_tables_of_the_models(database: str) -> None:
    command.check(configuration(database))
