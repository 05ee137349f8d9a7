"""Every refusal and failure leaves the portal here: as an RFC 9457 problem, or as a page for whoever reads pages."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, RedirectResponse, Response

from api.errors import (
    ApiError,
    BadRequestError,
    ForbiddenError,
    MissingError,
    NotLoggedInError,
    RefusedError,
    UnavailableError,
)
from api.origins import tell_refused
from api.pages import render
from db import errors as stored

log = structlog.get_logger(__name__)

MEDIA_TYPE = "application/problem+json"
UNREADABLE = "The body of the request cannot be read. Send it in UTF-8, and nested no deeper than its description says."
_MOST_WRONG = 20
_LONGEST_FIELD = 80


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
        return respond(connection, unusable(str(error)))
    else:
        refusal = RefusedError(str(error))
    return respond(connection, of_error(refusal), refusal.headers)


async def _invalid(connection: HTTPConnection, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    # What was sent is not sent back: it may be secret, or an attack on whoever reads the answer.
    wrong = [
        WrongField(field=_field(found["loc"][1:]), message=str(found["msg"])) for found in error.errors()[:_MOST_WRONG]
    ]
    detail = "; ".join(f"{field.field}: {field.message}" for field in wrong)
    return respond(connection, unusable(f"The request cannot be used: {detail}.", wrong))


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
    title = HTTPStatus(error.status_code).phrase
    problem = Problem(type="about:blank", title=title, status=error.status_code, detail=f"{title}.")
    return respond(connection, problem, error.headers)


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
