"""What the page is compiled against is what the API says of itself."""

import json
import subprocess
import sys
from pathlib import Path

from fastapi import FastAPI

from domain.events.notice import DeskPart

_ROOT = Path(__file__).parents[3]


def test_no_two_schemas_have_one_name(app: FastAPI) -> None:
    # FastAPI then puts the module's name before, and -Input or -Output behind what is sent and answered alike.
    schemas = app.openapi()["components"]["schemas"]
    assert [name for name in schemas if "__" in name or "-" in name] == []


def test_the_page_s_types_and_limits_are_those_of_the_description() -> None:
    with_npm = f"venv={_ROOT}/.venv; . scripts/lib/web.sh; npm_in_web run contract -- --check"
    done = subprocess.run(["sh", "-c", with_npm], cwd=_ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_description_can_be_written_without_anything_running(app: FastAPI) -> None:
    written = subprocess.run([sys.executable, "-m", "api.openapi"], cwd=_ROOT, capture_output=True, check=True)
    assert json.loads(written.stdout) == app.openapi()


def test_each_event_of_the_live_line_is_described_by_its_name(app: FastAPI) -> None:
    live = app.openapi()["components"]["schemas"]["LiveEvent"]
    assert set(DeskPart) <= live["discriminator"]["mapping"].keys()


def test_what_has_a_default_is_always_answered(app: FastAPI) -> None:
    schemas = app.openapi()["components"]["schemas"]
    assert {"refused", "refused_at", "microphone"} <= set(schemas["PhoneOut"]["required"])
