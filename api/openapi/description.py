"""The description of the API (OpenAPI 3.1): what FastAPI knows of it, with every refusal and with examples."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import TypeAdapter
from pydantic.json_schema import models_json_schema
from starlette.routing import BaseRoute

from api.access.visitors import logged_in
from api.live.events import LiveEvent
from api.openapi import refusals
from api.openapi.examples import Examples, NoExampleError
from api.web.cookies import SESSION
from api.web.problems import Problem, WrongField

_JSON = "application/json"
_REF = "#/components/schemas/{model}"
_SESSION = {
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": SESSION,
        "description": "`POST /login` sets it, by TLS with `__Host-` before its name.",
    }
}
_SUCCESS = "Successful Response"
_OF_FASTAPI = ("HTTPValidationError", "ValidationError")
"""FastAPI's own words for what is refused here by problems."""


class Described(FastAPI):
    """An application with a whole description."""

    def openapi(self) -> dict[str, Any]:
        """The description, which is made once."""
        if self.openapi_schema is None:
            _complete(super().openapi(), self.routes)
        assert self.openapi_schema is not None
        return self.openapi_schema


def _complete(description: dict[str, Any], routes: Sequence[BaseRoute]) -> None:
    components = description["components"]
    schemas: dict[str, Any] = components["schemas"]
    for name in _OF_FASTAPI:
        schemas.pop(name, None)
    _, problems = models_json_schema([(Problem, "serialization"), (WrongField, "serialization")], ref_template=_REF)
    live = TypeAdapter(LiveEvent).json_schema(mode="serialization", ref_template=_REF)
    schemas.update(problems["$defs"])
    schemas.update(live.pop("$defs"))
    schemas["LiveEvent"] = live
    components["securitySchemes"] = _SESSION
    examples = Examples(schemas)
    for context in iter_route_contexts(routes):
        route = context.original_route
        if isinstance(route, APIRoute) and route.include_in_schema:
            for method in context.methods or ():
                operation = description["paths"][context.path_format][method.lower()]
                calls = list(_calls(route.dependant))
                if logged_in in calls:
                    operation["security"] = [{"session": []}]
                if not route.summary:
                    operation["summary"] = route.name.replace("_", " ").capitalize()
                _tell_refusals(operation, method, calls)
                _give_examples(operation, examples)


def _calls(dependant: Dependant) -> Iterator[Callable[..., object]]:
    for needed in dependant.dependencies:
        if needed.call is not None:
            yield needed.call
        yield from _calls(needed)


def _tell_refusals(operation: dict[str, Any], method: str, calls: Sequence[Callable[..., object]]) -> None:
    responses = operation["responses"]
    found = refusals.of_dependencies(calls)
    if responses.get("422", {}).get("content", {}).keys() == {_JSON}:
        # FastAPI's own, for a route that takes parameters or a body.
        del responses["422"]
        found.append(refusals.INVALID)
    taken = {parameter["in"] for parameter in operation.get("parameters", ())}
    if "path" in taken and "404" not in responses and all(refusal.problem.status != 404 for refusal in found):
        found.append(refusals.MISSING)
    if "requestBody" in operation:
        found += [refusals.UNREADABLE, refusals.TOO_LARGE, refusals.TOO_SLOW]
    if method != "GET":
        found.append(refusals.FOREIGN_ORIGIN)
        found.append(refusals.IN_THE_WAY if "administration" in operation["tags"] else refusals.CROSSED)
    for refusal in (*found, refusals.NO_DATABASE):
        refusals.add(responses, refusal, str)
    operation["responses"] = dict(sorted(responses.items()))


def _give_examples(operation: dict[str, Any], examples: Examples) -> None:
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "path" and "example" not in parameter:
            _give(parameter, examples, parameter["name"])
    contents = [operation.get("requestBody", {}).get("content", {})]
    for status, answer in operation["responses"].items():
        if status < "400":
            contents.append(answer.get("content", {}))
            if answer["description"] == _SUCCESS:
                answer["description"] = "It is done."
    for content in contents:
        if _JSON in content:
            _give(content[_JSON], examples)


def _give(described: dict[str, Any], examples: Examples, field: str = "") -> None:
    # Without an example it is described all the same; a test finds what lacks one.
    with suppress(NoExampleError):
        described["example"] = examples.of(described["schema"], field=field)
