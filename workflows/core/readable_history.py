"""Makes what Temporal keeps of a call readable again, for who has the keys."""

import json
from collections.abc import Iterator

from google.protobuf.message import Message
from temporalio.api.common.v1 import Payload
from temporalio.api.failure.v1 import Failure
from temporalio.converter import PayloadCodec


async def make_readable(message: Message, codec: PayloadCodec) -> None:
    """Decrypts every payload in a message, and puts the words of errors where they belong. Raises as the codec."""
    if isinstance(message, Payload):
        [plain] = await codec.decode([message])
        message.CopyFrom(plain)
        return
    for part in parts(message):
        await make_readable(part, codec)
    if isinstance(message, Failure) and message.HasField("encoded_attributes"):
        words = json.loads(message.encoded_attributes.data)
        message.message, message.stack_trace = words["message"], words["stack_trace"]
        message.ClearField("encoded_attributes")


def parts(message: Message) -> Iterator[Message]:
    """The messages in a message."""
    for field, value in message.ListFields():
        if field.message_type is None:
            continue
        if field.message_type.GetOptions().map_entry:
            yield from (one for one in value.values() if isinstance(one, Message))
        elif field.is_repeated:
            yield from value
        else:
            yield value
