"""Every refusal and failure leaves the portal here: as an RFC 9457 problem, or as a page for browsers."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import BaseModel, ConfigDict
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import compile_path

from api.web.errors import (
    ApiError,
    BadRequestError,
    ForbiddenError,
    MissingError,
    NotLoggedInError,
    PasswordGivenError,
    RefusedError,
    TakenError,
    UnavailableError,
)
from api.web.origins import tell_refused
from api.web.pages import render
from db.core import errors as stored

log = structlog.get_logger(__name__)

MEDIA_TYPE = "application/problem+json"
UNREADABLE = "The body of the request cannot be read. Send it in UTF-8, and nested no deeper than its description says."
_MOST_WRONG = 20
_LONGEST_FIELD = 80


_DAY = "This is no day; 2026-11-27 is one"
_SEEN = "Say what you have seen of the call, so that nothing else is done: its `revision`, as the desk has it"
_OBJECT = "This has to be an object, such as {}"
_WORDS = {
    "extra_forbidden": "There is no such field",
    "missing": "This is needed, and it is not there",
    "json_invalid": "This is no JSON",
    "dict_type": _OBJECT,
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "list_type": "This has to be a list, such as []",
    "string_type": "This has to be a text",
    "date_from_datetime_parsing": _DAY,
    "date_parsing": _DAY,
}
"""The usual mistakes, in our own words; all others are told in pydantic's."""


class WrongField(BaseModel):
    """A part of the request that cannot be used."""

    field: str
    message: str


class Problem(BaseModel):
    """Why a request was refused (RFC 9457). `detail` is a sentence for the user."""

    model_config = ConfigDict(frozen=True)

    type: str
    title: str
    status: int
    detail: str
    errors: Sequence[WrongField] | None = None


def install(app: FastAPI) -> None:
    """Lets every error of the application be rendered here."""
    app.add_exception_handler(ApiError, _refusal)
    app.add_exception_handler(stored.DatabaseError, _stored)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(DataError, _unstorable)
    app.add_exception_handler(IntegrityError, _crossed)
    app.add_exception_handler(OperationalError, _no_database)
    app.add_exception_handler(Exception, _unexpected)


