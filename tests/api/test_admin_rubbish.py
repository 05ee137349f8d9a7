"""Every field of every change that administrators can make gets rubbish: never an error of ours, always a sentence."""

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import delete

from db.models import DestinationRule, DialLimit, PauseReason, Trunk, WrapUpCode
from tests.api.admin import ADMIN, Office, office
from tests.api.browser import Answer
from tests.api.floor import Floor

LONGEST_ANSWER = 8000
RUBBISH: tuple[Any, ...] = (
    None,
    True,
    -1,
    1.5,
    10**30,
    "",
    " ",
    "\x00",
    "\ud800",
    "\u202egnp.exe",
    "x" * 1_000_000,
    "<script>alert(1)</script>",
    "'; DROP TABLE users; --",
    '=HYPERLINK("http://192.0.2.1")',
    "../../etc/passwd",
    "00000000-0000-0000-0000-000000000000",
    [],
    {},
    [None],
    {"x" * 100_000: {"\x00": 1}},
)
BODIES: Mapping[str, Mapping[str, Any]] = {
    "POST /users": {
        "name": "Rubbish", "role": "agent", "kind": "sip", "agent_id": "80001", "password": "good enough",
        "extension": "80001", "sip_secret": "is good enough",
    },
    "PATCH /users/{user_id}": {"name": "Rubbish too", "agent_id": "80002", "role": "agent"},
    "PUT /users/{user_id}/phone": {"number": "80003", "kind": "sip", "sip_secret": "is good enough"},
    "POST /users/{user_id}/password": {"password": "good enough"},
    "POST /queues": {"name": "Rubbish desk"},
    "PATCH /queues/{queue_id}": {"name": "Rubbish desk", "strategy": "linear"},
    "PUT /queues/{queue_id}/exits/{occasion}": {"action": "hang_up", "target_queue_id": None, "message": "hello"},
    "PUT /queues/{queue_id}/members/{user_id}": {"penalty": 0, "position": 0},
    "PUT /queues/{queue_id}/skills/{skill_id}": {"level": 3},
    "PUT /agents/{user_id}/skills/{skill_id}": {"level": 3},
    "POST /skills": {"name": "Rubbish"},
    "PUT /skills/{skill_id}": {"name": "Rubbish"},
    "POST /pause-reasons": {"name": "Rubbish"},
    "POST /wrap-up-codes": {"name": "Rubbish", "key": "1", "queue_id": None},
    "POST /schedules": {"name": "Rubbish", "time_zone": "UTC", "week": [], "holidays": []},
    "PUT /schedules/{schedule_id}": {"name": "Rubbish", "time_zone": "UTC", "week": [], "holidays": []},
    "POST /menus": {
        "name": "Rubbish", "prompt": ["hello"], "options": {"1": "QUEUE"}, "repeats": 1, "patience_seconds": 1,
        "otherwise_queue_id": None,
    },
    "PUT /menus/{menu_id}": {
        "name": "Rubbish", "prompt": ["hello"], "options": {"1": "QUEUE"}, "repeats": 1, "patience_seconds": 1,
        "otherwise_queue_id": None,
    },
    "POST /numbers": {"number": "80004", "queue_id": "QUEUE", "menu_id": None, "priority": 50},
    "POST /destinations": {"prefix": "+44", "allowed": True, "name": "Rubbish"},
    "POST /trunks": {"name": "rubbish-1", "host": "192.0.2.9", "prefixes": ["+44"], "position": 3, "trusted": True},
    "PATCH /trunks/{name}": {"host": "192.0.2.9", "prefixes": ["+44"], "shown": "+12025550147", "codecs": "alaw"},
    "PUT /dial-limits": {"a_minute": 12, "at_once": 3},
    "PUT /users/{user_id}/dial-limits": {"a_minute": 12, "at_once": 3},
    "PUT /numbers/{number}": {"queue_id": "QUEUE", "menu_id": None, "priority": 50},
}  # fmt: skip


