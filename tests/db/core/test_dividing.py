"""A centre that has history already divides it while calls go on: no row is lost, moved or copied."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from alembic import command
from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from db.core.engine import driver_url
from db.core.migrate import configuration

BEFORE, DIVIDED = "0027", "0028"
TABLES = ("cdrs", "queue_visits", "agent_changes", "recordings")
_schemas = itertools.count(1)

_HISTORY = """
    INSERT INTO cdrs (call_id, type, disposition, caller_number, caller_name, dialled, arrived_at, ended_at,
        wait_seconds, talk_seconds, ended_by, cause)
    SELECT 'call-' || n, 'inbound', 'answered', '555', '', '100', at, at, 1, 1, 'customer', 16 FROM past;
    INSERT INTO queue_visits (call_id, queue_id, entered_at, left_at, outcome, wait_seconds)
    SELECT 'call-' || n, gen_random_uuid(), at, at, 'answered', 1 FROM past;
    INSERT INTO agent_changes (user_id, state, at) SELECT gen_random_uuid(), 'idle', at FROM past;
    INSERT INTO recordings (id, call_id, name, node, status, seconds, stored_at)
    SELECT gen_random_uuid(), 'call-' || n, 'call-' || n || '-r1', 'node1', 'stored', 1, at FROM past;
"""


@pytest.fixture
def url(database: str) -> Iterator[str]:
    """A place of its own in the database, with the tables as they were."""
    schema = f"history_{next(_schemas)}"
    engine = create_engine(driver_url(database))
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    place = make_url(database).update_query_dict({"options": f"-c search_path={schema}"})
    there = place.render_as_string(hide_password=False)
    command.upgrade(configuration(there), BEFORE)
    yield there
    with engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    engine.dispose()


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    engine = create_engine(driver_url(url))
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def write_history(url: str) -> None:
    with connected(url) as connection:
        connection.execute(
            text("""
                CREATE TEMPORARY TABLE past ON COMMIT DROP AS
                SELECT n, now() - n * interval '9 days' AS at FROM generate_series(1, 100) AS n
            """)
        )
        for statement in filter(str.strip, _HISTORY.split(";")):
            connection.execute(text(statement))


def test_rows_stay_where_they_are_in_a_partition_of_their_own(url: str) -> None:
    write_history(url)
    with connected(url) as connection:
        files = {table: connection.scalar(text(f"SELECT pg_relation_filenode('{table}')")) for table in TABLES}
    command.upgrade(configuration(url), DIVIDED)
    with connected(url) as connection:
        for table in TABLES:
            places = text(f"SELECT tableoid::regclass::text, count(*) FROM {table} GROUP BY 1")
            assert connection.execute(places).all() == [(f"{table}_before", 100)]
            assert connection.scalar(text(f"SELECT pg_relation_filenode('{table}_before')")) == files[table]
            indexes = text("SELECT bool_and(indisvalid) FROM pg_index WHERE indrelid = to_regclass(:table)")
            assert connection.scalar(indexes, {"table": table})


def test_what_is_unique_stays_so_for_rows_of_before(url: str) -> None:
    write_history(url)
    command.upgrade(configuration(url), DIVIDED)
    with connected(url) as connection:
        highest = text("SELECT max(id) FROM agent_changes")
        before = connection.scalar(highest)
        connection.execute(
            text("INSERT INTO agent_changes (user_id, state, at) VALUES (gen_random_uuid(), 'idle', now())")
        )
        assert before is not None
        assert (connection.scalar(highest) or 0) > before
    for table, key in (("cdrs", "call-2"), ("queue_visits", "call-2"), ("recordings", "call-2")):
        with connected(url) as connection, pytest.raises(IntegrityError), connection.begin_nested():
            connection.execute(text(f"INSERT INTO {table} SELECT * FROM {table} WHERE call_id = '{key}'"))


def test_without_rows_there_is_no_partition_of_before(url: str) -> None:
    command.upgrade(configuration(url), DIVIDED)
    with connected(url) as connection:
        assert {connection.scalar(text(f"SELECT to_regclass('{table}_before')::text")) for table in TABLES} == {None}


def test_an_upgrade_that_was_broken_off_goes_on_where_it_was(url: str) -> None:
    write_history(url)
    with connected(url) as connection:
        connection.execute(text("ALTER TABLE queue_visits RENAME TO elsewhere"))
    with pytest.raises(ProgrammingError):
        command.upgrade(configuration(url), DIVIDED)
    with connected(url) as connection:
        connection.execute(text("ALTER TABLE elsewhere RENAME TO queue_visits"))
    command.upgrade(configuration(url), DIVIDED)
    with connected(url) as connection:
        counts = {table: connection.scalar(text(f"SELECT count(*) FROM {table}")) for table in TABLES}
    assert counts == dict.fromkeys(TABLES, 100)
