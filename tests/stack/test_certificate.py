import hashlib
import re
import ssl
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import expect
from rich.console import Console

from everline.settings import Settings
from everline.stack import Stack
from everline.stack.certificate import ensure_certificate, own_fingerprint, portal_certificate
from everline.stack.errors import StackError
from everline.stack.program import portal_address
from everline.stack.report import print_welcome
from tests.phones.browser import start_browser
from tests.support.stack import stack_settings, temporary_home

ELSEWHERE = "192.0.2.7"


def settings(home: Path, **changes: object) -> Settings:
    return Settings.model_validate({"home": home, **changes})


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_on_this_machine_alone_the_portal_needs_no_certificate(tmp_path: Path, host: str) -> None:
    ensure_certificate(settings(tmp_path, host=host))
    assert portal_certificate(settings(tmp_path, host=host)) is None
    assert list(tmp_path.iterdir()) == []


def test_the_fingerprint_of_its_own_certificate_is_told_to_be_compared(tmp_path: Path) -> None:
    here = settings(tmp_path, host=ELSEWHERE)
    ensure_certificate(here)
    files = portal_certificate(here)
    assert files is not None
    shown = hashlib.sha256(ssl.PEM_cert_to_DER_cert(files.certificate.read_text())).hexdigest()
    told = StringIO()
    print_welcome(Console(file=told, width=200), here, None, 1.0)
    assert ":".join(re.findall("..", shown)).upper() in told.getvalue()
    # Browsers know by themselves whether they trust somebody else's.
    given = settings(tmp_path, host=ELSEWHERE, certificate=files.certificate, key=files.key)
    assert own_fingerprint(given) is None
    assert own_fingerprint(settings(tmp_path)) is None


def test_for_other_machines_it_makes_one_and_keeps_it(tmp_path: Path) -> None:
    here = settings(tmp_path, host=ELSEWHERE)
    ensure_certificate(here)
    files = portal_certificate(here)
    assert files is not None
    first = files.certificate.read_bytes()
    assert files.key.stat().st_mode & 0o077 == 0
    ensure_certificate(here)
    assert files.certificate.read_bytes() == first
    assert portal_address(here).startswith(f"https://{ELSEWHERE}:")


@pytest.mark.parametrize("change", ["another name", "about to end", "rubbish", "no key"])
def test_it_makes_another_when_the_old_one_will_not_do(tmp_path: Path, change: str) -> None:
    here = settings(tmp_path, host=ELSEWHERE)
    ensure_certificate(here)
    files = portal_certificate(here)
    assert files is not None
    first, later = files.certificate.read_bytes(), None
    match change:
        case "another name":
            here = settings(tmp_path, host="192.0.2.8")
        case "about to end":
            later = datetime.now(UTC) + timedelta(days=380)
        case "rubbish":
            files.certificate.write_text("rubbish")
        case _:
            files.key.unlink()
    ensure_certificate(here, later)
    assert files.certificate.read_bytes() not in {first, b"rubbish"}
    assert files.key.is_file()


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StackError, match=r"no file .*mine\.crt"):
        ensure_certificate(settings(tmp_path, certificate=tmp_path / "mine.crt", key=tmp_path / "mine.key"))


async def test_a_browser_logs_in_and_speaks_to_the_portal_over_https(tmp_path: Path) -> None:
    made = settings(tmp_path, host=ELSEWHERE)
    ensure_certificate(made)
    files = portal_certificate(made)
    assert files is not None
    with temporary_home() as home:
        own = stack_settings(home, certificate=files.certificate, key=files.key)
        async with Stack(own, parts=["postgres", "temporal", "api"]) as stack, start_browser() as browser:
            address = portal_address(stack.settings)
            assert address.startswith("https://localhost:")
            # Whoever trusts this certificate needs no exception: it names this machine.
            trusting = ssl.create_default_context(cafile=str(files.certificate))
            async with aiohttp.ClientSession() as session, session.get(f"{address}/healthz", ssl=trusting) as answer:
                assert answer.status == 200
                assert "max-age" in answer.headers["Strict-Transport-Security"]
            context = await browser.new_context(ignore_https_errors=True)
            page = await context.new_page()
            await page.goto(f"{address}/login")
            await expect(page.get_by_test_id("login-submit")).to_be_visible()
            await page.get_by_test_id("login-name").fill("nobody")
            await page.get_by_test_id("login-password").fill("wrong")
            await page.get_by_test_id("login-submit").click()
            await expect(page.get_by_test_id("login-error")).to_be_visible()
            await context.close()
