"""Built assets."""

import os
import re
from pathlib import Path

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response
from starlette.staticfiles import NotModifiedResponse, PathLike, StaticFiles
from starlette.types import Scope

_HASHED = re.compile(r"-[0-9A-Z]{8}\.\w+$")
_CODINGS = {"br": ".br", "gzip": ".gz"}
"""What the build leaves beside a file, the smallest first: content coding -> ending."""


class BuiltAssets(StaticFiles):
    """Files whose names change with their content may be kept for ever; the others are asked about each time.

    A client that accepts it gets the compressed file that the build has left beside the file itself.
    """

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, with how long it may be kept."""
        if path.endswith(tuple(_CODINGS.values())):
            raise HTTPException(404)
        response = await super().get_response(path, scope)
        hashed = response.status_code < 400 and _HASHED.search(path)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if hashed else "no-cache"
        return response

    def file_response(
        self, full_path: PathLike, stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """The file as it is, or compressed. Each of the two has an ETag of its own (RFC 9110, 8.8.3.3)."""
        wanted = _accepted(Headers(scope=scope).get("accept-encoding", ""))
        plain = FileResponse(full_path, status_code=status_code, stat_result=stat_result)
        coded = {coding: Path(f"{os.fspath(full_path)}{ending}") for coding, ending in _CODINGS.items()}
        there = [coding for coding, file in coded.items() if file.is_file()]
        response = plain
        for coding in there:
            if coding in wanted:
                response = _compressed(plain, coded[coding], coding)
                break
        if there:
            response.headers["Vary"] = "Accept-Encoding"
        if self.is_not_modified(response.headers, Headers(scope=scope)):
            return NotModifiedResponse(response.headers)
        return response


def _compressed(plain: FileResponse, file: Path, coding: str) -> FileResponse:
    response = FileResponse(file, plain.status_code, stat_result=file.stat(), media_type=plain.media_type)
    response.headers["Content-Encoding"] = coding
    tag = plain.headers["etag"].strip('"')
    response.headers["ETag"] = f'"{tag}-{coding}"'
    return response


def _accepted(header: str) -> set[str]:
    """The codings that a request accepts; one with the weight 0 is refused (RFC 9110, 12.5.3)."""
    accepted = set()
    for part in header.lower().split(","):
        coding, _, weight = part.partition(";")
        if not re.fullmatch(r"q=0(\.0{0,3})?", weight.strip()):
            accepted.add(coding.strip())
    return accepted
