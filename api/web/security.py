"""What holds for every request: only our own pages may change anything, and pages may load nothing from elsewhere."""

import re
from collections.abc import Sequence
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.web.errors import ForeignOriginError, MisdirectedError
from api.web.problems import of_error, respond

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

_SOURCES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "font-src": "'self'",
    "img-src": "'self' data:",
    "media-src": "'self' blob:",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}

_HEADERS = {
    "Content-Security-Policy": "; ".join(f"{what} {where}" for what, where in _SOURCES.items()),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=(), payment=(), usb=()",
}
_HSTS = "max-age=31536000; includeSubDomains"


class SameOriginOnly:
    """Refuses changes and websockets that a page of another origin asks for (CSRF)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on, or answers it with a refusal."""
        if scope["type"] == "lifespan" or _is_ours(scope):
            await self._app(scope, receive, send)
            return
        refusal = of_error(ForeignOriginError("This must be asked for from Everline's own pages."))
        await respond(HTTPConnection(scope), refusal)(scope, receive, send)


def _is_ours(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    origin = headers.get("origin")
    is_secure = scope["scheme"] in {"https", "wss"}
    if scope["type"] == "websocket":
        return origin is not None and _is_same(origin, headers, is_secure=is_secure)
    if scope["method"] in _SAFE:
        return True
    site = headers.get("sec-fetch-site")
    if site not in {None, "same-origin", "none"}:
        return False
    # Every browser names the origin of a change; what names neither it nor the site cannot be told from an attack.
    return _is_same(origin, headers, is_secure=is_secure) if origin is not None else site == "same-origin"


def _is_same(origin: str, headers: Headers, *, is_secure: bool) -> bool:
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    # A plain page of our host may be anybody's on the way. The other way round a proxy speaks TLS for us.
    return (
        parts.scheme in ({"https"} if is_secure else {"http", "https"})
        and parts.netloc.lower() == headers.get("host", "").lower()
    )


class KnownHostsOnly:
    """Refuses requests for names that are not the portal's: a foreign name may lead here as well (DNS rebinding)."""

    def __init__(self, app: ASGIApp, names: frozenset[str]) -> None:
        self._app = app
        self._names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on, or answers it with a refusal."""
        if scope["type"] == "lifespan" or self._is_known(Headers(scope=scope).getlist("host")):
            await self._app(scope, receive, send)
            return
        refusal = of_error(
            MisdirectedError("The portal is not served under this name. EVERLINE_PORTAL_HOSTS tells its names.")
        )
        await respond(HTTPConnection(scope), refusal)(scope, receive, send)

    def _is_known(self, hosts: Sequence[str]) -> bool:
        if len(hosts) != 1:
            return False
        found = re.fullmatch(r"(\[[0-9A-Fa-f:.]+\]|[^:]*)(?::[0-9]*)?", hosts[0])
        if found is None:
            return False
        name = found.group(1).lower().rstrip(".")
        try:
            ip_address(name.strip("[]"))
        except ValueError:
            return name in self._names or f"*.{name.partition('.')[2]}" in self._names
        return True


class SecurityHeaders:
    """Adds the headers by which a browser protects the user, and forbids storing what is not said to be storable."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on, and adds to its answer."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] in {"http.response.start", "websocket.http.response.start"}:
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
                if scope["scheme"] in {"https", "wss"}:
                    headers.setdefault("Strict-Transport-Security", _HSTS)
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] != "lifespan" else send)
