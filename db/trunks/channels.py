"""The channels of trunks: how many calls each has, counted by what calls hold, and how many it may have."""

from dataclasses import dataclass

from sqlalchemy import text

from db.core.engine import WriteSession

# The trunk's row is held meanwhile, so that two nodes never both take the last channel; not where there is no limit.
_LOCK = text("""
    SELECT max_channels FROM trunks
    WHERE name = :trunk AND removed_at IS NULL AND max_channels > 0 AND (limits_inbound OR NOT :inbound)
    FOR UPDATE
""")
# In wrap-up, and while a callback waits for its next try, nobody is on the line any more.
_USED = text("""
    SELECT (SELECT count(*) FROM calls
            WHERE trunk = :trunk AND NOT (id = :call_id AND NOT :is_guest) AND stage NOT IN ('wrap_up', 'closed'))
        + (SELECT count(*) FROM participants
            WHERE trunk = :trunk AND until IS NULL AND NOT (call_id = :call_id AND :is_guest))
""")
_TAKE = text("UPDATE calls SET trunk = :trunk WHERE id = :call_id")
_TAKE_FOR_GUEST = text("""
    UPDATE participants SET trunk = :trunk WHERE call_id = :call_id AND role = 'third_party' AND until IS NULL
""")


@dataclass(frozen=True)
class Channel:
    """A leg of a call on a trunk: that of its customer, or of a third party outside."""

    trunk: str
    call_id: str
    is_guest: bool = False


async def take(session: WriteSession, channel: Channel) -> bool:
    """Notes that somebody is called by a trunk; False, and nothing is noted, when all its channels are taken."""
    if await _is_full(session, channel, inbound=False):
        return False
    taken = _TAKE_FOR_GUEST if channel.is_guest else _TAKE
    await session.execute(taken, {"trunk": channel.trunk, "call_id": channel.call_id})
    return True


async def lets_in(session: WriteSession, channel: Channel) -> bool:
    """Whether a call that comes by a trunk is let in: always, unless its limit is for such calls, too."""
    return not await _is_full(session, channel, inbound=True)


async def _is_full(session: WriteSession, channel: Channel, *, inbound: bool) -> bool:
    most = await session.scalar(_LOCK, {"trunk": channel.trunk, "inbound": inbound})
    if most is None:
        return False
    about = {"trunk": channel.trunk, "call_id": channel.call_id, "is_guest": channel.is_guest}
    used = await session.scalar(_USED, about) or 0
    return bool(used >= most)
