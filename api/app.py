"""The portal as an application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.routing import APIRoute

from api.agents.pause_reasons import router as pause_reasons
from api.agents.rate import router as rate
from api.agents.routes import router as agent
from api.agents.skills import router as skills
from api.audit.routes import router as audit
from api.calls.colleagues import router as colleagues
from api.calls.control import router as call_control
from api.calls.manual import router as manual_calls
from api.calls.past import router as past_calls
from api.calls.quality import router as quality
from api.calls.routes import router as calls
from api.config import ApiConfig
from api.desk.browser_errors import router as browser_errors
from api.desk.floor import router as floor
from api.desk.routes import router as desk
from api.dialling_rules.routes import router as dialling_rules
from api.inbound.routes import router as inbound
from api.live.routes import router as live
from api.login.account import router as own_account
from api.login.first_password import router as first_password
from api.login.routes import router as sessions
from api.openapi.description import Described
from api.openapi.meta import router as meta
from api.phones.routes import router as phone
from api.phones.sip_bans import router as sip_bans
from api.portal import opened
from api.queues.administration import router as queue_administration
from api.queues.routes import router as queues
from api.queues.wrap_up_codes import router as wrap_up_codes
from api.trunks.routes import router as trunks
from api.users.routes import router as users
from api.voicemails.routes import router as voicemails
from api.web import problems
from api.web.limits import RequestLimits
from api.web.origins import Origins
from api.web.pages import ASSETS
from api.web.security import KnownHostsOnly, SameOriginOnly, SecurityHeaders
from api.web.static import BuiltAssets
from api.web.timing import ServerTiming

_ROUTERS = (
    sessions,
    desk,
    browser_errors,
    live,
    phone,
    agent,
    calls,
    queues,
    voicemails,
    floor,
    rate,
    manual_calls,
    past_calls,
    call_control,
    quality,
    colleagues,
    users,
    queue_administration,
    skills,
    pause_reasons,
    wrap_up_codes,
    inbound,
    dialling_rules,
    sip_bans,
    trunks,
    audit,
    own_account,
    first_password,
    meta,
)
_DESCRIPTION = """\
The agents' portal as data: what the page does, a program can do. Times are ISO 8601 in UTC, durations are seconds.
Every refusal is a problem (RFC 9457), whose `detail` is a sentence for the user; a mistake of Everline's is one, too,
with the status 500.

`POST /login` gives the cookie of a session, which lasts until `POST /logout` or the user's next log-in. Requests that
change something also need the header `Origin` with Everline's own address, as browsers send it.
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
    for router in _ROUTERS:
        app.include_router(router)
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
