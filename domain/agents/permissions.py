"""What each role may do, by name. Who asks whether somebody may, asks for a permission and never for a role."""

from collections.abc import Mapping
from enum import StrEnum

from domain.agents.agent import Role


class Permission(StrEnum):
    """Something that not everybody may do. What is one's own (the own calls, the own queues) needs none."""

    TAKE_CALLS = "take_calls"
    """Have a desk: take calls, and call out."""
    SEE_FLOOR = "see_floor"
    """See what all agents are doing, and that a disk is nearly full."""
    SEE_ALL_CALLS = "see_all_calls"
    """See the records of everybody's calls."""
    SEE_ALL_QUEUES = "see_all_queues"
    """See the line and the settings of each queue, and hear its voicemails, also those of removed queues."""
    MANAGE_USERS = "manage_users"
    """Make, change and remove users, their passwords and their phones."""
    MANAGE_QUEUES = "manage_queues"
    """Change queues, their agents, skills, pause reasons and wrap-up codes."""
    MANAGE_NUMBERS = "manage_numbers"
    """Change where our numbers lead: menus and opening hours."""
    MANAGE_DIALLING = "manage_dialling"
    """Change what may be called, and how often."""
    MANAGE_TRUNKS = "manage_trunks"
    """Change the lines to carriers."""
    LIFT_BANS = "lift_bans"
    """See which addresses are banned for guessing at phones, and let them in again."""
    READ_AUDIT = "read_audit"
    """Read who has changed what."""


_AGENT = frozenset({Permission.TAKE_CALLS})
_SUPERVISOR = _AGENT | {Permission.SEE_FLOOR, Permission.SEE_ALL_CALLS, Permission.SEE_ALL_QUEUES}

PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.AGENT: _AGENT,
    Role.SUPERVISOR: _SUPERVISOR,
    Role.ADMINISTRATOR: frozenset(Permission),
}


def may(role: Role, permission: Permission) -> bool:
    """Whether users of that role may do it."""
    return permission in PERMISSIONS[role]