def respond(connection: HTTPConnection, problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """The answer that carries a problem to a program or to a person."""
    tell_refused(connection, problem.status, problem.detail)
    if reads_pages(connection):
        if problem.status == NotLoggedInError.status:
            return RedirectResponse("/login", status_code=303)
        if problem.type == _type(PasswordGivenError.kind):
            return RedirectResponse("/password", status_code=303)
        return render(connection, "problem.html", problem.model_dump(), status=problem.status, headers=headers)
    return JSONResponse(problem.model_dump(exclude_none=True), problem.status, headers, media_type=MEDIA_TYPE)


def of_error(error: ApiError) -> Problem:
    """A refusal as a problem."""
    return Problem(type=_type(error.kind), title=error.title, status=error.status, detail=str(error))


def unusable(detail: str, wrong: Sequence[WrongField] | None = None) -> Problem:
    """A value that cannot be used, as a problem."""
    return Problem(type=_type("invalid"), title="Not valid", status=422, detail=detail, errors=wrong)


def reads_pages(connection: HTTPConnection) -> bool:
    """Whether a person's browser asks for a page, and not a script for data."""
    if connection.scope["type"] != "http" or connection.url.path.startswith("/api/"):
        return False
    return "text/html" in connection.headers.get("accept", "")


def _type(kind: str) -> str:
    return f"urn:everline:problem:{kind}"


async def _refusal(connection: HTTPConnection, error: Exception) -> Response:
    assert isinstance(error, ApiError)
    return respond(connection, of_error(error), error.headers)


async def _stored(connection: HTTPConnection, error: Exception) -> Response:
    if isinstance(error, stored.NotFoundError):
        refusal: ApiError = MissingError(str(error))
    elif isinstance(error, stored.UnusableValueError):
        return respond(connection, unusable(str(error), _at_field(error)))
    elif isinstance(error, stored.AlreadyTakenError):
        refusal = TakenError(str(error))
        return respond(connection, of_error(refusal).model_copy(update={"errors": _at_field(error)}))
    else:
        refusal = RefusedError(str(error))
    return respond(connection, of_error(refusal), refusal.headers)


def _at_field(error: stored.DatabaseError) -> list[WrongField] | None:
    return [WrongField(field=error.field, message=str(error))] if error.field else None


async def _invalid(connection: HTTPConnection, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    # What was sent is not sent back: it may be secret, or an attack on the reader of the answer.
    wrong = [
        WrongField(field=_field(found["loc"][1:]), message=_in_our_words(found))
        for found in error.errors()[:_MOST_WRONG]
    ]
    detail = "; ".join(f"{field.field}: {field.message}" for field in wrong)
    return respond(connection, unusable(f"The request cannot be used: {detail}.", wrong))


def _in_our_words(found: Mapping[str, Any]) -> str:
    if found["type"] == "missing" and found["loc"][-1] == "seen":
        return _SEEN
    return _WORDS.get(str(found["type"])) or str(found["msg"])


def _field(where: Sequence[object]) -> str:
    # The name of a field that there is not is the sender's, too.
    name = ".".join(str(part) for part in where)
    return "".join(letter for letter in name[:_LONGEST_FIELD] if letter.isprintable()) or "body"


async def _http(connection: HTTPConnection, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    known: dict[int, ApiError] = {
        400: BadRequestError(UNREADABLE),
        403: ForbiddenError("This is not allowed."),
        404: MissingError("There is nothing at this address."),
    }
    if error.status_code in known:
        return respond(connection, of_error(known[error.status_code]), error.headers)
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        return _wrong_method(connection)
    title = HTTPStatus(error.status_code).phrase
    problem = Problem(type="about:blank", title=title, status=error.status_code, detail=f"{title}.")
    return respond(connection, problem, error.headers)


def _wrong_method(connection: HTTPConnection) -> Response:
    # Routes of one path are found one by one, and each knows its own method only.
    methods: set[str] = set()
    for context in iter_route_contexts(connection.app.routes):
        is_route = isinstance(context.original_route, APIRoute)
        if is_route and compile_path(str(context.path))[0].match(connection.scope["path"]):
            methods |= context.methods or set()
    allowed = ", ".join(sorted(methods))
    title = HTTPStatus.METHOD_NOT_ALLOWED.phrase
    detail = f"This address does not know the method {connection.scope['method']}; it knows {allowed}."
    problem = Problem(type="about:blank", title=title, status=HTTPStatus.METHOD_NOT_ALLOWED, detail=detail)
    return respond(connection, problem, {"Allow": allowed})


async def _unstorable(connection: HTTPConnection, _: Exception) -> Response:
    return respond(connection, unusable("The request holds a value that cannot be stored or looked for."))


async def _crossed(connection: HTTPConnection, error: Exception) -> Response:
    # What a change needs was there when it was looked for, and somebody else took it away before it was written.
    log.warning("change crossed another", path=connection.url.path, error=type(error).__name__)
    refusal = RefusedError("Somebody else has changed this at the same moment. Look at it again, then try once more.")
    return respond(connection, of_error(refusal), refusal.headers)


async def _no_database(connection: HTTPConnection, error: Exception) -> Response:
    log.warning("database not reachable", error=type(error).__name__)
    refusal = UnavailableError("The database does not answer. Try again in a moment.")
    return respond(connection, of_error(refusal), refusal.headers)


async def _unexpected(connection: HTTPConnection, error: Exception) -> Response:
    log.error("request failed", path=connection.url.path, exc_info=error)
    return respond(connection, of_error(ApiError("Everline made a mistake. It has been written down; try again.")))
