"""Pages: templates with the addresses of built assets."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse

ASSETS = "/static/dist"


class Assets:
    """Finds the hashed address of a built file, as the build's manifest tells it."""

    def __init__(self, folder: Path) -> None:
        self._manifest = folder / "manifest.json"
        self._read_at = 0
        self._addresses: dict[str, str] = {}

    def address(self, name: str) -> str:
        """The address of `name`; its plain one when the portal has not been built."""
        try:
            changed_at = self._manifest.stat().st_mtime_ns
        except FileNotFoundError:
            return f"{ASSETS}/{name}"
        # The build may run again while we do.
        if changed_at != self._read_at:
            self._addresses = json.loads(self._manifest.read_text())
            self._read_at = changed_at
        return self._addresses.get(name, f"{ASSETS}/{name}")


def environment(templates: Path, assets: Assets) -> Environment:
    """Templates in which everything is escaped and nothing undefined goes unnoticed."""
    made = Environment(
        loader=FileSystemLoader(templates),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["asset"] = assets.address
    return made


def render(
    connection: HTTPConnection,
    template: str,
    context: Mapping[str, Any],
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """A page."""
    templates: Environment = connection.app.state.portal.templates
    return HTMLResponse(templates.get_template(template).render(context), status, headers)
