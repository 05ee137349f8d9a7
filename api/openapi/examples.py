"""Examples of whole bodies for the description of the API, put together from their schemas: one story for all.

A model's or a field's own example goes first, then what is here for a field of that name, then a value of the type.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import NAMESPACE_OID, uuid5

_CALL = "019ab5b2-4c1e-7d3a-9f60-2b8f5c1d7e44"
_OTHER_CALL = "019ab5b3-0d52-7a11-8c3f-94e1b07a6d25"
_NUMBER = "+12025550147"
_COLLEAGUE = str(uuid5(NAMESPACE_OID, "colleague"))

_FIELDS: Mapping[str, Any] = {
    "address": "192.0.2.44",
    "agent_id": "1001",
    "announce_seconds": 60,
    "answered_at": "2026-11-24T09:31:02Z",
    "asked_at": "2026-11-24T09:12:30Z",
    "at": "2026-11-24T09:30:00Z",
    "attempts": 1,
    "available": True,
    "call_id": _CALL,
    "can_dial": True,
    "closes": "17:30:00",
    "code": "Solved",
    "count": 2,
    "cursor": "48213.90177",
    "customer_name": "Cleo Marsh",
    "customer": {"display": "+1 202-555-0147", "handle": f"number:{_NUMBER}"},
    "duration": 184.5,
    "ended_at": None,
    "entered_at": "2026-11-24T09:31:40Z",
    "extension": "1001",
    "heard_by": "Anna Berg",
    "jitter_ms": 4.2,
    "left_at": "2026-11-24T09:18:44Z",
    "level": 7,
    "longest_since": "2026-11-24T09:31:40Z",
    "leaving": 1,
    "message": "vm-nobodyavail",
    "missed": 0,
    "muted": False,
    "name": "Anna Berg",
    "newest_at": "2026-11-24T09:18:44Z",
    "next": None,
    "next_at": None,
    "number": _NUMBER,
    "party": {"display": "+1 202-555-0147", "handle": f"number:{_NUMBER}"},
    "offered_at": "2026-11-24T09:30:58Z",
    "opens": "09:00:00",
    "password": "correct horse battery",
    "pause_reasons": ["Break", "Lunch"],
    "paused_at": None,
    "paused_reason": None,
    "penalty": 0,
    "place": 1,
    "position": 1,
    "priority": 50,
    "our_number": "5000",
    "queue": "Support",
    "received_number": "12025550147",
    "queued_at": "2026-11-24T09:30:40Z",
    "reachable": True,
    "reason": "Lunch",
    "recorded": True,
    "refused": None,
    "refused_at": None,
    "not_offered": None,
    "registered": True,
    "revision": "connected.1.0",
    "seconds": 21.4,
    "server_time": "2026-11-24T09:32:10Z",
    "served_at": "2026-11-24T09:31:02Z",
    "since": "2026-11-24T09:31:02Z",
    "sip_secret": "kN4wT7rXq2VbLm9s",
    "skill": "French",
    "unheard": 2,
    "until": None,
    "waiting": 1,
    "wanted": None,
    "weekday": 0,
    # Where a name means something else than it usually does.
    "AgentOut.reason": None,
    "AgentOut.state": "on_call",
    "CallOut.brought_by": None,
    "CallOut.stage": "consulting",
    "CallbackOut.name": "Cleo Marsh",
    "CallbackOut.state": "waiting",
    "ChangeOut.call_id": None,
    "ChangeOut.id": 90177,
    "ChangeOut.queue": None,
    "ChangeOut.queue_id": None,
    "ChangeOut.state": "paused",
    "CodeOut.key": "1",
    "CodeOut.name": "Solved",
    "FloorAgentOut.agent_id": "1002",
    "FloorAgentOut.call": None,
    "FloorAgentOut.extension": "1002",
    "FloorAgentOut.name": "Dora Klein",
    "FloorAgentOut.pauses": [],
    "FloorAgentOut.reason": None,
    "FloorAgentOut.role": "supervisor",
    "FloorAgentOut.state": "idle",
    "FloorAgentOut.user_id": _COLLEAGUE,
    "DestinationIn.menu_id": None,
    "ExitIn.target_queue_id": None,
    "ExitOut.target_queue_id": None,
    "ExtendRequest.seconds": 30,
    "GlanceOut.stage": "connected",
    "GuestOut.answered": True,
    "GuestOut.name": "Dora Klein",
    "GuestOut.party": None,
    "GuestOut.user_id": _COLLEAGUE,
    "Health.status": "ok",
    "HolidayModel.closes": None,
    "HolidayModel.day": "2026-12-25",
    "HolidayModel.name": "Christmas Day",
    "HolidayModel.opens": None,
    "HoursModel.name": "Office hours",
    "LowDiskOut.megabytes": 640,
    "LowDiskOut.node": "node1",
    "MenuModel.name": "Front door",
    "MenuModel.options": {"1": str(uuid5(NAMESPACE_OID, "queue_id"))},
    "MenuModel.otherwise_queue_id": None,
    "MuteRequest.muted": True,
    "Named.name": "French",
    "NewNumber.menu_id": None,
    "NewUserOut.sip_secret": None,
    "NumberOut.leads_to": "Support",
    "NumberOut.menu_id": None,
    "NumberOut.number": "5000",
    "CalledBackOut.agent": "Anna Berg",
    "CallPartOut.agent": "Ben Wolf",
    "CallPartOut.wrap_up_code": "Needs billing",
    "PartRequest.code": "Needs billing",
    "PastCallOut.agent": "Anna Berg",
    "PastCallOut.called_back": None,
    "PastCallOut.exit": None,
    "PastCallOut.failure": None,
    "PastCallOut.waited": 12.5,
    "PastCallOut.wrap_up_code": "Solved",
    "PastCallOut.wrap_up_codes": [],
    "PhoneCredentials.ha1": "5f4dcc3b5aa765d61d8327deb882cf99",
    "PhoneCredentials.realm": "everline",
    "PhoneCredentials.uri": "sip:1001@everline",
    "PhoneCredentials.username": "1001",
    "PhoneCredentials.ws_path": "/phone/ws",
    "UserPhoneOut.number": "1001",
    "PhoneOut.since": "2026-11-24T08:01:11Z",
    "QueueDetails.name": "Support",
    "QueueOut.members": ["Anna Berg"],
    "QueueLineOut.name": "Support",
    "QueueOut.name": "Support",
    "QueueOut.numbers": ["5000"],
    "ReachRequest.number": None,
    "ReachRequest.user_id": _COLLEAGUE,
    "ReasonOut.name": "Lunch",
    "StateRequest.state": "paused",
    "WaitingOut.call_id": _OTHER_CALL,
    "WaitingOut.customer_name": "Emil Novak",
    "WantedSkillOut.name": "French",
    "WrapUpCodeOut.key": "1",
    "WrapUpCodeOut.name": "Solved",
}
_FORMATS: Mapping[str, str] = {"date-time": "2026-11-24T09:30:00Z", "date": "2026-11-24", "time": "09:30:00"}
_TYPES: Mapping[str, Any] = {"boolean": False, "object": {}}


class NoExampleError(LookupError):
    """A field for which nothing says what an example of it would be; the message names it."""


class Examples:
    """Makes examples by the schemas of one description."""

    def __init__(self, schemas: Mapping[str, Any]) -> None:
        self._schemas = schemas

    def of(self, schema: Mapping[str, Any], model: str = "", field: str = "") -> Any:
        """An example that a schema allows, for a body or for a field. Raises NoExampleError."""
        if "examples" in schema:
            return schema["examples"][0]
        for known in (f"{model}.{field}", field):
            if known in _FIELDS:
                return _FIELDS[known]
        if schema.get("default") not in (None, []):
            return schema["default"]
        if "$ref" in schema:
            name = str(schema["$ref"]).rpartition("/")[2]
            return self._of_model(self._schemas[name], name, field)
        return self._of_type(schema, model, field)

    def _of_model(self, schema: Mapping[str, Any], model: str, field: str) -> Any:
        if "examples" in schema:
            return schema["examples"][0]
        if schema.get("type") == "object":
            return {name: self.of(part, model, name) for name, part in schema.get("properties", {}).items()}
        return self._of_type(schema, model, field)

    def _of_type(self, schema: Mapping[str, Any], model: str, field: str) -> Any:
        match schema:
            case {"anyOf": alternatives}:
                found = self.of(_not_null(alternatives), model, field)
            case {"const": found}:
                pass
            case {"enum": [found, *_]}:
                pass
            case {"type": "array", "items": items}:
                found = [self.of(items, model, field)]
            case {"format": "uuid"}:
                found = str(uuid5(NAMESPACE_OID, field))
            case {"format": format_} if format_ in _FORMATS:
                found = _FORMATS[format_]
            case {"type": type_} if type_ in _TYPES:
                found = _TYPES[type_]
            case _:
                raise NoExampleError(f"{model}.{field} has no example: give its field one, or api.openapi.examples.")
        return found


def _not_null(alternatives: Iterable[Mapping[str, Any]]) -> Mapping[str, Any]:
    return next(schema for schema in alternatives if schema.get("type") != "null")
