"""The parts that every request may use, made at the start of the process and closed at its end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Annotated

from aiohttp import ClientSession
from fastapi import Depends
from jinja2 import Environment
from starlette.requests import HTTPConnection
from temporalio.client import Client

from api.calls.commands import Calls
from api.config import ApiConfig
from api.core.pulse import Pulse
from api.core.tasks import running
from api.live.hub import Hub
from api.live.keeper import keep
from api.live.reader import EventReader
from api.phones.gate import CallsOfBrowsers
from api.web.allowance import Allowance
from api.web.pages import Assets, environment
from db.core import clock_skew
from db.core.engine import Database
from db.history_keys.key_ring import KeyRing
from db.users.passwords import Verifier
from workflows.core.data_converter import encrypting

_ADMITTED_AT_ONCE = 3
ERROR_REPORTS = 10
"""Of one user's pages within ERROR_REPORTS_WITHIN seconds: a fault in a loop is told enough by these."""
ERROR_REPORTS_WITHIN = 60


@dataclass(frozen=True)
class Portal:
    """The running portal."""

    config: ApiConfig
    database: Database
    verifier: Verifier
    calls: Calls
    hub: Hub
    http: ClientSession
    templates: Environment
    pulse: Pulse
    phone_calls: CallsOfBrowsers
    admission: asyncio.Semaphore
    """Held while a log-in uses the database, so that a flood of them leaves connections to the desks."""
    error_reports: Allowance

    @property
    def takes_calls(self) -> bool:
        """Whether new calls may begin: not while the centre waits for those there are in order to stop."""
        return self.config.draining is None or not self.config.draining.exists()


@asynccontextmanager
async def opened(config: ApiConfig) -> AsyncIterator[Portal]:
    """A portal that follows events until the end of the block. Neither database nor Temporal has to be there yet."""
    database = Database(config.database_url, time_zone=config.time_zone)
    hub = Hub()
    reader = EventReader(database, hub)
    history_keys = KeyRing(database, config.history_secret)
    temporal = await Client.connect(
        config.temporal_address,
        namespace=config.temporal_namespace,
        tls=config.temporal_tls,
        api_key=config.temporal_api_key,
        data_converter=encrypting(history_keys),
        lazy=True,
    )
    works = (
        reader.follow,
        reader.listen,
        partial(keep, database, hub),
        partial(clock_skew.follow, database),
        history_keys.follow,
    )
    try:
        async with ClientSession() as http, running(*works):
            yield Portal(
                config,
                database,
                Verifier(),
                Calls(temporal),
                hub,
                http,
                environment(config.templates, Assets(config.assets)),
                Pulse(database),
                CallsOfBrowsers(),
                asyncio.Semaphore(_ADMITTED_AT_ONCE),
                Allowance(ERROR_REPORTS, ERROR_REPORTS_WITHIN),
            )
    finally:
        hub.close()
        await database.close()


def _portal(connection: HTTPConnection) -> Portal:
    portal: Portal = connection.app.state.portal
    return portal


ThePortal = Annotated[Portal, Depends(_portal)]
