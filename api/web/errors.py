"""What a request can be refused for. Each error knows its HTTP status; api.web.problems renders them all."""

from collections.abc import Mapping


class ApiError(Exception):
    """A refusal; the message is the `detail` that the user reads."""

    status = 500
    title = "Something went wrong"
    kind = "error"

    @property
    def headers(self) -> Mapping[str, str]:
        """Headers that belong to this refusal."""
        return {}


class BadRequestError(ApiError):
    """The request makes no sense as it is."""

    status = 400
    title = "Not understood"
    kind = "bad-request"


class NotLoggedInError(ApiError):
    """There is no session, or it is over."""

    status = 401
    title = "Not logged in"
    kind = "not-logged-in"


class ForbiddenError(ApiError):
    """The user's role does not allow this."""

    status = 403
    title = "Not allowed"
    kind = "forbidden"


class PasswordGivenError(ForbiddenError):
    """The user has to choose a password first."""

    title = "Choose a password first"
    kind = "password-is-given"


class ForeignOriginError(ForbiddenError):
    """Another site's page sent the request."""

    kind = "foreign-origin"


class MissingError(ApiError):
    """There is no such thing, or it is somebody else's, which looks the same from outside."""

    status = 404
    title = "Not found"
    kind = "not-found"


class RefusedError(ApiError):
    """The thing asked for is impossible as matters stand."""

    status = 409
    title = "Not possible now"
    kind = "refused"


class TakenError(RefusedError):
    """There is one of that name or number already."""

    title = "Taken already"
    kind = "taken"


class TooSlowError(ApiError):
    """The request does not come to its end."""

    status = 408
    title = "Too slow"
    kind = "too-slow"


class TooLargeError(ApiError):
    """The body is larger than any that is taken."""

    status = 413
    title = "Too large"
    kind = "too-large"


class MisdirectedError(ApiError):
    """The request names a host that the portal is not."""

    status = 421
    title = "Not here"
    kind = "misdirected"


class HeadTooLargeError(ApiError):
    """The headers are more, or longer, than any browser sends."""

    status = 431
    title = "Headers too large"
    kind = "head-too-large"


class TooManyAttemptsError(ApiError):
    """Somebody tries too often. `retry_after` is in seconds."""

    status = 429
    title = "Too many attempts"
    kind = "too-many-attempts"

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after

    @property
    def headers(self) -> Mapping[str, str]:
        """When to try again."""
        return {"Retry-After": str(self.retry_after)}


class UnavailableError(ApiError):
    """A part of the centre that is needed does not answer; trying again may help."""

    status = 503
    title = "Not available just now"
    kind = "unavailable"

    @property
    def headers(self) -> Mapping[str, str]:
        """When to try again."""
        return {"Retry-After": "2"}
