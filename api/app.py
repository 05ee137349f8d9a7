"""The portal as an application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.routing import APIRoute

import api.admin.audit
import api.admin.choices
import api.admin.destinations
import api.admin.doors
import api.admin.queues
import api.admin.sip_bans
import api.admin.skills
import api.admin.trunks
import api.admin.users
import api.agent.rate
import api.agent.routes
import api.calls.by_hand
import api.calls.colleagues
import api.calls.control
import api.calls.quality
import api.calls.routes
import api.desk.routes
import api.floor.routes
import api.live.routes
import api.login.account
import api.login.first_password
import api.login.routes
import api.meta
import api.phone.routes
import api.queues.routes
import api.voicemails.routes
from api import problems
from api.config import ApiConfig
from api.description import Described
from api.limits import RequestLimits
from api.origins import Origins
from api.pages import ASSETS
from api.portal import opened
from api.security import KnownHostsOnly, SameOriginOnly, SecurityHeaders
from api.static import BuiltAssets
from api.timing import ServerTiming

_DESCRIPTION = """\
The agents' portal as data: what the page does, a program can do. Times are ISO 8601 in UTC, durations are seconds.
Every refusal is a problem (RFC 9457), whose `detail` is a sentence for the user; a mistake of Everline's is one, too,
with the status 500.

`POST /login` gives the cookie of a session, which lasts until `POST /logout` or the user's next log-in. Whoever changes
something also sends the header `Origin` with Everline's own address, as browsers do.
"""
_TAGS = [
    {"name": "session", "description": "Logging in and out."},
    {"name": "desk", "description": "Everything that an agent's page shows."},
    {"name": "live", "description": "Its changes, as they happen."},
    {"name": "agent", "description": "What the agent is doing."},
    {"name": "calls", "description": "The call that the agent has, and those that are over."},
    {"name": "queues", "description": "Who waits, and whose turn it is."},
    {"name": "voicemails", "description": "What callers left."},
    {"name": "floor", "description": "All agents, for supervisors."},
    {"name": "administration", "description": "How the centre works, for administrators."},
    {"name": "phone", "description": "The browser as a phone."},
    {"name": "health", "description": "For whoever watches the processes."},
]


def create(config: ApiConfig) -> FastAPI:
    """The application; its parts are opened when it starts."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with opened(config) as portal:
            app.state.portal = portal
            yield

    app = Described(
        title="Everline",
        version="1",
        description=_DESCRIPTION,
        openapi_tags=_TAGS,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        generate_unique_id_function=_operation_id,
    )
    for noun in (
        api.login,
        api.desk,
        api.live,
        api.phone,
        api.agent,
        api.calls,
        api.queues,
        api.voicemails,
        api.floor,
    ):
        app.include_router(noun.routes.router)
    for part in (api.agent.rate, api.calls.by_hand, api.calls.control, api.calls.quality, api.calls.colleagues):
        app.include_router(part.router)
    administration = (api.admin.users, api.admin.queues, api.admin.skills, api.admin.choices, api.admin.doors)
    further = (api.admin.destinations, api.admin.sip_bans, api.admin.trunks, api.admin.audit)
    own = (api.login.account, api.login.first_password)
    for part in (*administration, *further, *own):
        app.include_router(part.router)
    app.include_router(api.meta.router)
    app.mount(ASSETS, BuiltAssets(directory=config.assets, check_dir=False), name="assets")
    problems.install(app)
    app.add_middleware(SameOriginOnly)
    app.add_middleware(RequestLimits)
    app.add_middleware(KnownHostsOnly, names=config.names)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(Origins)
    app.add_middleware(ServerTiming)
    return app


def _operation_id(route: APIRoute) -> str:
    return route.name
