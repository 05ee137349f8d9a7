"""Cookies that only this host gets back, and where there is TLS, only by TLS."""

from starlette.requests import HTTPConnection
from starlette.responses import Response

SESSION = "everline_session"
BROWSER = "everline_browser"
_HOST_ONLY = "__Host-"


def is_secure(connection: HTTPConnection) -> bool:
    """Whether the browser speaks TLS, to us or to a proxy that we trust."""
    return connection.scope["scheme"] in {"https", "wss"}


def read(connection: HTTPConnection, name: str) -> str | None:
    """The cookie's value. By TLS only one is taken that no other host and no plain page can have set."""
    return connection.cookies.get(_name(connection, name))


def give(connection: HTTPConnection, answer: Response, name: str, value: str, *, seconds: int) -> None:
    """Sets a cookie that no script can read and no foreign page can send."""
    answer.set_cookie(
        _name(connection, name),
        value,
        max_age=seconds,
        httponly=True,
        samesite="lax",
        secure=is_secure(connection),
    )


def take_back(connection: HTTPConnection, answer: Response, name: str) -> None:
    """Deletes a cookie."""
    answer.delete_cookie(_name(connection, name), httponly=True, samesite="lax", secure=is_secure(connection))


def _name(connection: HTTPConnection, name: str) -> str:
    return _HOST_ONLY + name if is_secure(connection) else name
