from collections.abc import Iterator, Mapping, Sequence

import pytest
from aiohttp import WSServerHandshakeError
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.routing import BaseRoute, Mount, WebSocketRoute

from api.access.visitors import NEEDED
from api.config import ApiConfig
from db.accounts.accounts import NewAccount
from domain.agents.agent import Role
from domain.agents.permissions import Permission, may
from tests.api.access.case import ROLES, Case
from tests.api.access.permissions import needed
from tests.api.access.table import CASES
from tests.api.browser import Browser
from tests.api.floor import Floor


def _named(routes: Sequence[BaseRoute]) -> set[tuple[str, str]]:
    """Every route as method and path. A kind of route that this does not know fails."""
    found: set[tuple[str, str]] = set()
    for context in iter_route_contexts(routes):
        path = str(context.path)
        match context.original_route:
            case Mount():
                found.add(("MOUNT", path))
            case WebSocketRoute():
                found.add(("WEBSOCKET", path))
            case APIRoute():
                found |= {(method, path) for method in context.methods or ()}
            case unknown:
                pytest.fail(f"{unknown!r} is of a kind that the table of access does not cover")
    return found


def test_every_route_is_in_the_table_of_access(app: FastAPI) -> None:
    assert _named(app.routes) == {(case.method, case.route) for case in CASES}


def _asks_for(dependant: Dependant) -> Iterator[Permission]:
    for needs in dependant.dependencies:
        if needs.call in NEEDED:
            yield NEEDED[needs.call]
        yield from _asks_for(needs)


def test_every_route_asks_for_the_permission_of_the_table(app: FastAPI) -> None:
    wrong = []
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        if isinstance(route, APIRoute):
            asked = set(_asks_for(route.dependant))
            for method in context.methods or ():
                expected = needed(method, str(context.path))
                if asked != ({expected} if expected else set()):
                    wrong.append(f"{method} {context.path}: {asked or 'nothing'}, and not {expected}")
    assert wrong == []


@pytest.mark.parametrize("case", [case for case in CASES if needed(case.method, case.route)], ids=str)
def test_who_lacks_the_permission_and_nobody_else_is_refused(case: Case) -> None:
    permission = needed(case.method, case.route)
    assert permission is not None
    for who, status in zip(ROLES[1:], case.statuses[1:], strict=True):
        assert (status == 403) is not may(Role(who.removeprefix("foreign ")), permission), who


@pytest.fixture
def asset(config: ApiConfig) -> None:
    config.assets.mkdir(parents=True, exist_ok=True)
    (config.assets / "known.txt").write_text("known")


async def _users(floor: Floor) -> dict[str, NewAccount | None]:
    return {
        "anonymous": None,
        "agent": await floor.add_user(),
        "supervisor": await floor.add_user(Role.SUPERVISOR),
        "administrator": await floor.add_user(Role.ADMINISTRATOR),
        "foreign agent": await floor.add_user(),
    }


async def _status(browser: Browser, case: Case, named: Mapping[str, object]) -> int:
    path = case.asked
    for name, value in named.items():
        path = path.replace(f"{{{name}}}", str(value))
    if case.method == "WEBSOCKET":
        try:
            async with browser.websocket(path, protocols=("sip",)):
                return 101
        except WSServerHandshakeError as refusal:
            return refusal.status
    if case.route == "/api/v1/events":
        return await browser.first_status(path)
    method = "GET" if case.method == "MOUNT" else case.method
    return (await browser.ask(method, path, json=case.body, data=case.form)).status


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.method} {case.asked}")
async def test_each_role_gets_what_the_table_says(
    case: Case, floor: Floor, address: str, config: ApiConfig, asset: None
) -> None:
    users = await _users(floor)
    agent = users["agent"]
    assert agent is not None
    queue = await floor.add_queue(agent)
    named = {
        "call": await floor.give_call(agent, case.stage, queue=queue),
        "queue": queue.queue_id,
        "waiting": await floor.add_waiting_call(queue),
        "voicemail": await floor.add_voicemail(queue, config.recordings),
    }
    statuses = []
    for role in ROLES:
        user = users[role]
        async with Browser(address, await floor.token(user) if user else None) as browser:
            statuses.append(await _status(browser, case, named))
    assert tuple(statuses) == case.statuses


@pytest.mark.parametrize("case", [case for case in CASES if case.statuses[0] == 401 and case.method == "GET"])
async def test_a_made_up_session_is_no_session(case: Case, address: str) -> None:
    async with Browser(address, "made-up") as browser:
        assert await _status(browser, case, {}) == 401
