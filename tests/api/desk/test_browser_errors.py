from typing import Any
from uuid import UUID

import pytest
import structlog

from api.desk import browser_errors
from api.portal import ERROR_REPORTS
from api.web.allowance import Allowance
from tests.api.browser import Browser
from tests.api.floor import Floor

_PLACE = "/static/dist/shell-0A1B2C3D.js:1:2345"
_REPORT = {
    "name": "SyntaxError",
    "message": 'No row for +49 30 901820: "Zoë Müller" is not valid JSON',
    "places": [_PLACE],
    "page": "/calls",
}


async def _report(browser: Browser, **changed: Any) -> int:
    return (await browser.ask("POST", "/api/v1/browser-errors", json=_REPORT | changed)).status


async def test_an_error_of_the_page_is_logged_without_what_it_was_about(
    floor: Floor, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = await floor.add_user()
    # capture_logs cannot reach loggers that have been used before.
    monkeypatch.setattr(browser_errors, "log", structlog.get_logger("tests"))
    with structlog.testing.capture_logs() as logs:
        async with Browser(address, await floor.token(user)) as browser:
            assert await _report(browser) == 200
    (entry,) = [entry for entry in logs if entry["event"] == "error in a page"]
    assert (entry["error"], entry["places"], entry["page"]) == ("SyntaxError", [_PLACE], "/calls")
    assert entry["user_id"] == str(user.user_id)
    assert entry["message"] == "No row for … : …"
    assert not any(part in str(entry) for part in ("901820", "Zoë", "Müller"))


async def test_only_places_in_our_scripts_and_paths_are_taken(floor: Floor, address: str) -> None:
    user = await floor.add_user()
    async with Browser(address, await floor.token(user)) as browser:
        assert await _report(browser, places=["at Zoë Müller"]) == 422
        assert await _report(browser, places=[_PLACE] * 21) == 422
        assert await _report(browser, page="/calls?number=030901820") == 422
        assert await _report(browser, message="x" * 501) == 422


async def test_more_reports_than_anybody_needs_are_refused(floor: Floor, address: str) -> None:
    user, other = await floor.add_user(), await floor.add_user()
    async with Browser(address, await floor.token(user)) as browser:
        assert [await _report(browser) for _ in range(ERROR_REPORTS + 1)] == [200] * ERROR_REPORTS + [429]
    async with Browser(address, await floor.token(other)) as browser:
        assert await _report(browser) == 200


def test_an_allowance_comes_back_with_time() -> None:
    now = 0.0
    allowance = Allowance(2, 60, lambda: now)
    user = UUID(int=1)
    assert [allowance.take(user) for _ in range(3)] == [True, True, False]
    now = 59.9
    assert not allowance.take(user)
    now = 60.0
    assert [allowance.take(user) for _ in range(3)] == [True, True, False]
