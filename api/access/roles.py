from db.users.sessions import Visitor
from domain.agents.agent import Role

_RANKS = {Role.AGENT: 0, Role.SUPERVISOR: 1, Role.ADMINISTRATOR: 2}


def at_least(visitor: Visitor, role: Role) -> bool:
    """Whether a user has a role's rights; each role has those of the ones before it."""
    return _RANKS[visitor.role] >= _RANKS[role]
