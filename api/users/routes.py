"""Users, their roles and their phones."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query

from api.access.visitors import ManagesUsers
from api.agents.schemas import KnownSkillOut
from api.openapi.refusals import told
from api.portal import ThePortal
from api.users.schemas import (
    NewUserIn,
    NewUserOut,
    PasswordIn,
    PasswordOut,
    PhoneIn,
    ServedQueueOut,
    SipSecretOut,
    UserChanges,
    UserDetails,
    UserList,
    UserOut,
    UserPhoneOut,
)
from api.web.paging import COUNTED, NO_PAGE, SortedMark, split
from api.web.schemas import Done
from db.accounts import account_changes, accounts
from db.agents import skills
from db.core.clock import now
from db.queues import memberships
from db.users import users
from db.users.users import UserFilter, UserOrder
from domain.agents.agent import ExtensionKind, Role

router = APIRouter(prefix="/api/v1/admin/users", tags=["administration"])

_MOST = 500

UserId = Annotated[UUID, Path(description="The user's id.")]


@router.get("", responses=told(NO_PAGE))
async def list_users(  # noqa: PLR0913 - each is a parameter of its own
    _: ManagesUsers,
    portal: ThePortal,
    *,
    text: Annotated[
        str, Query(max_length=80, description="A part of the name, or how the agent id or extension begins.")
    ] = "",
    role: Annotated[Role | None, Query(description="Only users of this role.")] = None,
    kind: Annotated[ExtensionKind | None, Query(description="Only users with this kind of phone.")] = None,
    order: Annotated[UserOrder, Query(description="By what the list is sorted.")] = UserOrder.AGENT_ID,
    limit: Annotated[int, Query(ge=1, le=_MOST, description="How many at most.")] = _MOST,
    after: Annotated[str | None, Query(description="The mark of the page, from the one before.")] = None,
) -> UserList:
    """Everybody who may log in."""
    wanted, mark = UserFilter(text.strip(), role, kind), SortedMark.parse(after) if after is not None else None
    async with portal.database.read() as session:
        found = await users.listing(session, wanted, order, limit + 1, (mark.value, mark.id) if mark else None)
        count = await users.count(session, wanted, COUNTED)
    items, following = split(found, limit, lambda user: SortedMark(users.sorted_by(user, order), user.user_id))
    return UserList(items=[UserOut.model_validate(account) for account in items], next=following, count=count)


@router.post("", status_code=201)
async def add_user(request: NewUserIn, visitor: ManagesUsers, portal: ThePortal) -> NewUserOut:
    """Makes a user with password and phone. The secrets are told this once."""
    async with portal.database.write() as session:
        made = await accounts.create(session, request.plain(), now(), visitor.user_id)
    return NewUserOut.model_validate(made)


@router.get("/{user_id}")
async def get_user(user_id: UserId, _: ManagesUsers, portal: ThePortal) -> UserDetails:
    """A user with the queues served and the skills known."""
    async with portal.database.read() as session:
        account = await users.get(session, user_id)
        serves = await memberships.of_user(session, user_id)
        knows = [found for found in await skills.of_agents(session) if found.user_id == user_id]
    return UserDetails(
        **UserOut.model_validate(account).model_dump(),
        queues=[ServedQueueOut.model_validate(found) for found in serves],
        skills=[KnownSkillOut.model_validate(found) for found in knows],
    )


@router.patch("/{user_id}")
async def change_user(user_id: UserId, request: UserChanges, visitor: ManagesUsers, portal: ThePortal) -> UserOut:
    """Changes name, agent id or role. A new role holds from the user's next request on, and on open pages at once."""
    async with portal.database.write() as session:
        account = await users.get(session, user_id)
        changed = await account_changes.change(session, account, request.plain(), now(), visitor.user_id)
    return UserOut.model_validate(changed)


@router.delete("/{user_id}")
async def remove_user(user_id: UserId, visitor: ManagesUsers, portal: ThePortal) -> Done:
    """Logs the user out for good and takes the phone away. A call in progress goes on; records stay."""
    async with portal.database.write() as session:
        await accounts.remove(session, await users.get(session, user_id), now(), visitor.user_id)
    return Done()


@router.put("/{user_id}/phone")
async def change_phone(user_id: UserId, request: PhoneIn, visitor: ManagesUsers, portal: ThePortal) -> UserPhoneOut:
    """Gives the user another number or kind of phone, and logs the user out, whose page has the old one."""
    async with portal.database.write() as session:
        account = await users.get(session, user_id)
        changed = await account_changes.change_phone(session, account, request.plain(), now(), visitor.user_id)
    return UserPhoneOut.model_validate(changed)


@router.post("/{user_id}/password")
async def reset_password(user_id: UserId, request: PasswordIn, visitor: ManagesUsers, portal: ThePortal) -> PasswordOut:
    """Gives the user a new password, and ends the user's sessions."""
    async with portal.database.write() as session:
        account = await users.get(session, user_id)
        chosen = await accounts.reset_password(session, account, request.password, now(), visitor.user_id)
    return PasswordOut(password=chosen)


@router.delete("/{user_id}/failed-logins")
async def forget_failed_logins(user_id: UserId, visitor: ManagesUsers, portal: ThePortal) -> Done:
    """Lets the user log in without waiting, however many wrong passwords there were before."""
    async with portal.database.write() as session:
        account = await users.get(session, user_id)
        await accounts.forget_failed_logins(session, account, now(), visitor.user_id)
    return Done()


@router.post("/{user_id}/sip-secret")
async def reset_sip_secret(user_id: UserId, visitor: ManagesUsers, portal: ThePortal) -> SipSecretOut:
    """Gives the user's SIP phone a new secret."""
    async with portal.database.write() as session:
        account = await users.get(session, user_id)
        return SipSecretOut(sip_secret=await accounts.reset_sip_secret(session, account, now(), visitor.user_id))
