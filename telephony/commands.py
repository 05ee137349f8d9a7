"""What all groups of commands share."""

import asyncio
from pathlib import Path
from typing import Any

from telephony.ari.request import Requester, path
from telephony.config.ari import APPLICATION
from telephony.errors import NotFound
from telephony.model import as_json, as_texts


class Commands:
    """Commands to one Asterisk, by whatever carries requests to it."""

    def __init__(self, requester: Requester, recording_dir: Path, lists: Requester | None = None) -> None:
        """recording_dir: AsteriskSite.recording_dir. lists: an AriHttp for long lists, where requester is a websocket.

        Asterisk builds a websocket's frame on its thread's stack: an answer of some 490 kB, as that to "GET channels"
        with a thousand of them, kills it and all calls with it. Without lists, things are asked for one by one.
        """
        self._requester = requester
        self._recording_dir = recording_dir
        self._lists = lists

    async def _all(self, kind: str, ids: str) -> list[Any]:
        """Everything of a kind ("channels"), or, one by one, what the application ("channel_ids") has of it."""
        if self._lists is not None:
            return list(await self._lists.request("GET", kind))
        application = as_json(await self._requester.request("GET", path("applications", APPLICATION)))
        found = await asyncio.gather(*(self._one(kind, name) for name in as_texts(application.get(ids))))
        return [fields for fields in found if fields is not None]

    async def _one(self, kind: str, name: str) -> Any:
        try:
            return await self._requester.request("GET", path(kind, name))
        except NotFound:
            return None
