"""Access: log-in sessions, permissions and ownership, decided in this one place."""

from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path
from starlette.requests import HTTPConnection

from api.openapi.refusals import Refusal, refuses
from api.portal import Portal, ThePortal
from api.web import cookies
from api.web.cookies import SESSION
from api.web.errors import ForbiddenError, MissingError, NotLoggedInError, PasswordGivenError
from db.calls import own_calls
from db.core.clock import now
from db.desk import desk
from db.users import sessions
from db.users.sessions import Visitor
from domain.agents.permissions import Permission
from domain.users.login_session import EndReason

_GIVEN = "Choose a password of your own first: somebody else has set the one that you have."
_NOT_ALLOWED = "Your role does not allow this. Ask an administrator."
_NO_CALL = "You have no such call now."
_BROUGHT_IN = "You were brought into this call. Only the agent whose call it is can do that."
_NO_QUEUE = "You have no such queue."


async def find_visitor(connection: HTTPConnection, portal: Portal) -> Visitor | None:
    """The user of this request; None without a session that is good."""
    token = cookies.read(connection, SESSION)
    if not token:
        return None
    async with portal.database.look() as session:
        return await sessions.find(session, sessions.hash_token(token), now())


@refuses(Refusal.of(NotLoggedInError, "Not logged in, or logged in somewhere else since.", "Log in first."))
async def logged_in(connection: HTTPConnection, portal: ThePortal) -> Visitor:
    """The user of this request, also with a password that an administrator has set. Raises NotLoggedInError."""
    visitor = await find_visitor(connection, portal)
    if visitor is None:
        raise NotLoggedInError(await _why(connection, portal))
    connection.state.user_id = visitor.user_id
    return visitor


async def _why(connection: HTTPConnection, portal: Portal) -> str:
    token = cookies.read(connection, SESSION)
    if token:
        async with portal.database.look() as session:
            reason = await sessions.end_reason(session, sessions.hash_token(token))
        if reason is EndReason.REPLACED:
            return "You have logged in somewhere else, so this window was logged out."
    return "Log in first."


LoggedIn = Annotated[Visitor, Depends(logged_in)]
"""Anybody with a session, for the few things that come before all others."""


@refuses(Refusal.of(PasswordGivenError, "The user still has the password that an administrator has set.", _GIVEN))
async def signed_in(visitor: LoggedIn) -> Visitor:
    """The user of this request. Raises PasswordGivenError."""
    if visitor.password_is_given:
        raise PasswordGivenError(_GIVEN)
    return visitor


SignedIn = Annotated[Visitor, Depends(signed_in)]
"""Anybody with a session and a password of their own."""


NEEDED: dict[Callable[..., object], Permission] = {}
"""Dependencies that ask for a permission, and for which."""


def holder_of(permission: Permission) -> Callable[[Visitor], Awaitable[Visitor]]:
    """A dependency: the user of this request, who needs a permission. Raises ForbiddenError."""

    @refuses(Refusal.of(ForbiddenError, f"The user lacks the permission `{permission}`.", _NOT_ALLOWED))
    async def holder(visitor: SignedIn) -> Visitor:
        if not visitor.may(permission):
            raise ForbiddenError(_NOT_ALLOWED)
        return visitor

    NEEDED[holder] = permission
    return holder


SeesFloor = Annotated[Visitor, Depends(holder_of(Permission.SEE_FLOOR))]
SeesAllQueues = Annotated[Visitor, Depends(holder_of(Permission.SEE_ALL_QUEUES))]
ManagesUsers = Annotated[Visitor, Depends(holder_of(Permission.MANAGE_USERS))]
ManagesQueues = Annotated[Visitor, Depends(holder_of(Permission.MANAGE_QUEUES))]
ManagesNumbers = Annotated[Visitor, Depends(holder_of(Permission.MANAGE_NUMBERS))]
ManagesDialling = Annotated[Visitor, Depends(holder_of(Permission.MANAGE_DIALLING))]
ManagesTrunks = Annotated[Visitor, Depends(holder_of(Permission.MANAGE_TRUNKS))]
LiftsBans = Annotated[Visitor, Depends(holder_of(Permission.LIFT_BANS))]
ReadsAudit = Annotated[Visitor, Depends(holder_of(Permission.READ_AUDIT))]


CallId = Annotated[str, Path(description="The call's id, as the desk tells it.", max_length=200)]


@refuses(Refusal.of(MissingError, "The call is not the user's now.", _NO_CALL))
async def _own_call(
    call_id: CallId,
    visitor: SignedIn,
    portal: ThePortal,
) -> str:
    async with portal.database.look() as session:
        if not await own_calls.owned(session, visitor.user_id, call_id, now()):
            raise MissingError(_NO_CALL)
    return call_id


OwnCall = Annotated[str, Depends(_own_call)]
"""The id of a call that is the visitor's now; whatever else is asked for does not exist."""


@refuses(Refusal.of(ForbiddenError, "The call is another agent's, who has brought this user in.", _BROUGHT_IN))
async def _led_call(call_id: OwnCall, visitor: SignedIn, portal: ThePortal) -> str:
    async with portal.database.look() as session:
        if not await own_calls.led(session, visitor.user_id, call_id, now()):
            raise ForbiddenError(_BROUGHT_IN)
    return call_id


LedCall = Annotated[str, Depends(_led_call)]
"""The id of a call that is the visitor's own, not one that the visitor was brought into."""


@refuses(Refusal.of(MissingError, "The queue is not there, or not the user's.", _NO_QUEUE))
async def _watched_queue(
    queue_id: Annotated[UUID, Path(description="The queue's id, as the desk tells it.")],
    visitor: SignedIn,
    portal: ThePortal,
) -> UUID:
    async with portal.database.look() as session:
        if queue_id not in await desk.watched(session, visitor.user_id, visitor.role):
            raise MissingError(_NO_QUEUE)
    return queue_id


WatchedQueue = Annotated[UUID, Depends(_watched_queue)]
"""The id of a queue that the visitor sees: the own ones, or with `see_all_queues` all."""
