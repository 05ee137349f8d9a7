"""What routes say of their refusals in the description of the API: when each comes, and an example of its words."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from api.web import problems
from api.web.errors import (
    ApiError,
    BadRequestError,
    ForeignOriginError,
    MissingError,
    RefusedError,
    TooLargeError,
    TooSlowError,
    UnavailableError,
)
from api.web.problems import MEDIA_TYPE, Problem, WrongField, of_error, unusable

Responses = dict[int | str, dict[str, Any]]
"""As FastAPI takes them."""

Asked = TypeVar("Asked", bound=Callable[..., object])

_OF_DEPENDENCIES: dict[Callable[..., object], Sequence["Refusal"]] = {}


@dataclass(frozen=True)
class Refusal:
    """One reason to refuse: when it comes, and an example of the answer."""

    when: str
    problem: Problem

    @classmethod
    def of(cls, kind: type[ApiError], when: str, words: str) -> "Refusal":
        """A refusal by an error of this kind, with these words for the user."""
        return cls(when, of_error(kind(words)))


FOREIGN_ORIGIN = Refusal.of(
    ForeignOriginError,
    "A page of another site asks for it, or the headers `Origin` and `Sec-Fetch-Site` are both missing.",
    "This must be asked for from Everline's own pages.",
)
NO_DATABASE = Refusal.of(
    UnavailableError, "The database does not answer.", "The database does not answer. Try again in a moment."
)
CROSSED = Refusal.of(
    RefusedError,
    "Somebody else has changed it at the same moment.",
    "Somebody else has changed this at the same moment. Look at it again, then try once more.",
)
IN_THE_WAY = Refusal.of(
    RefusedError,
    "A name or number is taken, or matters stand in the way; `detail` says how.",
    "There is a queue named Support already. Choose another name.",
)
UNREADABLE = Refusal.of(BadRequestError, "The body is not UTF-8, or nested too deep.", problems.UNREADABLE)
TOO_LARGE = Refusal.of(
    TooLargeError,
    "The body is larger than 64 KiB; it is not read.",
    "The body of the request is larger than 64 KiB, which nothing here needs.",
)
TOO_SLOW = Refusal.of(
    TooSlowError, "The body does not come in time.", "The body of the request did not come in time. Send it again."
)
MISSING = Refusal.of(
    MissingError, "What is named, in the path or in the body, is not there.", "There is no such queue."
)
INVALID = Refusal(
    "A value cannot be used; `detail` says what could.",
    unusable(
        "The request cannot be used: state: Input should be 'idle' or 'paused'.",
        [WrongField(field="state", message="Input should be 'idle' or 'paused'")],
    ),
)


def refuses(*refusals: Refusal) -> Callable[[Asked], Asked]:
    """Marks a dependency: every route that has it may refuse for these reasons, and is described so."""

    def mark(dependency: Asked) -> Asked:
        _OF_DEPENDENCIES[dependency] = refusals
        return dependency

    return mark


def of_dependencies(calls: Iterable[Callable[..., object]]) -> list[Refusal]:
    """The refusals of those among these that are marked."""
    return [refusal for call in calls for refusal in _OF_DEPENDENCIES.get(call, ())]


def told(*refusals: Refusal) -> Responses:
    """Refusals for the `responses` of a route or of a router."""
    responses: Responses = {}
    for refusal in refusals:
        add(responses, refusal)
    return responses


def add(responses: Responses, refusal: Refusal, key: Callable[[int], int | str] = int) -> None:
    """Tells of one more refusal; those of one status share an answer. `key` is how the status is written there."""
    problem = refusal.problem
    answer = responses.setdefault(
        key(problem.status),
        {
            "description": "",
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": {}}},
        },
    )
    if refusal.when not in answer["description"]:
        answer["description"] = f"{answer['description']} {refusal.when}".strip()
    examples = answer["content"][MEDIA_TYPE]["examples"]
    value = problem.model_dump(exclude_none=True)
    if all(example["value"] != value for example in examples.values()):
        kind = problem.type.rpartition(":")[2]
        examples[kind if kind not in examples else f"{kind}-{len(examples) + 1}"] = {"value": value}
