"""A Temporal and a PostgreSQL elsewhere are reached by TLS, and whoever is not who we think is not talked to."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from db.core.engine import Database
from everline.settings import Settings, SettingsError, read_settings
from everline.stack import Stack
from everline.stack.errors import Unreachable
from everline.stack.postgres import check_database
from everline.stack.temporal import check_temporal
from everline.temporal import access_of, connect
from tests.support.fixed_keys import FixedKeys
from tests.support.stack import stack_settings, temporary_home
from tests.support.tls import Authority, postgres_over_tls, server_that_hangs_up, temporal_over_tls


@pytest.fixture(scope="module")
async def base() -> AsyncIterator[Settings]:
    with temporary_home() as home:
        async with Stack(stack_settings(home), parts=["postgres", "temporal"]) as stack:
            yield stack.settings


@pytest.fixture
def home() -> Iterator[Path]:
    with temporary_home() as folder:
        yield folder


async def test_a_temporal_that_asks_for_our_certificate_is_used(base: Settings, home: Path) -> None:
    authority = Authority(home)
    ours = authority.pair("everline")
    async with temporal_over_tls(authority.server(asks=True), base.temporal_port) as port:
        settings = stack_settings(
            home,
            temporal_address=f"127.0.0.1:{port}",
            temporal_ca=authority.file,
            temporal_certificate=ours.certificate,
            temporal_key=ours.key,
            temporal_api_key="an-api-key",
        )
        await check_temporal(settings)
        client = await connect(settings, FixedKeys())
        assert await client.count_workflows() is not None
        assert client.service_client.config.api_key == "an-api-key"
        with pytest.raises(Unreachable, match="EVERLINE_TEMPORAL_CERTIFICATE"):
            await check_temporal(settings.model_copy(update={"temporal_certificate": None, "temporal_key": None}))


@pytest.mark.parametrize("resets", [True, False])
async def test_a_temporal_that_hangs_up_after_the_handshake_may_want_our_certificate(home: Path, resets: bool) -> None:
    authority = Authority(home)
    async with server_that_hangs_up(authority.server(), resets=resets) as port:
        settings = stack_settings(home, temporal_address=f"127.0.0.1:{port}", temporal_ca=authority.file)
        with pytest.raises(Unreachable, match="EVERLINE_TEMPORAL_CERTIFICATE"):
            await check_temporal(settings)


async def test_a_temporal_that_is_somebody_else_is_told_and_not_used(base: Settings, home: Path) -> None:
    authority, stranger = Authority(home), Authority(home, "stranger")
    async with temporal_over_tls(authority.server("elsewhere.test"), base.temporal_port) as port:
        settings = stack_settings(home, temporal_address=f"127.0.0.1:{port}", temporal_ca=stranger.file)
        with pytest.raises(Unreachable, match="EVERLINE_TEMPORAL_CA"):
            await check_temporal(settings)
        settings = settings.model_copy(update={"temporal_ca": authority.file})
        with pytest.raises(Unreachable, match="EVERLINE_TEMPORAL_SERVER_NAME"):
            await check_temporal(settings)
        await check_temporal(settings.model_copy(update={"temporal_server_name": "elsewhere.test"}))
        with pytest.raises(Unreachable, match="EVERLINE_TEMPORAL_TLS"):
            await check_temporal(settings.model_copy(update={"temporal_ca": None}))


def test_a_file_that_is_not_there_is_named(home: Path) -> None:
    settings = stack_settings(home, temporal_address="127.0.0.1:1", temporal_ca=home / "no-such.pem")
    with pytest.raises(SettingsError, match=r"EVERLINE_TEMPORAL_CA names .*no-such\.pem"):
        access_of(settings)


def test_tls_needs_a_temporal_elsewhere_and_no_message_has_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVERLINE_TEMPORAL_API_KEY", "hunter2")
    with pytest.raises(SettingsError, match="EVERLINE_TEMPORAL_ADDRESS") as caught:
        read_settings()
    assert "hunter2" not in str(caught.value)
    monkeypatch.setenv("EVERLINE_TEMPORAL_ADDRESS", "temporal.test:7233")
    assert "hunter2" not in repr(read_settings())
    assert read_settings().temporal_is_encrypted


async def test_a_database_is_reached_by_tls_as_its_url_says(base: Settings, home: Path) -> None:
    authority, stranger = Authority(home), Authority(home, "stranger")
    async with postgres_over_tls(authority.server(), base.postgres_port) as port:
        way = base.database.replace(f":{base.postgres_port}/", f":{port}/") + "&sslmode=verify-full&sslrootcert="
        # libpq finds passwords by the port.
        passwords = home / "pgpass"
        passwords.touch(mode=0o600)
        passwords.write_text((base.home / "secrets/pgpass").read_text().replace(str(base.postgres_port), str(port)))
        way = way.replace(f"{base.home}/secrets/pgpass", str(passwords))
        await check_database(f"{way}{authority.file}")
        database = Database(f"{way}{authority.file}")
        async with database.read() as session:
            connection = await session.connection()
            raw = (await connection.get_raw_connection()).driver_connection
            assert raw is not None
            assert raw.pgconn.ssl_in_use
            assert await session.scalar(text("SELECT 1")) == 1
        await database.close()
        with pytest.raises(Unreachable, match="certificate verify failed"):
            await check_database(f"{way}{stranger.file}")
