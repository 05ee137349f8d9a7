"""Whatever is asked for in a path, a query or a header: an answer, and never an error of ours."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from yarl import URL

from tests.api.admin import office
from tests.api.floor import Floor

RUBBISH = (
    "",
    " ",
    "-1",
    "0",
    "1e9",
    str(10**30),
    "\x00",
    "\ud800",
    "\u202egnp.exe",
    "x" * 5_000,
    "../../etc/passwd",
    "00000000-0000-0000-0000-000000000000",
    "2026-02-30",
    "0001-01-01",
    "'; DROP TABLE users; --",
    "<script>alert(1)</script>",
)
HEADERS = ("Last-Event-ID", "Range", "If-None-Match", "Accept", "Cookie", "X-Forwarded-For")
_NO_END = "/api/v1/events"


def _written(value: str) -> str:
    return quote(value.encode(errors="surrogatepass"), safe="")


def _requests(path: str, operation: dict[str, Any]) -> Iterator[str]:
    """The path with each rubbish in all its parts, then in each part of its query."""
    places = [one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"]
    for value in RUBBISH:
        text, filled = _written(value), path
        for name in [part.strip("{}") for part in path.split("/") if part.startswith("{")]:
            filled = filled.replace(f"{{{name}}}", text)
        if filled != path:
            yield filled
            continue
        yield from (f"{path}?{name}={text}" for name in (*places, "nobody-knows-it"))
        yield from (f"{path}?{name}={text}&{name}=1" for name in places)


async def test_whatever_is_read_with_rubbish_is_answered(floor: Floor, address: str, app: FastAPI) -> None:
    reads = {path: methods["get"] for path, methods in app.openapi()["paths"].items() if "get" in methods}
    assert len(reads) > 20
    async with office(floor, address) as boss:
        for path, operation in reads.items():
            if path == _NO_END:
                continue
            for asked in _requests(path, operation):
                answer = await boss.browser.get(URL(asked, encoded=True))
                assert answer.status < 500, (asked, answer.text[:300])


@pytest.mark.parametrize("header", HEADERS)
async def test_headers_of_rubbish_are_answered(floor: Floor, address: str, header: str) -> None:
    async with office(floor, address) as boss:
        for value in ("", "-1", "x" * 2_000, "bytes=9-1", "bytes=-", "\xff\xfe", ";;;=,", "a=b; c"):
            answer = await boss.browser.get("/api/v1/desk", headers={header: value})
            assert answer.status < 500, (value, answer.text[:300])
