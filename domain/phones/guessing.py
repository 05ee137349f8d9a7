"""When wrong SIP passwords count as guessing, and how long the address is banned for it."""

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

WRONG = 10
"""Wrong answers within WITHIN that are guesses. A phone with a wrong password asks once or twice a minute."""
WITHIN = timedelta(minutes=1)
_FIRST_BAN = timedelta(minutes=1)
_LONGEST_BAN = timedelta(days=1)
_LONGEST_FORGEABLE = timedelta(minutes=8)
"""The same for wrong answers over UDP. Their address may be forged, so the ban of an innocent one is short.
Ten guesses in that time are too few to find a password."""
FORGOTTEN_AFTER = timedelta(days=1)
"""How long after the end of a ban the next one is longer for it."""
KNOWN_FOR = timedelta(days=30)
"""How long an address from which a phone proved its password is known: it is not banned for guesses of others."""
_SOURCES = 10_000


def source_of(address: str) -> str:
    """What is counted and banned: an IPv4 address, or the /64 network of an IPv6 address, which one owner has."""
    found = ip_address(address)
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    if isinstance(found, IPv6Address):
        return str(ip_network((int(found), 64), strict=False).network_address)
    return str(found)


def ban_length(times: int, *, may_be_forged: bool = False) -> timedelta:
    """How long the `times`-th ban of a source lasts: a minute, and each twice as long as the one before, to a limit."""
    return min(_FIRST_BAN * (1 << min(times - 1, 20)), _LONGEST_FORGEABLE if may_be_forged else _LONGEST_BAN)


@dataclass
class Guesses:
    """Counts wrong answers by source. Of too many sources the longest silent ones are forgotten."""

    most: int = WRONG
    within: timedelta = WITHIN
    _wrong: OrderedDict[str, deque[datetime]] = field(default_factory=OrderedDict)

    def wrong(self, source: str, at: datetime) -> bool:
        """Notes a wrong answer. True when there are too many now; the count then begins anew."""
        times = self._wrong.setdefault(source, deque(maxlen=self.most))
        self._wrong.move_to_end(source)
        times.append(at)
        if len(self._wrong) > _SOURCES:
            self._wrong.popitem(last=False)
        if len(times) < self.most or at - times[0] > self.within:
            return False
        del self._wrong[source]
        return True
