"""Indexes of large tables are made while calls go on: whoever writes never waits for them."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import IntegrityError

from db.core import online_index
from db.core.engine import driver_url, plain_url
from db.core.online_index import OnlineIndex

_numbers = itertools.count(1)


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    made = create_engine(driver_url(database), isolation_level="AUTOCOMMIT")
    yield made
    made.dispose()


@pytest.fixture
def table(engine: Engine) -> Iterator[str]:
    name = f"indexed_{next(_numbers)}"
    with engine.connect() as connection:
        connection.execute(text(f"CREATE TABLE {name} (id int, at int)"))
        connection.execute(text(f"INSERT INTO {name} SELECT n, n FROM generate_series(1, 100) AS n"))
    yield name
    with engine.connect() as connection:
        connection.execute(text("SET lock_timeout = '5s'"))
        connection.execute(text(f"DROP TABLE {name}"))


@pytest.fixture
def divided(engine: Engine) -> Iterator[str]:
    name = f"indexed_{next(_numbers)}"
    with engine.connect() as connection:
        connection.execute(text(f"CREATE TABLE {name} (id int, at int) PARTITION BY RANGE (at)"))
        for part in (0, 1):
            bounds = f"FROM ({part * 100}) TO ({part * 100 + 100})"
            connection.execute(text(f"CREATE TABLE {name}_{part} PARTITION OF {name} FOR VALUES {bounds}"))
    yield name
    with engine.connect() as connection:
        connection.execute(text("SET lock_timeout = '5s'"))
        connection.execute(text(f"DROP TABLE {name}"))


@contextmanager
def connected(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as connection:
        yield connection


def indexes(engine: Engine, table: str) -> dict[str, bool]:
    """The indexes of a table and its partitions, and whether each can be used."""
    wanted = """
        SELECT indexrelid::regclass::text AS name, indisvalid AS valid FROM pg_index
        WHERE indrelid::regclass::text = :table OR indrelid::regclass::text LIKE :table || '\\_%'
    """
    with connected(engine) as connection:
        return {row.name: row.valid for row in connection.execute(text(wanted), {"table": table})}


@pytest.fixture
async def writer(database: str) -> AsyncIterator[psycopg.AsyncConnection]:
    connection = await psycopg.AsyncConnection.connect(plain_url(database), autocommit=False)
    yield connection
    await connection.close()


async def waits_for(database: str, what: str) -> None:
    """Returns once a statement that begins so waits for a lock."""
    wanted = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE %s AND wait_event_type = 'Lock'"
    async with await psycopg.AsyncConnection.connect(plain_url(database), autocommit=True) as connection:
        async with asyncio.timeout(20):
            while True:
                found = await (await connection.execute(wanted, (f"{what}%",))).fetchone()
                if found and found[0]:
                    return
                await asyncio.sleep(0.01)


@pytest.mark.parametrize("kind", ["table", "divided"])
async def test_nobody_who_writes_waits_while_an_index_is_made(
    kind: str, request: pytest.FixtureRequest, engine: Engine, database: str, writer: psycopg.AsyncConnection
) -> None:
    table: str = request.getfixturevalue(kind)
    index = OnlineIndex(f"ix_{table}_at", table, "at")
    # It waits for this transaction, which has written before it.
    await writer.execute(f"INSERT INTO {table} VALUES (1, 1)".encode())
    with engine.connect() as connection:
        connection.execute(text("SET lock_timeout = '1s'"))
        making = asyncio.create_task(asyncio.to_thread(online_index.create, connection, index))
        await waits_for(database, "CREATE INDEX CONCURRENTLY")
        async with await psycopg.AsyncConnection.connect(plain_url(database), autocommit=True) as another:
            await another.execute("SET lock_timeout = '100ms'")
            await another.execute(f"INSERT INTO {table} VALUES (2, 2)".encode())
            await another.execute(f"UPDATE {table} SET id = 3 WHERE id = 2".encode())
        assert not making.done()
        await writer.commit()
        await making
        assert connection.scalar(text("SHOW lock_timeout")) == "1s"
    assert set(indexes(engine, table).values()) == {True}


def test_an_index_that_was_broken_off_is_made_anew(engine: Engine, table: str) -> None:
    index = OnlineIndex(f"uq_{table}_id", table, "id", unique=True)
    with connected(engine) as connection:
        connection.execute(text(f"INSERT INTO {table} VALUES (1, 200)"))
        with pytest.raises(IntegrityError):
            online_index.create(connection, index)
        assert indexes(engine, table) == {index.name: False}
        connection.execute(text(f"DELETE FROM {table} WHERE at = 200"))
        online_index.create(connection, index)
        assert indexes(engine, table) == {index.name: True}
        online_index.create(connection, index)
    assert indexes(engine, table) == {index.name: True}


def test_each_partition_has_its_part_also_one_that_is_made_later(engine: Engine, divided: str) -> None:
    index = OnlineIndex(f"ix_{divided}_id", divided, "id", "WHERE id > 5")
    with connected(engine) as connection:
        online_index.create(connection, index)
        online_index.create(connection, index)
        connection.execute(text(f"CREATE TABLE {divided}_2 PARTITION OF {divided} FOR VALUES FROM (200) TO (300)"))
    found = indexes(engine, divided)
    assert {index.name, f"ix_{divided}_0_id", f"ix_{divided}_1_id"} <= set(found)
    assert (len(found), set(found.values())) == (4, {True})


def test_an_index_of_partitions_that_was_broken_off_goes_on(engine: Engine, divided: str) -> None:
    index = OnlineIndex(f"uq_{divided}_id_at", divided, "id, at", unique=True)
    with connected(engine) as connection:
        connection.execute(text(f"INSERT INTO {divided} VALUES (1, 150), (1, 150)"))
        with pytest.raises(IntegrityError):
            online_index.create(connection, index)
        assert indexes(engine, divided)[f"uq_{divided}_1_id_at"] is False
        connection.execute(text(f"DELETE FROM {divided}"))
        online_index.create(connection, index)
    found = indexes(engine, divided)
    assert (len(found), set(found.values())) == (3, {True})
