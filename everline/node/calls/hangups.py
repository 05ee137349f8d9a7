"""Why a leg has ended: its last event does not say who ended it, and the one before it does."""

from dataclasses import dataclass, field

from domain.calls.causes import HangupCause
from telephony.events import ChannelDestroyed, HangupRequested
from telephony.model import ChannelState

_NO_DIALOG = 481
"""What a phone answers that knows nothing of the call: it was switched off and on again."""
_NO_MEDIA = 406
"""What Asterisk gives for a phone that has answered without saying where to send the sound; no BYE comes to that."""
_DECLINES = frozenset({480, 486, 600, 603})
"""What phones answer whose user does not want the call: by a key, or by do-not-disturb."""
_GONE = 410
"""What a page answers that is closed or loaded anew while it rings."""


@dataclass(frozen=True)
class Why:
    """`lost`: the phone is gone, and nobody has hung up. `declined`: the agent does not want the call that rings.

    `moved`: the phone rang at an address, or in a page, that it has left; nobody has declined. `redirected`: who was
    called has named another number instead.
    """

    lost: bool = False
    declined: bool = False
    moved: bool = False
    redirected: bool = False


@dataclass
class Hangups:
    """What was asked of channels that are about to end.

    A BYE is a hang-up whatever its Reason says: only Asterisk itself, which has heard nothing of a phone for too long,
    asks "softly". And a phone that nobody picks up ends without being asked, a phone that declines asks.
    What is missing here, after a restart just then, counts as an ordinary hang-up.
    """

    most: int = 10_000
    _asked: dict[str, HangupRequested] = field(default_factory=dict)
    _decided: dict[str, Why] = field(default_factory=dict)
    _redirected: set[str] = field(default_factory=set)

    def requested(self, event: HangupRequested) -> None:
        """Notes what was asked, and forgets the oldest beyond the limit."""
        self._asked[event.channel.id] = event
        if len(self._asked) > self.most:
            del self._asked[next(iter(self._asked))]

    def redirected(self, channel_id: str) -> None:
        """Notes that a channel is about to end by a redirection.

        Asterisk hangs up the channel itself then, and if it is quicker than its SIP stack, the status is not the 302.
        """
        self._redirected.add(channel_id)

    def decided(self, channel_id: str, why: Why) -> None:
        """Notes why we are about to hang up a channel ourselves."""
        self._decided[channel_id] = why

    def ended(self, event: ChannelDestroyed) -> Why:
        """Why a channel has ended."""
        asked = self._asked.pop(event.channel.id, None)
        decided = self._decided.pop(event.channel.id, None)
        redirected = event.channel.id in self._redirected
        self._redirected.discard(event.channel.id)
        if decided is not None:
            return decided
        if redirected:
            return Why(redirected=True)
        if asked is None:
            return Why()
        if event.channel.state is not ChannelState.UP:
            return Why(declined=not asked.soft and asked.status in _DECLINES, moved=asked.status == _GONE)
        # Of a phone at another node, that one tells it.
        silent = (asked.soft or event.channel.is_at_other_node) and event.cause_number == HangupCause.NO_SOUND
        return Why(lost=silent or asked.status in {_NO_DIALOG, _NO_MEDIA})
