from collections.abc import Sequence

from telephony.ari.request import path
from telephony.commands import Commands
from telephony.errors import AlreadyExists, Conflict, NotFound
from telephony.model import Bridge, read_bridge


class BridgeCommands(Commands):
    """Commands to bridges."""

    async def create_bridge(self, bridge: str) -> bool:
        """Make a bridge under an id of ours; False when it is there already."""
        try:
            await self._requester.request("POST", path("bridges", bridge), query={"type": "mixing"})
        except AlreadyExists:
            return False
        return True

    async def add_to_bridge(self, bridge: str, channels: Sequence[str]) -> None:
        """Let channels hear each other; one that is in stays in. Raises NotFound and NotInApplication.

        A channel that hears music goes on hearing it, and not the others: stop_music first. One that hears a playback
        comes in when that is over: stop_playing first, or RequestTimedOut is raised.
        """
        await self._waiting.request(
            "POST", path("bridges", bridge, "addChannel"), query={"channel": ",".join(channels)}
        )

    async def remove_from_bridge(self, bridge: str, channel: str) -> None:
        """Take a channel out, if it, the bridge and its being there all are."""
        try:
            await self._waiting.request("POST", path("bridges", bridge, "removeChannel"), query={"channel": channel})
        except (NotFound, Conflict):
            return

    async def destroy_bridge(self, bridge: str) -> bool:
        """Dissolve a bridge; its channels stay ours, in silence. False when it was gone already."""
        try:
            await self._requester.request("DELETE", path("bridges", bridge))
        except (NotFound, Conflict):
            # A conflict: it is being dissolved just now.
            return False
        return True

    async def bridge(self, bridge: str) -> Bridge:
        """One bridge. Raises NotFound."""
        return read_bridge(await self._requester.request("GET", path("bridges", bridge)))

    async def bridges(self) -> list[Bridge]:
        """Every bridge. Only those that a channel is or was in, unless it is by AriHttp."""
        return [read_bridge(found) for found in await self._all("bridges", "bridge_ids")]