@dataclass(frozen=True)
class Things:
    """What the paths name, by the names of their variables."""

    named: Mapping[str, str]

    def path(self, template: str) -> str:
        for name, value in self.named.items():
            template = template.replace(f"{{{name}}}", value)
        assert "{" not in template
        return template

    def body(self, template: Mapping[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(json.dumps(template).replace("QUEUE", self.named["queue_id"]))
        return found


async def things(boss: Office) -> Things:
    """One of everything, that rubbish may do no harm to."""
    user, queue = await boss.floor.add_user(), await boss.floor.add_queue()
    menu = {"name": f"Menu {queue.name}", "prompt": ["hello"], "options": {"1": str(queue.queue_id)}}
    number = f"8{user.agent_id}{queue.name.split()[-1]}"
    await boss.done("POST", "/numbers", {"number": number, "queue_id": str(queue.queue_id)})
    trunk = f"line-{user.agent_id}"
    await boss.done("POST", "/trunks", {"name": trunk, "host": "192.0.2.9"})
    return Things(
        {
            "name": trunk,
            "user_id": str(user.user_id),
            "queue_id": str(queue.queue_id),
            "skill_id": (await boss.done("POST", "/skills", {"name": f"Skill {queue.name}"}))["id"],
            "schedule_id": (await boss.done("POST", "/schedules", {"name": f"Hours {queue.name}", "time_zone": "UTC"}))[
                "id"
            ],
            "menu_id": (await boss.done("POST", "/menus", menu))["id"],
            "number": number,
            "occasion": "full",
        }
    )


@pytest.fixture(autouse=True)
async def lists_as_they_were(floor: Floor) -> AsyncIterator[None]:
    """What rubbish adds to the lists that all agents share would be in the way of other tests."""
    yield
    async with floor.database.write() as session:
        await session.execute(delete(PauseReason))
        await session.execute(delete(WrapUpCode))
        await session.execute(delete(DestinationRule))
        await session.execute(delete(DialLimit))
        await session.execute(delete(Trunk))


def test_every_change_that_has_a_body_gets_rubbish(app: FastAPI) -> None:
    paths = app.openapi()["paths"]
    changes = {
        f"{method.upper()} {path.removeprefix(ADMIN)}": operation["requestBody"]["content"]["application/json"]
        for path, methods in paths.items()
        for method, operation in methods.items()
        if path.startswith(ADMIN) and "requestBody" in operation
    }
    assert changes.keys() == BODIES.keys()


def check(answer: Answer, about: object) -> None:
    assert answer.status < 500, (about, answer.text)
    assert len(answer.body) < LONGEST_ANSWER, about
    if answer.status >= 400:
        assert answer.headers["Content-Type"] == "application/problem+json", about
        detail = answer.json["detail"]
        assert detail == detail.strip(), about
        assert detail.endswith("."), (about, detail)


@pytest.mark.parametrize("change", BODIES)
async def test_rubbish_in_a_field_is_refused_or_kept_as_plain_text(floor: Floor, address: str, change: str) -> None:
    method, template = change.split()
    async with office(floor, address) as boss:
        known = await things(boss)
        good = known.body(BODIES[change])
        for field in good:
            for rubbish in RUBBISH:
                answer = await boss.ask(method, known.path(template), {**good, field: rubbish})
                check(answer, (field, str(rubbish)[:40]))


@pytest.mark.parametrize("change", BODIES)
async def test_a_body_that_is_rubbish_as_a_whole_is_refused(floor: Floor, address: str, change: str) -> None:
    method, template = change.split()
    async with office(floor, address) as boss:
        known = await things(boss)
        for body in (b"", b"{", b"null", b"[]", b"1e999", b"\xff\xfe", b'{"%s": 1}' % (b"x" * 1_000_000)):
            headers = {"Content-Type": "application/json"}
            path = ADMIN + known.path(template)
            answer = await boss.browser.ask(method, path, data=body, headers=headers)
            assert answer.status in {400, 413, 422}, (body[:20], answer.text)
            check(answer, body[:20])


@pytest.mark.parametrize("rubbish", ["0", "x" * 5000, "%00", "..%2f..%2fetc", "%F0%9F%98%80", "'%20OR%201=1"])
@pytest.mark.parametrize(
    "template",
    [
        "/users/{}",
        "/queues/{}",
        "/skills/{}",
        "/schedules/{}",
        "/menus/{}",
        "/numbers/{}",
        "/pause-reasons/{}",
        "/destinations/{}",
        "/trunks/{}",
    ],
)
async def test_a_path_that_names_rubbish_finds_nothing(floor: Floor, address: str, template: str, rubbish: str) -> None:
    async with office(floor, address) as boss:
        answer = await boss.ask("DELETE", template.format(rubbish))
        assert answer.status in {404, 405, 422}, answer.text
        assert len(answer.body) < LONGEST_ANSWER
