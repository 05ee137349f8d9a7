import asyncio
from collections.abc import Sequence

from domain.calls import ids
from telephony.asterisk import Asterisk


async def speak_instead(asterisk: Asterisk, call_id: str, customer: str, sounds: Sequence[str], count: int) -> None:
    """Speaks to the caller in place of what was spoken, or of the music. `count` numbers what is played in the call."""
    if count > 1:
        await asyncio.gather(*(asterisk.stop_playing(playing) for playing in ids.played(call_id, count - 1)))
    await asterisk.stop_music(customer)
    await asterisk.speak(customer, ids.announcement(call_id, count), sounds)
