"""Who gets what from the routes of administration: a part of the table in access.py."""

from uuid import UUID

from tests.api.access.case import Case

ADMIN = (401, 403, 403, 200, 403)
SUPERVISORS = (401, 403, 200, 200, 403)
# The queue of the table has a call in line.
ADMIN_409 = (401, 403, 403, 409, 403)
# What the path names is not there, which only an administrator learns.
ADMIN_404 = (401, 403, 403, 404, 403)

NOBODY = UUID(int=0)
NOT_VALID = (401, 403, 403, 422, 403)

ADMIN_CASES = (
    Case("GET", "/api/v1/admin/queues", SUPERVISORS),
    Case("POST", "/api/v1/admin/queues", NOT_VALID, body={"name": ""}),
    Case("GET", "/api/v1/admin/queues/{queue_id}", SUPERVISORS, "/api/v1/admin/queues/{queue}"),
    Case(
        "PATCH", "/api/v1/admin/queues/{queue_id}", ADMIN, "/api/v1/admin/queues/{queue}", body={"strategy": "ring_all"}
    ),
    Case(
        "PUT",
        "/api/v1/admin/queues/{queue_id}/exits/{occasion}",
        ADMIN,
        "/api/v1/admin/queues/{queue}/exits/full",
        body={"action": "voicemail"},
    ),
    Case(
        "DELETE",
        "/api/v1/admin/queues/{queue_id}/exits/{occasion}",
        ADMIN_404,
        "/api/v1/admin/queues/{queue}/exits/full",
    ),
    Case(
        "PUT",
        "/api/v1/admin/queues/{queue_id}/members/{user_id}",
        ADMIN_404,
        f"/api/v1/admin/queues/{{queue}}/members/{NOBODY}",
        body={},
    ),
    Case(
        "DELETE",
        "/api/v1/admin/queues/{queue_id}/members/{user_id}",
        ADMIN_404,
        f"/api/v1/admin/queues/{{queue}}/members/{NOBODY}",
    ),
    Case(
        "PUT",
        "/api/v1/admin/queues/{queue_id}/skills/{skill_id}",
        ADMIN_404,
        f"/api/v1/admin/queues/{{queue}}/skills/{NOBODY}",
        body={"level": 3},
    ),
    Case("GET", "/api/v1/admin/pause-reasons", ADMIN),
    Case("POST", "/api/v1/admin/pause-reasons", NOT_VALID, body={"name": ""}),
    Case("GET", "/api/v1/admin/wrap-up-codes", ADMIN),
    Case("POST", "/api/v1/admin/wrap-up-codes", NOT_VALID, body={"name": ""}),
    Case("GET", "/api/v1/admin/skills", ADMIN),
    Case("POST", "/api/v1/admin/skills", NOT_VALID, body={"name": ""}),
    Case(
        "DELETE",
        "/api/v1/admin/pause-reasons/{reason_id}",
        ADMIN_404,
        f"/api/v1/admin/pause-reasons/{NOBODY}",
    ),
    Case(
        "DELETE",
        "/api/v1/admin/wrap-up-codes/{code_id}",
        ADMIN_404,
        f"/api/v1/admin/wrap-up-codes/{NOBODY}",
    ),
    Case(
        "PUT",
        "/api/v1/admin/agents/{user_id}/skills/{skill_id}",
        ADMIN_404,
        f"/api/v1/admin/agents/{NOBODY}/skills/{NOBODY}",
        body={"level": 3},
    ),
    Case("GET", "/api/v1/admin/schedules", ADMIN),
    Case("POST", "/api/v1/admin/schedules", NOT_VALID, body={}),
    Case("GET", "/api/v1/admin/menus", ADMIN),
    Case("POST", "/api/v1/admin/menus", NOT_VALID, body={}),
    Case("GET", "/api/v1/admin/numbers", ADMIN),
    Case("POST", "/api/v1/admin/numbers", NOT_VALID, body={}),
    Case(
        "PUT",
        "/api/v1/admin/schedules/{schedule_id}",
        ADMIN_404,
        f"/api/v1/admin/schedules/{NOBODY}",
        body={"name": "Office", "time_zone": "UTC"},
    ),
    Case(
        "PUT",
        "/api/v1/admin/menus/{menu_id}",
        ADMIN_404,
        f"/api/v1/admin/menus/{NOBODY}",
        body={"name": "Front", "prompt": ["hello"], "options": {"1": str(NOBODY)}},
    ),
    Case("DELETE", "/api/v1/admin/numbers/{number}", ADMIN_404, "/api/v1/admin/numbers/999999999"),
    Case("DELETE", "/api/v1/admin/queues/{queue_id}", ADMIN_409, "/api/v1/admin/queues/{queue}"),
    Case(
        "PUT", "/api/v1/admin/skills/{skill_id}", ADMIN_404, f"/api/v1/admin/skills/{NOBODY}", body={"name": "French"}
    ),
    Case("DELETE", "/api/v1/admin/skills/{skill_id}", ADMIN_404, f"/api/v1/admin/skills/{NOBODY}"),
    Case("DELETE", "/api/v1/admin/schedules/{schedule_id}", ADMIN_404, f"/api/v1/admin/schedules/{NOBODY}"),
    Case("DELETE", "/api/v1/admin/menus/{menu_id}", ADMIN_404, f"/api/v1/admin/menus/{NOBODY}"),
    Case(
        "PUT",
        "/api/v1/admin/numbers/{number}",
        ADMIN_404,
        "/api/v1/admin/numbers/999999999",
        body={"queue_id": str(NOBODY)},
    ),
    Case("GET", "/api/v1/admin/users", ADMIN),
    Case("POST", "/api/v1/admin/users", NOT_VALID, body={"name": ""}),
    Case("GET", "/api/v1/admin/users/{user_id}", ADMIN_404, f"/api/v1/admin/users/{NOBODY}"),
    Case("PATCH", "/api/v1/admin/users/{user_id}", ADMIN_404, f"/api/v1/admin/users/{NOBODY}", body={"role": "agent"}),
    Case("DELETE", "/api/v1/admin/users/{user_id}", ADMIN_404, f"/api/v1/admin/users/{NOBODY}"),
    Case("PUT", "/api/v1/admin/users/{user_id}/phone", ADMIN_404, f"/api/v1/admin/users/{NOBODY}/phone", body={}),
    Case(
        "POST", "/api/v1/admin/users/{user_id}/password", ADMIN_404, f"/api/v1/admin/users/{NOBODY}/password", body={}
    ),
    Case(
        "DELETE",
        "/api/v1/admin/users/{user_id}/failed-logins",
        ADMIN_404,
        f"/api/v1/admin/users/{NOBODY}/failed-logins",
    ),
    Case("GET", "/api/v1/admin/audit", ADMIN),
    Case("POST", "/api/v1/admin/users/{user_id}/sip-secret", ADMIN_404, f"/api/v1/admin/users/{NOBODY}/sip-secret"),
    Case("GET", "/api/v1/admin/destinations", ADMIN),
    Case("POST", "/api/v1/admin/destinations", NOT_VALID, body={"prefix": "44"}),
    Case("DELETE", "/api/v1/admin/destinations/{destination_id}", ADMIN_404, f"/api/v1/admin/destinations/{NOBODY}"),
    Case("GET", "/api/v1/admin/destinations/check", ADMIN, "/api/v1/admin/destinations/check?number=911"),
    Case("GET", "/api/v1/admin/trunks", ADMIN),
    Case("POST", "/api/v1/admin/trunks", NOT_VALID, body={"name": "line-9", "host": "127.0.0.1"}),
    Case("GET", "/api/v1/admin/trunks/{name}", ADMIN_404, "/api/v1/admin/trunks/nothing"),
    Case("PATCH", "/api/v1/admin/trunks/{name}", ADMIN_404, "/api/v1/admin/trunks/nothing", body={"position": 1}),
    Case("DELETE", "/api/v1/admin/trunks/{name}", ADMIN_404, "/api/v1/admin/trunks/nothing"),
    Case("GET", "/api/v1/admin/dial-limits", ADMIN),
    Case("PUT", "/api/v1/admin/dial-limits", NOT_VALID, body={"a_minute": -1}),
    Case("GET", "/api/v1/admin/users/{user_id}/dial-limits", ADMIN_404, f"/api/v1/admin/users/{NOBODY}/dial-limits"),
    Case(
        "PUT",
        "/api/v1/admin/users/{user_id}/dial-limits",
        ADMIN_404,
        f"/api/v1/admin/users/{NOBODY}/dial-limits",
        body={},
    ),
    Case("GET", "/api/v1/admin/sip-bans", ADMIN),
    Case("DELETE", "/api/v1/admin/sip-bans/{address}", ADMIN_404, "/api/v1/admin/sip-bans/192.0.2.44"),
)
