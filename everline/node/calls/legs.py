"""What a channel of Asterisk's is to us, told by its id and by how it entered our application: no table is needed."""

from datetime import datetime

from domain.calls import ids
from domain.calls.arrival import Arrival
from telephony.config.dialplan import DIALLED, INBOUND
from telephony.model import Channel


def leg_of(channel: Channel) -> ids.Leg:
    """The call and the leg that a channel is. A phone that dials has an id of Asterisk's, just as a caller has."""
    return ids.dialling_leg(channel.id) if channel.way_in == DIALLED else ids.parse_leg(channel.id)


def arrival_of(channel: Channel, node: str, at: datetime) -> Arrival | None:
    """The call that begins with a channel: a customer's, or one that an agent dials on the phone; else None."""
    dialled = channel.arguments[1] if len(channel.arguments) > 1 else channel.dialled
    if channel.way_in == INBOUND:
        return Arrival(
            channel.id,
            node,
            dialled,
            None,
            channel.caller_name,
            at,
            trunk=channel.endpoint,
            received_number=channel.caller_number,
        )
    if channel.way_in == DIALLED:
        # The channel's own name says which phone dials. What the phone says of itself may be forged.
        return Arrival(leg_of(channel).call_id, node, "", dialled, "", at, dialled_on=channel.endpoint)
    return None
