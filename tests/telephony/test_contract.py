"""What we send and read, against the interface that the running Asterisk describes itself."""

import re
from collections.abc import Awaitable, Mapping
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, encode_basic_auth

from domain.dialling_rules.refusal import DialRefusal
from telephony.ari.request import Method
from telephony.asterisk import Asterisk
from telephony.demo import place_demo_call
from telephony.errors import NotFound
from telephony.events import EVENT_TYPES, parse
from telephony.model import read_bridge, read_channel, read_endpoint, read_info
from telephony.provisioning import Provisioning
from telephony.trunk import Trunk
from tests.telephony.node import TestNode, ha1

Json = dict[str, Any]


class Schema:
    """The resources and models of /ari/api-docs."""

    def __init__(self) -> None:
        self.operations: list[tuple[str, re.Pattern[str], Json]] = []
        self.models: dict[str, Json] = {}

    def add(self, document: Json) -> None:
        self.models |= {name: model["properties"] for name, model in document.get("models", {}).items()}
        for api in document["apis"]:
            pattern = re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(api["path"].lstrip("/"))))
            for operation in api["operations"]:
                self.operations.append((operation["httpMethod"], pattern, operation))

    def operation(self, method: str, uri: str) -> Json:
        found = [what for how, pattern, what in self.operations if how == method and pattern.fullmatch(uri)]
        assert found, f"{method} {uri} is not in Asterisk's interface"
        return found[0]

    def sample(self, model: str) -> Json:
        """An object of that model that objects to being asked for a field it does not have."""
        properties = self.models["Event"] | self.models[model] if model in EVENT_TYPES else self.models[model]
        return Checked(model, {name: self._value(field["type"]) for name, field in properties.items()})

    def _value(self, kind: str) -> Any:
        if kind.startswith("List["):
            return [self._value(kind[5:-1])]
        plain = {"string": "x", "int": 1, "long": 1, "double": 1.0, "boolean": True, "Date": "x", "object": {}}
        return plain[kind] if kind in plain else self.sample(kind)


class Checked(dict[str, Any]):
    """A dict that knows which fields its model has."""

    def __init__(self, model: str, fields: Json) -> None:
        super().__init__(fields)
        self.model = model

    def get(self, key: str, default: Any = None) -> Any:
        assert key in self or key == "type", f"{self.model} has no field {key}"
        return super().get(key, default)


class Recorder:
    """Takes requests down and answers as little as will do."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, str, Mapping[str, str], Mapping[str, Any] | None]] = []

    async def request(
        self,
        method: Method,
        uri: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        timeout: float = 1,  # noqa: ARG002, ASYNC109  As Requester.
    ) -> Any:
        self.requests.append((method, uri, query or {}, body))
        if uri.endswith("/stop") or method == "DELETE":
            raise NotFound(404, "gone")
        if uri == "applications/everline":
            return {"channel_ids": ["c"], "bridge_ids": ["b"]}
        if uri == "endpoints/PJSIP/demo":
            return {"channel_ids": ["c"]}
        return [] if uri in {"channels", "bridges", "endpoints/PJSIP"} or "/dynamic/" in uri else {}


@pytest.fixture(scope="module")
async def schema(node: TestNode) -> Schema:
    schema = Schema()
    base = f"http://127.0.0.1:{node.site.http_port}/ari/api-docs"
    headers = {"Authorization": encode_basic_auth(node.site.ari_user, node.site.ari_password)}
    async with ClientSession(headers=headers) as session:
        async with session.get(f"{base}/resources.json") as answer:
            listing = await answer.json(content_type=None)
        for api in listing["apis"]:
            path = api["path"].removeprefix("/api-docs").replace("{format}", "json")
            async with session.get(base + path) as answer:
                schema.add(await answer.json(content_type=None))
    return schema


def _commands(asterisk: Asterisk) -> list[Awaitable[object]]:
    return [
        asterisk.answer("c"),
        asterisk.ring("c"),
        asterisk.refuse("c", DialRefusal.NUMBER),
        asterisk.hang_up("c"),
        asterisk.start_music("c"),
        asterisk.stop_music("c"),
        asterisk.mute("c"),
        asterisk.unmute("c"),
        asterisk.channel("c"),
        asterisk.play("c", "p", "sound:beep"),
        asterisk.stop_playing("p"),
        asterisk.send_dtmf("c", "1"),
        asterisk.originate("c", endpoint="PJSIP/1", app_args="a", caller_name="n", caller_number="1", timeout=1),
        asterisk.create_bridge("b"),
        asterisk.bridge("b"),
        asterisk.add_to_bridge("b", ["c", "d"]),
        asterisk.remove_from_bridge("b", "c"),
        asterisk.destroy_bridge("b"),
        asterisk.start_recording("c", "r", "r-s"),
        asterisk.pause_recording("r"),
        asterisk.resume_recording("r"),
        asterisk.stop_recording("r"),
        asterisk.listen(),
        asterisk.endpoints(),
        asterisk.endpoint("1"),
        asterisk.info(),
    ]


async def _every_command(requester: Recorder, folder: Path) -> None:
    (folder / "r.wav").write_bytes(b"\0" * 44)
    for asterisk in (Asterisk(requester, folder), Asterisk(requester, folder, requester)):
        await asterisk.channels()
        await asterisk.bridges()
    for command in _commands(asterisk):
        try:
            await command
        except NotFound:
            continue
    await place_demo_call(requester, "5000", "n", "1")
    provisioning = Provisioning(requester)
    await provisioning.push_extension("1", "web", ha1("1", "x"))
    await provisioning.push_extension("1", "sip", ha1("1", "x"))
    await provisioning.push_trunk(Trunk("t", "host", ["192.0.2.1"], "u", "p"))
    await provisioning.remove_extension("1")
    await provisioning.remove_trunk("t")


async def test_every_request_is_in_the_interface(schema: Schema, tmp_path: Path) -> None:
    recorder = Recorder()
    await _every_command(recorder, tmp_path)
    assert len({(method, uri) for method, uri, *_ in recorder.requests}) > 30
    for method, uri, query, body in recorder.requests:
        parameters = schema.operation(method, uri)["parameters"] if query or body else []
        known = {found["name"] for found in parameters if found["paramType"] == "query"}
        assert set(query) <= known, f"{method} {uri} has no {set(query) - known}"
        needed = {found["name"] for found in parameters if found["paramType"] == "query" and found.get("required")}
        assert needed <= set(query), f"{method} {uri} needs {needed - set(query)}"
        if body is not None:
            assert any(found["paramType"] == "body" for found in parameters), f"{method} {uri} takes no body"


def test_every_field_that_our_events_read_is_in_the_interface(schema: Schema) -> None:
    for kind in EVENT_TYPES:
        message = schema.sample(kind)
        message["type"] = kind
        assert parse(message) is not None


def test_every_field_that_our_models_read_is_in_the_interface(schema: Schema) -> None:
    read_channel(schema.sample("Channel"))
    read_bridge(schema.sample("Bridge"))
    read_endpoint(schema.sample("Endpoint"))
    read_info(schema.sample("AsteriskInfo"))
    assert {"channel_ids", "bridge_ids"} <= set(schema.models["Application"])
