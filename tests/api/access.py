"""Who gets what from every route: the one table that test_access.py holds the application against."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from domain.call import CallStage

ROLES = ("anonymous", "agent", "supervisor", "administrator", "foreign agent")
"""The agent is the one whose call the paths name; the foreign agent has nothing to do with it."""


@dataclass(frozen=True)
class Case:
    """One request to a route, and the status that each role gets."""

    method: str
    route: str
    statuses: tuple[int, int, int, int, int]
    path: str = ""
    """The path asked for; the route itself where it has no variables. "{call}" is the agent's call."""
    body: Mapping[str, Any] | None = None
    form: Mapping[str, str] | None = None
    stage: CallStage = field(default=CallStage.CONNECTED)

    @property
    def asked(self) -> str:
        return self.path or self.route


EVERYBODY = (200, 200, 200, 200, 200)
LOGGED_IN = (401, 200, 200, 200, 200)
# The call of the table has no workflow, so its agent reads that it is over; to the others it does not exist.
OWNER = (401, 409, 404, 404, 404)
# A browser that asks for data is not led to the log-in page.
ANY_STATE = {"state": "paused", "reason": "Break"}

CASES = (
    Case("GET", "/healthz", EVERYBODY),
    Case("GET", "/login", (200, 303, 303, 303, 303)),
    Case("POST", "/login", (401, 401, 401, 401, 401), form={"name": "nobody", "password": "wrong"}),
    Case("POST", "/logout", (303, 303, 303, 303, 303)),
    Case("GET", "/", LOGGED_IN),
    Case("GET", "/api/v1/openapi.json", LOGGED_IN),
    Case("GET", "/api/v1/desk", LOGGED_IN),
    Case("GET", "/api/v1/events", LOGGED_IN),
    Case("GET", "/api/v1/phone", LOGGED_IN),
    Case("PUT", "/api/v1/agent/state", LOGGED_IN, body=ANY_STATE),
    Case("GET", "/api/v1/calls", LOGGED_IN),
    Case("GET", "/api/v1/calls", (401, 403, 200, 200, 403), path="/api/v1/calls?mine=0"),
    Case("POST", "/api/v1/calls/{call_id}/decline", OWNER, "/api/v1/calls/{call}/decline"),
    Case("POST", "/api/v1/calls/{call_id}/hang-up", OWNER, "/api/v1/calls/{call}/hang-up"),
    Case("POST", "/api/v1/calls/{call_id}/mute", OWNER, "/api/v1/calls/{call}/mute", body={"muted": True}),
    Case("POST", "/api/v1/calls/{call_id}/wrap-up/complete", OWNER, "/api/v1/calls/{call}/wrap-up/complete"),
    Case("POST", "/api/v1/calls/{call_id}/hang-up", (401, 404, 404, 404, 404), "/api/v1/calls/unknown/hang-up"),
    Case("WEBSOCKET", "/phone/ws", (401, 101, 101, 101, 101)),
    Case("MOUNT", "/static/dist", EVERYBODY, path="/static/dist/known.txt"),
    Case("MOUNT", "/static/dist", (404, 404, 404, 404, 404), path="/static/dist/..%2f..%2fmain.py"),
)
