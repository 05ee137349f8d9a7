import hmac

import structlog
from aiohttp import encode_basic_auth, web

from telephony.ari.link import AriLink

_log = structlog.get_logger()

_HEARTBEAT = 15.0  # seconds
_MESSAGE_LIMIT = 64 * 1024 * 1024  # bytes: a list of thousands of channels is one message
_CLOSE_TIMEOUT = 2.0  # seconds


class AriServer:
    """Where Asterisk's outbound websocket arrives: ws://<host>:<port>/ari, with basic authentication."""

    def __init__(self, link: AriLink, host: str, port: int, user: str, password: str) -> None:
        self._link = link
        self._host = host
        self._port = port
        self._credentials = encode_basic_auth(user, password).encode()
        self._runner: web.AppRunner | None = None
        self._site: web.TCPSite | None = None

    async def start(self) -> None:
        """Listen. Raises OSError when the port is taken."""
        application = web.Application()
        application.router.add_get("/ari", self._accept)
        application.router.add_get("/healthz", self._health)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=_CLOSE_TIMEOUT)
        await self._runner.setup()
        self._site = web.TCPSite(self._runner, self._host, self._port, reuse_address=True)
        await self._site.start()
        _log.info("ari_listening", port=self._port)

    async def stop(self) -> None:
        """Stop listening and close the connection: in this order, for Asterisk redials within milliseconds."""
        if self._site is not None:
            await self._site.stop()
            self._site = None
        await self._link.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _health(self, _: web.Request) -> web.Response:
        """Whether Asterisk is connected, for a monitor of this process."""
        return web.Response(status=200 if self._link.connected else 503)

    async def _accept(self, request: web.Request) -> web.StreamResponse:
        given = request.headers.get("Authorization", "").encode(errors="surrogateescape")
        if not hmac.compare_digest(given, self._credentials):
            _log.warning("ari_log_in_refused", remote=request.remote)
            return web.Response(status=401, headers={"WWW-Authenticate": 'Basic realm="everline"'})
        websocket = web.WebSocketResponse(
            protocols=("ari",),
            heartbeat=_HEARTBEAT,
            max_msg_size=_MESSAGE_LIMIT,
            compress=False,
            timeout=_CLOSE_TIMEOUT,
        )
        await websocket.prepare(request)
        await self._link.serve(websocket)
        return websocket
