"""Finds what is readable in a history as Temporal keeps it."""

from collections.abc import Iterator

from google.protobuf.message import Message
from temporalio.api.common.v1 import Payload
from temporalio.api.failure.v1 import Failure
from temporalio.api.history.v1 import MarkerRecordedEventAttributes

from workflows.core.payload_codec import ENCODING
from workflows.core.readable_history import parts

_HARMLESS = (ENCODING, b"binary/null")
_OF_THE_SDK = {"core_local_activity": "data", "core_patch": "patch-data"}
"""What the SDK itself notes with a marker: the number of a step and its name."""

_WORDS_OF_THE_SDK = {"", "Encoded failure"}


def clear_parts(message: Message) -> Iterator[str]:
    """What a message of Temporal's tells in payloads and in errors without a key."""
    if isinstance(message, Payload):
        if message.metadata["encoding"] not in _HARMLESS:
            yield message.data.decode(errors="replace")
        return
    if isinstance(message, Failure):
        yield from [text for text in (message.message, message.stack_trace) if text not in _WORDS_OF_THE_SDK]
    if isinstance(message, MarkerRecordedEventAttributes):
        known = _OF_THE_SDK.get(message.marker_name)
        inner: list[Message] = [part for name, part in message.details.items() if name != known]
        inner += [message.failure] if message.HasField("failure") else []
    else:
        inner = list(parts(message))
    for part in inner:
        yield from clear_parts(part)
