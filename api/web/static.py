"""Built assets."""

import re

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

_HASHED = re.compile(r"-[0-9A-Z]{8}\.\w+$")


class BuiltAssets(StaticFiles):
    """Files whose names change with their content may be kept for ever; the others are asked about each time."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, with how long it may be kept."""
        response = await super().get_response(path, scope)
        hashed = response.status_code < 400 and _HASHED.search(path)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if hashed else "no-cache"
        return response
