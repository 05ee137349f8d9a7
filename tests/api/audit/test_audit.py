"""The audit has readers: by API and by command, page by page."""

import pytest
import structlog
import structlog.testing
from sqlalchemy import select

from api.config import ApiConfig
from api.web import origins
from db.audit import audit
from db.core.clock import now
from db.models import AuditEntry
from everline import terminal
from tests.api.admin import office
from tests.api.browser import Browser
from tests.api.floor import Floor


async def test_an_administrator_reads_page_by_page_who_did_what_from_where(floor: Floor, address: str) -> None:
    async with office(floor, address) as administration:
        for number in range(5):
            await administration.done("POST", "/pause-reasons", {"name": f"Audit {administration.user.name} {number}"})
        mine = f"/audit?user_id={administration.user.user_id}&action=pause"
        seen, page = [], await administration.done("GET", f"{mine}&limit=2")
        while True:
            seen += page["items"]
            if page["next"] is None:
                break
            page = await administration.done("GET", f"{mine}&limit=2&before={page['next']}")
        for reason in (await administration.done("GET", "/pause-reasons"))["items"]:
            # A reason that stays would be the only one that other tests' agents can pause for.
            await administration.done("DELETE", f"/pause-reasons/{reason['id']}")
        assert [entry["facts"]["name"][-1] for entry in seen] == ["4", "3", "2", "1", "0"]
        assert {entry["origin"] for entry in seen} == {"127.0.0.1"}
        assert {entry["user"] for entry in seen} == {administration.user.name}
        assert (await administration.refused("GET", "/audit?before=x"))[0] == 400
        assert (await administration.refused("GET", "/audit?before=" + "9" * 30))[0] == 400


async def test_who_listens_to_a_voicemail_is_written_down_once_a_listening(
    floor: Floor, address: str, config: ApiConfig
) -> None:
    user = await floor.add_user()
    voicemail = await floor.add_voicemail(await floor.add_queue(user), config.recordings)
    async with Browser(address, await floor.token(user)) as browser:
        for part in ("bytes=0-", "bytes=100-200", "bytes=500-"):
            await browser.get(f"/api/v1/voicemails/{voicemail}/audio", headers={"Range": part})
    async with floor.database.read() as session:
        found = await session.execute(
            select(AuditEntry.user_id).where(
                AuditEntry.action == "voicemail.played", AuditEntry.subject == str(voicemail)
            )
        )
    assert [row.user_id for row in found] == [user.user_id]


async def test_what_a_command_changes_names_the_account_of_the_machine(floor: Floor) -> None:
    origin = audit.ORIGIN.set(terminal.account())
    try:
        async with floor.database.write() as session:
            await audit.note(session, None, "test.changed", "something", {}, now())
    finally:
        audit.ORIGIN.reset(origin)
    async with floor.database.read() as session:
        (entry,) = await audit.listing(session, audit.Wanted("test.changed"), 1)
    assert entry.origin is not None
    assert entry.origin.startswith("account ")


async def test_refusals_are_logged_with_who_where_and_why_but_do_not_fill_the_log(
    floor: Floor, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = await floor.add_user()
    # capture_logs cannot reach loggers that have been used before.
    monkeypatch.setattr(origins, "log", structlog.get_logger("tests"))
    monkeypatch.setattr(origins, "_budget", origins.Budget())
    with structlog.testing.capture_logs() as logs:
        async with Browser(address, await floor.token(user)) as browser:
            await browser.get("/api/v1/admin/users")
        async with Browser(address, origin="https://evil.example") as browser:
            await browser.ask("PUT", "/api/v1/agent/state", json={"state": "idle"})
        async with Browser(address) as browser:
            for _ in range(60):
                await browser.ask("PUT", "/api/v1/agent/state", json={"state": "idle"})
    told = [entry for entry in logs if entry["event"] == "request refused"]
    assert len(told) == 20
    forbidden, foreign, stranger = told[:3]
    assert (forbidden["status"], forbidden["user_id"]) == (403, str(user.user_id))
    assert (forbidden["path"], forbidden["address"]) == ("/api/v1/admin/users", "127.0.0.1")
    assert forbidden["reason"] == "Your role does not allow this. Ask an administrator."
    assert (foreign["status"], foreign["origin"]) == (403, "https://evil.example")
    assert (stranger["status"], stranger["method"], stranger["user_id"]) == (401, "PUT", None)
