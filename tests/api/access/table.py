"""Who gets what from every route: the one table that test_access.py holds the application against."""

from tests.api.access.case import Case
from tests.api.access.table_of_administration import ADMIN_CASES

EVERYBODY = (200, 200, 200, 200, 200)
LOGGED_IN = (401, 200, 200, 200, 200)
SEEN = {"seen": "connected.1.0"}
# The call of the table has no workflow, so its agent reads that it is over; to the others it does not exist.
OWNER = (401, 409, 404, 404, 404)
# Only who serves a queue can be paused for it; an agent sees the own queues, a supervisor all.
MEMBER = (401, 200, 404, 404, 404)
OF_QUEUE = (401, 200, 200, 200, 404)
# A browser that asks for data is not led to the log-in page.
ANY_STATE = {"state": "paused", "reason": "Break"}

CASES = (
    Case("GET", "/healthz", EVERYBODY),
    Case("GET", "/login", (200, 303, 303, 303, 303)),
    Case("POST", "/login", (401, 401, 401, 401, 401), form={"name": "nobody", "password": "wrong"}),
    Case("POST", "/logout", (303, 303, 303, 303, 303)),
    Case(
        "PUT",
        "/api/v1/account/password",
        (401, 403, 403, 403, 403),
        body={"current": "not the password", "new": "correct horse battery"},
    ),
    Case("GET", "/password", (401, 303, 303, 303, 303)),
    Case("POST", "/password", (401, 422, 422, 422, 422), form={"current": "x", "new": "y", "again": "z"}),
    Case("GET", "/", LOGGED_IN),
    Case("GET", "/calls", LOGGED_IN),
    Case("GET", "/voicemails", LOGGED_IN),
    Case("GET", "/users", LOGGED_IN),
    Case("GET", "/api/v1/openapi.json", LOGGED_IN),
    Case("GET", "/api/v1/desk", LOGGED_IN),
    Case("GET", "/api/v1/events", LOGGED_IN),
    Case("GET", "/api/v1/phone", LOGGED_IN),
    Case(
        "POST",
        "/api/v1/browser-errors",
        LOGGED_IN,
        body={"name": "TypeError", "message": "x is undefined", "places": [], "page": "/"},
    ),
    Case("PUT", "/api/v1/agent/state", LOGGED_IN, body=ANY_STATE),
    Case("PUT", "/api/v1/agent/microphone", LOGGED_IN, body={"usable": True}),
    Case("GET", "/api/v1/calls", LOGGED_IN),
    # Nobody of the table has a phone that is there.
    Case("POST", "/api/v1/calls", (401, 409, 409, 409, 409), body={"number": "+12025550147"}),
    Case("GET", "/api/v1/calls", (401, 403, 200, 200, 403), path="/api/v1/calls?mine=0"),
    Case("POST", "/api/v1/calls/{call_id}/decline", OWNER, "/api/v1/calls/{call}/decline", body=SEEN),
    Case("POST", "/api/v1/calls/{call_id}/hang-up", OWNER, "/api/v1/calls/{call}/hang-up", body=SEEN),
    Case("POST", "/api/v1/calls/{call_id}/mute", OWNER, "/api/v1/calls/{call}/mute", body={**SEEN, "muted": True}),
    Case("POST", "/api/v1/calls/{call_id}/hold", OWNER, "/api/v1/calls/{call}/hold", body={**SEEN, "held": True}),
    Case(
        "POST",
        "/api/v1/calls/{call_id}/reach",
        OWNER,
        "/api/v1/calls/{call}/reach",
        body={**SEEN, "purpose": "consult", "number": "+12025550147"},
    ),
    Case("POST", "/api/v1/calls/{call_id}/rejoin", OWNER, "/api/v1/calls/{call}/rejoin", body=SEEN),
    Case("POST", "/api/v1/calls/{call_id}/cancel", OWNER, "/api/v1/calls/{call}/cancel", body=SEEN),
    Case("POST", "/api/v1/calls/{call_id}/hand-over", OWNER, "/api/v1/calls/{call}/hand-over", body=SEEN),
    Case("POST", "/api/v1/calls/{call_id}/conference", OWNER, "/api/v1/calls/{call}/conference", body=SEEN),
    Case("POST", "/api/v1/calls/{call_id}/keys", OWNER, "/api/v1/calls/{call}/keys", body={**SEEN, "digits": "1"}),
    Case(
        "POST",
        "/api/v1/calls/{call_id}/recording",
        OWNER,
        "/api/v1/calls/{call}/recording",
        body={**SEEN, "paused": True},
    ),
    Case("GET", "/api/v1/colleagues", LOGGED_IN),
    Case(
        "POST",
        "/api/v1/calls/{call_id}/quality",
        (401, 200, 404, 404, 404),
        "/api/v1/calls/{call}/quality",
        body={"jitter_ms": 4.2, "loss": 0.0, "samples": 3},
    ),
    Case("POST", "/api/v1/calls/{call_id}/wrap-up/complete", OWNER, "/api/v1/calls/{call}/wrap-up/complete", body=SEEN),
    # The agent has it still.
    Case(
        "PUT",
        "/api/v1/calls/{call_id}/own-part",
        (401, 404, 404, 404, 404),
        "/api/v1/calls/{call}/own-part",
        body={"code": "Solved"},
    ),
    Case("POST", "/api/v1/calls/{call_id}/hang-up", (401, 404, 404, 404, 404), "/api/v1/calls/unknown/hang-up", SEEN),
    Case("WEBSOCKET", "/phone/ws", (401, 101, 101, 101, 101)),
    Case("MOUNT", "/static/dist", EVERYBODY, path="/static/dist/known.txt"),
    Case("MOUNT", "/static/dist", (404, 404, 404, 404, 404), path="/static/dist/..%2f..%2fmain.py"),
    Case("GET", "/api/v1/agent/changes", LOGGED_IN),
    Case("GET", "/api/v1/agent/rate", LOGGED_IN),
    Case(
        "PUT",
        "/api/v1/agent/queues/{queue_id}/pause",
        MEMBER,
        "/api/v1/agent/queues/{queue}/pause",
        body={"reason": "Break"},
    ),
    Case("DELETE", "/api/v1/agent/queues/{queue_id}/pause", MEMBER, "/api/v1/agent/queues/{queue}/pause"),
    Case(
        "POST",
        "/api/v1/calls/{call_id}/wrap-up/extend",
        OWNER,
        "/api/v1/calls/{call}/wrap-up/extend",
        body={**SEEN, "seconds": 30},
    ),
    Case("GET", "/api/v1/agents", (401, 403, 200, 200, 403)),
    Case("GET", "/api/v1/callbacks", LOGGED_IN),
    Case(
        "POST",
        "/api/v1/queues/{queue_id}/waiting/{call_id}/move",
        OF_QUEUE,
        "/api/v1/queues/{queue}/waiting/{waiting}/move",
        body={"to": "top"},
    ),
    Case("GET", "/api/v1/voicemails", LOGGED_IN),
    Case("GET", "/api/v1/voicemails/{voicemail_id}/audio", OF_QUEUE, "/api/v1/voicemails/{voicemail}/audio"),
    Case("POST", "/api/v1/voicemails/{voicemail_id}/heard", OF_QUEUE, "/api/v1/voicemails/{voicemail}/heard"),
    *ADMIN_CASES,
)
