"""The states of an agent and the changes between them that are allowed."""

from enum import StrEnum


class Role(StrEnum):
    """What a user is. What each may do is in `permissions`."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"


class NotOffered(StrEnum):
    """Why an idle agent gets no calls of queues, the first that holds."""

    NO_PHONE = "no_phone"
    """The phone, or for a Web extension the page, is gone."""
    NO_MICROPHONE = "no_microphone"
    """The page has said that its microphone is missing or not allowed."""
    NO_QUEUE = "no_queue"
    PAUSED_EVERYWHERE = "paused_everywhere"
    """Paused for each of the queues, one by one."""


class ExtensionKind(StrEnum):
    """The phone an agent speaks on: the browser, or a desk or soft phone."""

    WEB = "web"
    SIP = "sip"


class AgentState(StrEnum):
    """What an agent is doing."""

    OFFLINE = "offline"
    IDLE = "idle"
    PAUSED = "paused"
    OFFERED = "offered"
    ON_CALL = "on_call"
    WRAP_UP = "wrap_up"


WORKING = frozenset({AgentState.OFFERED, AgentState.ON_CALL, AgentState.WRAP_UP})
"""States that belong to a call: the agent's own wishes take effect when the call lets go."""

ALLOWED: dict[AgentState, frozenset[AgentState]] = {
    # An agent who dials on the desk phone is on a call at once, also in a pause and without being logged in.
    AgentState.OFFLINE: frozenset({AgentState.IDLE, AgentState.PAUSED, AgentState.ON_CALL}),
    AgentState.IDLE: frozenset({AgentState.OFFLINE, AgentState.PAUSED, AgentState.OFFERED, AgentState.ON_CALL}),
    # An agent who dials in the portal during a pause is rung first.
    AgentState.PAUSED: frozenset({AgentState.OFFLINE, AgentState.IDLE, AgentState.OFFERED, AgentState.ON_CALL}),
    AgentState.OFFERED: frozenset(
        {AgentState.IDLE, AgentState.PAUSED, AgentState.OFFLINE, AgentState.ON_CALL, AgentState.OFFERED}
    ),
    AgentState.ON_CALL: frozenset({AgentState.WRAP_UP, AgentState.IDLE, AgentState.PAUSED, AgentState.OFFLINE}),
    AgentState.WRAP_UP: frozenset({AgentState.IDLE, AgentState.PAUSED, AgentState.OFFLINE}),
}


def may_become(state: AgentState, wanted: AgentState) -> bool:
    """Whether an agent in `state` may become `wanted`."""
    return wanted in ALLOWED[state]


NO_ANSWER = "No answer"
"""Why an agent is paused who let too many calls ring."""
