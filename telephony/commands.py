"""What all groups of commands share."""

import asyncio
from pathlib import Path
from typing import Any

import structlog

from telephony.ari.request import Requester, path
from telephony.config.ari import APPLICATION
from telephony.errors import Failed, NotFound
from telephony.model import as_json, as_texts

_log = structlog.get_logger()


class Commands:
    """Commands to one Asterisk, by whatever carries requests to it."""

    def __init__(self, requester: Requester, recording_dir: Path, http: Requester | None = None) -> None:
        """recording_dir: AsteriskSite.recording_dir. http: an AriHttp, where requester is a websocket.

        Two kinds of requests go by HTTP, where each has a thread of Asterisk's own. Long lists: Asterisk builds a
        websocket's frame on its thread's stack, so an answer of some 490 kB, as that to "GET channels" with a thousand
        of them, kills it and all calls with it. And what waits for a channel's thread: Asterisk takes the requests of a
        websocket one after the other, so a channel that is busy for ever would stop the whole node.
        Without http, lists are asked for one by one.
        """
        self._requester = requester
        self._recording_dir = recording_dir
        self._http = http

    @property
    def _waiting(self) -> Requester:
        """What carries a request that waits for a channel's thread. It comes after what was answered before, only."""
        return self._http or self._requester

    async def _all(self, kind: str, ids: str) -> list[Any]:
        """Everything of a kind ("channels"), or, one by one, what the application ("channel_ids") has of it.

        One by one also where Asterisk fails at the whole list, as it does for one channel with broken bytes in a text.
        """
        if self._http is not None:
            try:
                return list(await self._http.request("GET", kind))
            except Failed as failed:
                _log.warning("ari_list_failed", kind=kind, reason=str(failed))
        application = as_json(await self._requester.request("GET", path("applications", APPLICATION)))
        found = await asyncio.gather(*(self._one(kind, name) for name in as_texts(application.get(ids))))
        return [fields for fields in found if fields is not None]

    async def _one(self, kind: str, name: str) -> Any:
        try:
            return await self._requester.request("GET", path(kind, name))
        except NotFound:
            return None
        except Failed as failed:
            # It is there, and Asterisk cannot say more of it.
            _log.warning("ari_object_not_described", kind=kind, id=name, reason=str(failed))
            return {"id": name}
