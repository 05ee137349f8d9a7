"""Where a user goes on to who is logged in."""

from uuid import UUID

from starlette.responses import RedirectResponse

from api.portal import Portal
from db.desk import desk
from db.users import users
from domain.agents.permissions import PERMISSIONS, Permission

DASHBOARD, USERS = "/", "/users"


async def lead_on(portal: Portal, user_id: UUID) -> RedirectResponse:
    """Leads to the page Users whoever manages them and serves no queue, and everybody else to the dashboard."""
    async with portal.database.read() as session:
        role = (await users.get(session, user_id)).role
        serves = (await desk.memberships(session, [user_id]))[user_id]
    is_office = Permission.MANAGE_USERS in PERMISSIONS[role] and not serves
    return RedirectResponse(USERS if is_office else DASHBOARD, status_code=303)
