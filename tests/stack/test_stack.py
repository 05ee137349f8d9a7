import os
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import make_url

from everline.settings import RUNNING_FILE, Settings
from everline.stack import Stack
from everline.stack.errors import AlreadyRunning, MissingProgram, PortInUse, StackError, Unreachable
from everline.stack.ports import needed_ports
from tests.support.stack import free_ports, runs, stack_settings, temporary_home

BASE = ("postgres", "temporal", "asterisk")


@pytest.fixture
def home() -> Iterator[Path]:
    with temporary_home() as folder:
        yield folder


@pytest.fixture(scope="module")
async def base() -> AsyncIterator[Stack]:
    with temporary_home() as folder:
        async with Stack(stack_settings(folder), parts=BASE) as stack:
            yield stack


async def _connect(settings: Settings) -> psycopg.AsyncConnection:
    url = make_url(settings.database).set(drivername="postgresql")
    return await psycopg.AsyncConnection.connect(url.render_as_string(hide_password=False))


def _environment(pid: int) -> str:
    return Path(f"/proc/{pid}/environ").read_text()


def _ports_are_free(settings: Settings) -> bool:
    for port in needed_ports(settings, frozenset(BASE)):
        port.check()
    return True


@pytest.mark.parametrize("name", BASE)
async def test_a_base_part_that_is_killed_is_back_and_works(base: Stack, name: str) -> None:
    before = base.process(name)
    os.kill(before, signal.SIGKILL)
    assert await base.until_ready(name, other_than=before) != before


async def test_the_database_account_may_do_nothing_outside_its_database(base: Stack) -> None:
    async with await _connect(base.settings) as connection:
        found = await connection.execute(
            "SELECT rolsuper OR rolcreatedb OR rolcreaterole FROM pg_roles WHERE rolname = 'everline'"
        )
        assert await found.fetchone() == (False,)


async def test_the_database_lets_nobody_in_without_the_password(base: Stack) -> None:
    with pytest.raises(psycopg.OperationalError, match="password"):
        await psycopg.AsyncConnection.connect(
            f"postgresql://everline@127.0.0.1:{base.settings.postgres_port}/everline?passfile=/dev/null"
        )


async def test_what_our_environment_holds_is_for_our_own_programs(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVERLINE_DATABASE_URL", "postgresql://anna:hunter2@127.0.0.1/x")
    monkeypatch.setenv("SOME_API_KEY", "hunter3")
    async with Stack(stack_settings(home), parts=BASE) as stack:
        for name in BASE:
            found = _environment(stack.process(name))
            assert "hunter" not in found, name
            assert "PATH=" in found


async def test_the_secrets_are_for_their_owner_alone(base: Stack) -> None:
    folder = base.settings.home / "secrets"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def test_the_database_does_not_run_as_root(base: Stack) -> None:
    assert Path(f"/proc/{base.process('postgres')}").stat().st_uid != 0


async def test_a_home_that_runs_is_not_started_twice(base: Stack) -> None:
    with pytest.raises(AlreadyRunning):
        await Stack(base.settings, parts=BASE).start()
    assert (base.settings.home / RUNNING_FILE).exists()
    assert runs(base.process("postgres"))


async def test_a_second_start_finds_everything_as_it_was(home: Path) -> None:
    settings = stack_settings(home)
    async with Stack(settings, parts=["postgres"]) as stack:
        pid = stack.process("postgres")
        async with await _connect(settings) as connection:
            await connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    assert not runs(pid)
    async with Stack(settings, parts=["postgres"]), await _connect(settings) as connection:
        found = await connection.execute("SELECT answer FROM kept")
        assert await found.fetchone() == (42,)


async def test_a_database_that_the_settings_name_is_used_and_not_started(base: Stack, home: Path) -> None:
    settings = stack_settings(home, database_url=base.settings.database)
    async with Stack(settings, parts=["postgres"]) as stack:
        assert stack.parts == []
    async with await _connect(settings) as connection:
        await connection.execute("SELECT 1")


async def test_a_database_that_does_not_answer_is_told_without_its_password(home: Path) -> None:
    url = f"postgresql+psycopg://anna:hunter2@127.0.0.1:{free_ports(1)[0]}/centre"
    with pytest.raises(Unreachable, match="EVERLINE_DATABASE_URL") as caught:
        await Stack(stack_settings(home, database_url=url), parts=["postgres"]).start()
    assert "hunter2" not in str(caught.value)


async def test_a_temporal_that_the_settings_name_is_used(base: Stack, home: Path) -> None:
    settings = stack_settings(home, temporal_address=base.settings.temporal)
    async with Stack(settings, parts=["temporal"]) as stack:
        assert stack.parts == []


async def test_a_temporal_without_our_namespace_is_told(base: Stack, home: Path) -> None:
    settings = stack_settings(home, temporal_address=base.settings.temporal, temporal_namespace="elsewhere")
    with pytest.raises(Unreachable, match='no namespace "elsewhere"'):
        await Stack(settings, parts=["temporal"]).start()


async def test_a_temporal_that_does_not_answer_is_told(home: Path) -> None:
    settings = stack_settings(home, temporal_address=f"127.0.0.1:{free_ports(1)[0]}")
    with pytest.raises(Unreachable, match="EVERLINE_TEMPORAL_ADDRESS"):
        await Stack(settings, parts=["temporal"]).start()


async def test_a_port_in_use_is_told_before_anything_starts(base: Stack, home: Path) -> None:
    settings = stack_settings(home, postgres_port=base.settings.postgres_port)
    with pytest.raises(PortInUse, match="EVERLINE_POSTGRES_PORT"):
        await Stack(settings, parts=BASE).start()
    assert not (home / "postgres").exists()


async def test_what_was_started_is_stopped_when_another_part_fails(home: Path) -> None:
    settings = stack_settings(home, asterisk=home / "no-such-program")
    with pytest.raises(MissingProgram, match="no-such-program"):
        await Stack(settings, parts=BASE).start()
    assert _ports_are_free(settings)
    assert not list((home / "run").glob("*.pid"))


async def test_a_home_that_cannot_be_made_is_told(home: Path) -> None:
    (home / "file").touch()
    with pytest.raises(StackError, match="file"):
        await Stack(stack_settings(home / "file/home"), parts=["postgres"]).start()
