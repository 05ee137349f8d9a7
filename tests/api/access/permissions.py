"""Which permission each route asks for, by the beginning of its path: the longest that fits counts."""

from domain.agents.permissions import Permission

NEEDED = {
    "/api/v1/agents": Permission.SEE_FLOOR,
    "/api/v1/admin/users": Permission.MANAGE_USERS,
    "/api/v1/admin/users/{user_id}/dial-limits": Permission.MANAGE_DIALLING,
    "/api/v1/admin/queues": Permission.MANAGE_QUEUES,
    "/api/v1/admin/pause-reasons": Permission.MANAGE_QUEUES,
    "/api/v1/admin/wrap-up-codes": Permission.MANAGE_QUEUES,
    "/api/v1/admin/skills": Permission.MANAGE_QUEUES,
    "/api/v1/admin/agents": Permission.MANAGE_QUEUES,
    "/api/v1/admin/schedules": Permission.MANAGE_NUMBERS,
    "/api/v1/admin/menus": Permission.MANAGE_NUMBERS,
    "/api/v1/admin/numbers": Permission.MANAGE_NUMBERS,
    "/api/v1/admin/destinations": Permission.MANAGE_DIALLING,
    "/api/v1/admin/dial-limits": Permission.MANAGE_DIALLING,
    "/api/v1/admin/trunks": Permission.MANAGE_TRUNKS,
    "/api/v1/admin/sip-bans": Permission.LIFT_BANS,
    "/api/v1/admin/audit": Permission.READ_AUDIT,
}

TO_READ = {
    "/api/v1/admin/queues": Permission.SEE_ALL_QUEUES,
    "/api/v1/admin/queues/{queue_id}": Permission.SEE_ALL_QUEUES,
}
"""Where reading needs another one than changing."""


def needed(method: str, route: str) -> Permission | None:
    """What a route asks for; None where only a session, or what is one's own, matters."""
    if method == "GET" and route in TO_READ:
        return TO_READ[route]
    beginnings = [path for path in NEEDED if route == path or route.startswith(f"{path}/")]
    return NEEDED[max(beginnings, key=len)] if beginnings else None
