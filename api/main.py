"""Serves the portal."""

import gc
import logging
import resource
import socket

import uvicorn
from fastapi import FastAPI

from api.app import create
from api.config import ApiConfig
from api.web.connection import LimitedProtocol

_GRACE = 3
"""Seconds that requests in progress get at a stop."""
_PING_EVERY = 20.0
_PONG_WITHIN = 20.0
"""Seconds. A browser's phone that does not answer is gone, and Asterisk is told so."""


_LARGEST_FRAME = 64 * 1024
"""Bytes of a message of a websocket; SIP with a long session description needs about 5,000."""
_MOST_AT_ONCE = 4000
"""Connections at most, of which a page has three to six; the next one is asked to come again."""


_REFUSED = "ASGI callable returned without completing handshake."


def _is_an_error(record: logging.LogRecord) -> bool:
    """Uvicorn takes a websocket that we refuse by an answer for a fault of ours: strangers could fill the log by it."""
    return record.msg != _REFUSED


class PortalServer(uvicorn.Server):
    """Ends streams and websockets at a stop, which would otherwise last until the grace is over."""

    def __init__(self, app: FastAPI, config: ApiConfig) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                host=config.host,
                port=config.port,
                ssl_certfile=config.certificate,
                ssl_keyfile=config.key,
                http=LimitedProtocol,
                limit_concurrency=_MOST_AT_ONCE,
                ws="websockets-sansio",
                ws_max_size=_LARGEST_FRAME,
                ws_ping_interval=_PING_EVERY,
                ws_ping_timeout=_PONG_WITHIN,
                timeout_graceful_shutdown=_GRACE,
                # Failed log-ins are counted by address, so nobody but a proxy that is trusted may tell another one.
                proxy_headers=bool(config.trusted_proxies),
                forwarded_allow_ips=list(config.trusted_proxies),
                server_header=False,
                access_log=False,
                log_config=None,
            )
        )
        self._app = app
        logging.getLogger("uvicorn.error").addFilter(_is_an_error)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Starts as usual, and has the garbage collector pass over what is there by then.

        Looking through the hundred thousands of objects of our libraries takes 0.1 s and more, in which nobody is
        served.
        """
        await super().startup(sockets)
        gc.collect()
        gc.freeze()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Says farewell to everybody connected, then stops as usual."""
        self._app.state.portal.hub.close()
        await super().shutdown(sockets)


def run(config: ApiConfig) -> None:
    """Serves until a signal ends it."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    PortalServer(create(config), config).run()
