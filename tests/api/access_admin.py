"""Who gets what from the routes of administration: a part of the table in access.py."""

from tests.api.case import Case

ADMIN = (401, 403, 403, 200, 403)
# What the path names is not there, which only an administrator learns.
ADMIN_404 = (401, 403, 403, 404, 403)

NOT_VALID = (401, 403, 403, 422, 403)

ADMIN_CASES = (
    Case("GET", "/api/v1/admin/queues", ADMIN),
    Case("POST", "/api/v1/admin/queues", NOT_VALID, body={"name": ""}),
    Case("GET", "/api/v1/admin/queues/{queue_id}", ADMIN, "/api/v1/admin/queues/{queue}"),
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
        "DELETE", "/api/v1/admin/queues/{queue_id}/exits/{occasion}", ADMIN, "/api/v1/admin/queues/{queue}/exits/full"
    ),
    Case(
        "PUT",
        "/api/v1/admin/queues/{queue_id}/members/{user_id}",
        ADMIN_404,
        "/api/v1/admin/queues/{queue}/members/00000000-0000-0000-0000-000000000000",
        body={},
    ),
    Case(
        "DELETE",
        "/api/v1/admin/queues/{queue_id}/members/{user_id}",
        ADMIN_404,
        "/api/v1/admin/queues/{queue}/members/00000000-0000-0000-0000-000000000000",
    ),
    Case(
        "PUT",
        "/api/v1/admin/queues/{queue_id}/skills/{skill_id}",
        ADMIN_404,
        "/api/v1/admin/queues/{queue}/skills/00000000-0000-0000-0000-000000000000",
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
        "/api/v1/admin/pause-reasons/00000000-0000-0000-0000-000000000000",
    ),
    Case(
        "DELETE",
        "/api/v1/admin/wrap-up-codes/{code_id}",
        ADMIN_404,
        "/api/v1/admin/wrap-up-codes/00000000-0000-0000-0000-000000000000",
    ),
    Case(
        "PUT",
        "/api/v1/admin/agents/{user_id}/skills/{skill_id}",
        ADMIN_404,
        "/api/v1/admin/agents/00000000-0000-0000-0000-000000000000/skills/00000000-0000-0000-0000-000000000000",
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
        "/api/v1/admin/schedules/00000000-0000-0000-0000-000000000000",
        body={"name": "Office", "time_zone": "UTC"},
    ),
    Case(
        "PUT",
        "/api/v1/admin/menus/{menu_id}",
        ADMIN_404,
        "/api/v1/admin/menus/00000000-0000-0000-0000-000000000000",
        body={"name": "Front", "prompt": ["hello"], "options": {"1": "00000000-0000-0000-0000-000000000000"}},
    ),
    Case("DELETE", "/api/v1/admin/numbers/{number}", ADMIN_404, "/api/v1/admin/numbers/nowhere"),
)
