"""Finds what is readable in a history as Temporal keeps it."""

from collections.abc import Iterator

from google.protobuf.message import Message
from temporalio.api.common.v1 import Payload
from temporalio.api.failure.v1 import Failure
from temporalio.api.history.v1 import MarkerRecordedEventAttributes

from workflows.core.payload_codec import ENCODING

_HARMLESS = (ENCODING, b"binary/null")
_OF_THE_SDK = {"core_local_activity": "data", "core_patch": "patch-data"}
"""What the SDK itself notes with a marker: the number of a step and its name."""


def clear_parts(message: Message) -> Iterator[str]:
    """What a message of Temporal's tells in payloads and in errors without a key."""
    if isinstance(message, Payload):
        if message.metadata["encoding"] not in _HARMLESS:
            yield message.data.decode(errors="replace")
        return
    if isinstance(message, Failure) and message.HasField("encoded_attributes"):
        yield from [text for text in (message.message, message.stack_trace) if text not in {"", "Encoded failure"}]
    for field, value in message.ListFields():
        if field.message_type is None:
            continue
        if field.message_type.GetOptions().map_entry:
            marker = message.marker_name if isinstance(message, MarkerRecordedEventAttributes) else ""
            parts = [
                part for name, part in value.items() if name != _OF_THE_SDK.get(marker) and isinstance(part, Message)
            ]
        else:
            parts = list(value) if field.is_repeated else [value]
        for part in parts:
            yield from clear_parts(part)
