"""The description of the API: whole, true to what is served, and with examples that its own schemas allow."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.openapi.models import OpenAPI
from jsonschema import Draft202012Validator

from api.openapi.examples import Examples, NoExampleError
from api.web.problems import MEDIA_TYPE
from tests.api.access.table import CASES
from tests.api.browser import Browser
from tests.api.floor import Floor

JSON = "application/json"


@dataclass(frozen=True)
class Described:
    """One operation of the description."""

    method: str
    path: str
    operation: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    def bodies(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Every JSON body that it takes or gives when all goes well, by what it is."""
        yield from _json("request", self.operation.get("requestBody", {}))
        for status, answer in self.operation["responses"].items():
            if status < "400":
                yield from _json(f"answer {status}", answer)

    def refusals(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Its answers to what cannot be done, by status."""
        yield from ((status, answer) for status, answer in self.operation["responses"].items() if status >= "400")


def _json(what: str, holder: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    if JSON in holder.get("content", {}):
        yield what, holder["content"][JSON]


@pytest.fixture(scope="module")
def description(app: FastAPI) -> dict[str, Any]:
    return app.openapi()


@pytest.fixture(scope="module")
def operations(description: dict[str, Any]) -> list[Described]:
    found = [
        Described(method.upper(), path, operation)
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    ]
    assert len(found) > 60
    return found


def _allows(description: dict[str, Any], schema: dict[str, Any], value: object) -> str | None:
    """Why a schema of the description does not allow a value."""
    whole = {**schema, "components": description["components"]}
    Draft202012Validator.check_schema(whole)
    validator = Draft202012Validator(whole, format_checker=Draft202012Validator.FORMAT_CHECKER)
    return "; ".join(error.message for error in validator.iter_errors(value)) or None


async def test_it_is_served_to_whoever_is_logged_in_as_openapi_3_1(
    floor: Floor, address: str, description: dict[str, Any]
) -> None:
    async with Browser(address, await floor.token(await floor.add_user())) as browser:
        served = (await browser.get("/api/v1/openapi.json")).json
    assert served == description
    assert served["openapi"].startswith("3.1.")
    OpenAPI.model_validate(served)


def test_every_operation_has_a_name_of_its_own_and_says_what_it_is_for(operations: list[Described]) -> None:
    names = [described.operation["operationId"] for described in operations]
    assert len(set(names)) == len(names)
    for described in operations:
        assert described.operation["summary"], described
        assert described.operation["description"], described
        assert described.operation["tags"], described


def test_every_parameter_is_described(operations: list[Described]) -> None:
    lacking = [
        f"{described}: {parameter['name']}"
        for described in operations
        for parameter in described.operation.get("parameters", ())
        if not parameter.get("description")
    ]
    assert lacking == []


def test_every_body_has_an_example_that_its_schema_allows(
    operations: list[Described], description: dict[str, Any]
) -> None:
    wrong = []
    for described in operations:
        for what, body in described.bodies():
            reason = _reason(description, body)
            if reason:
                wrong.append(f"{described}, {what}: {reason}")
    assert wrong == []


def _reason(description: dict[str, Any], body: dict[str, Any]) -> str | None:
    """What is wrong with the example of a body."""
    if "example" in body:
        return _allows(description, body["schema"], body["example"])
    try:
        Examples(description["components"]["schemas"]).of(body["schema"])
    except NoExampleError as error:
        return str(error)
    return "has no example"


def test_every_path_has_an_example_for_each_of_its_parts(
    operations: list[Described], description: dict[str, Any]
) -> None:
    for described in operations:
        for parameter in described.operation.get("parameters", ()):
            if parameter["in"] == "path":
                assert _allows(description, parameter["schema"], parameter["example"]) is None, described


def test_every_refusal_is_a_problem_with_an_example_of_its_words(
    operations: list[Described], description: dict[str, Any]
) -> None:
    for described in operations:
        for status, answer in described.refusals():
            assert answer["description"], (described, status)
            if described.path == "/login" and status in {"401", "429"}:
                assert answer["content"].keys() == {"text/html"}
                continue
            if status == "416":
                assert "content" not in answer
                continue
            assert answer["content"].keys() == {MEDIA_TYPE}, (described, status)
            content = answer["content"][MEDIA_TYPE]
            assert content["examples"], (described, status)
            for example in content["examples"].values():
                assert _allows(description, content["schema"], example["value"]) is None, (described, status)
                assert example["value"]["status"] == int(status), (described, status)


def test_what_needs_a_session_says_so(operations: list[Described]) -> None:
    anonymous = {(case.method, case.route): case.statuses[0] for case in CASES}
    for described in operations:
        needs = anonymous[described.method, described.path] == 401 and described.path != "/login"
        assert ("security" in described.operation) == needs, described


def test_every_status_of_the_table_of_access_is_described(operations: list[Described]) -> None:
    known = {str(described): described.operation["responses"] for described in operations}
    for case in CASES:
        answers = known.get(f"{case.method} {case.route}")
        assert answers is None or {str(status) for status in case.statuses} <= answers.keys(), case


def test_no_answer_holds_the_number_of_a_customer_other_than_as_a_party(description: dict[str, Any]) -> None:
    """So that to mask numbers is to change one function."""
    schemas = description["components"]["schemas"]
    bare = [
        f"{name}.{field}"
        for name, schema in schemas.items()
        for field, told in schema.get("properties", {}).items()
        if field in {"customer", "customer_number", "caller_number", "party"} and "PartyOut" not in str(told)
    ]
    assert bare == []
    assert {"CallOut", "WaitingOut", "PastCallOut", "VoicemailOut", "CallbackOut"} <= {
        name for name, schema in schemas.items() if "PartyOut" in str(schema.get("properties", {}))
    }
