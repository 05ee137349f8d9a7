"""Who may do what: sessions, roles and ownership, decided in this one place."""

from typing import Annotated

from fastapi import Depends, Path
from starlette.requests import HTTPConnection

from api.errors import MissingError, NotLoggedInError
from api.portal import Portal, ThePortal
from db import desk, sessions
from db.clock import now
from db.sessions import EndReason, Visitor
from domain.agent import Role

COOKIE = "everline_session"

_RANKS = {Role.AGENT: 0, Role.SUPERVISOR: 1, Role.ADMINISTRATOR: 2}


async def find_visitor(connection: HTTPConnection, portal: Portal) -> Visitor | None:
    """Who sends this request; None without a session that is good."""
    token = connection.cookies.get(COOKIE)
    if not token:
        return None
    async with portal.database.read() as session:
        return await sessions.find(session, sessions.hash_token(token), now())


async def _signed_in(connection: HTTPConnection, portal: ThePortal) -> Visitor:
    visitor = await find_visitor(connection, portal)
    if visitor is None:
        raise NotLoggedInError(await _why(connection, portal))
    return visitor


async def _why(connection: HTTPConnection, portal: Portal) -> str:
    token = connection.cookies.get(COOKIE)
    if token:
        async with portal.database.read() as session:
            reason = await sessions.end_reason(session, sessions.hash_token(token))
        if reason is EndReason.REPLACED:
            return "You have logged in somewhere else, so this window was logged out."
    return "Log in first."


SignedIn = Annotated[Visitor, Depends(_signed_in)]
"""Anybody with a session."""


def at_least(visitor: Visitor, role: Role) -> bool:
    """Whether a user has a role's rights; each role has those of the ones before it."""
    return _RANKS[visitor.role] >= _RANKS[role]


async def _own_call(
    call_id: Annotated[str, Path(description="The call's id, as the desk tells it.", max_length=200)],
    visitor: SignedIn,
    portal: ThePortal,
) -> str:
    async with portal.database.read() as session:
        if not await desk.owns_call(session, visitor.user_id, call_id):
            raise MissingError("You have no such call now.")
    return call_id


OwnCall = Annotated[str, Depends(_own_call)]
"""The id of a call that is the visitor's now; whatever else is asked for does not exist."""
