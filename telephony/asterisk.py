"""One Asterisk, as the rest of Everline commands it."""

from telephony.ari.request import path
from telephony.bridges import BridgeCommands
from telephony.channels import ChannelCommands
from telephony.config.ari import APPLICATION
from telephony.events import EVENT_TYPES
from telephony.model import AsteriskInfo, Endpoint, read_endpoint, read_info
from telephony.recordings import RecordingCommands

# Asterisk puts answers to requests through the same filter as events: without it no request is ever answered.
_ALWAYS_NEEDED = ("RESTResponse",)


class Asterisk(ChannelCommands, BridgeCommands, RecordingCommands):
    """The commands. Each is safe to repeat unless it says otherwise; all raise what Requester.request raises."""

    async def listen(self) -> None:
        """Ask for the events that we use, phones' registrations among them, and no others. Do so at each connection."""
        # An empty endpoint name means all of them, without the channel events that a named one brings along.
        await self._requester.request(
            "POST", path("applications", APPLICATION, "subscription"), query={"eventSource": "endpoint:"}
        )
        allowed = [{"type": name} for name in (*EVENT_TYPES, *_ALWAYS_NEEDED)]
        await self._requester.request(
            "PUT", path("applications", APPLICATION, "eventFilter"), body={"allowed": allowed}
        )

    async def endpoints(self) -> list[Endpoint]:
        """Every extension and trunk, and whether a phone is there. A trunk without checks counts as online."""
        found = await self._requester.request("GET", path("endpoints", "PJSIP"))
        return [read_endpoint(fields) for fields in found]

    async def endpoint(self, name: str) -> Endpoint:
        """One extension or trunk. Raises NotFound."""
        return read_endpoint(await self._requester.request("GET", path("endpoints", "PJSIP", name)))

    async def info(self) -> AsteriskInfo:
        """What this Asterisk is, and since when it runs."""
        return read_info(await self._requester.request("GET", "asterisk/info"))
