"""What customers and agents do in the calls of a chaos run. No story minds what fails on the way: the verdict does."""

import asyncio
import contextlib
import itertools
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from temporalio.service import RPCError

from tests.chaos.floor import CALLBACK_KEY, PATIENCE, Floor, Seat, patiently
from tests.phones.errors import PhoneError, PhoneTimeout
from tests.phones.phone_call import PhoneCall

_STEP = 0.1
_TALK = 2.5
"""Seconds of talk where nothing else is to happen."""
_ENDING, _DEAD = 5.0, 1.0
"""Seconds that the end of a call may take, and one that has no other side any more."""
_TOO_LONG = 30.0
"""A talk, or a dialogue, that nobody ends by then is ended by the customer."""


@dataclass
class Story:
    """One call: `number` is the customer's and no other call's."""

    floor: Floor
    number: str
    chance: random.Random
    calls: list[PhoneCall]
    """The customer's own calls to us."""

    async def dial_in(self, number: str) -> PhoneCall:
        """The customer calls one of our numbers."""
        call = await self.floor.customers.dial(self.floor.centre.uri(number), caller_number=self.number)
        self.calls.append(call)
        return call

    async def agent(self, call: PhoneCall) -> tuple[Seat, PhoneCall] | None:
        """Who talks with the customer now; None when the call is over first."""
        async with asyncio.timeout(PATIENCE):
            while not call.ended:
                for seat in self.floor.seats:
                    for leg in seat.phone.calls:
                        if self.number in leg.caller and leg.answered and not leg.ended:
                            return seat, leg
                await asyncio.sleep(_STEP)
        return None


async def _ended_by_customer(story: Story) -> None:
    call = await story.dial_in(story.floor.number)
    if await story.agent(call):
        await asyncio.sleep(_TALK)
    await call.hang_up(PATIENCE)


async def _ended_by_agent(story: Story) -> None:
    call = await story.dial_in(story.floor.number)
    talk = await story.agent(call)
    if talk is not None:
        await asyncio.sleep(_TALK)
        with contextlib.suppress(PhoneError):
            await talk[1].hang_up()
        # Our phone hung up: so must the customer's, as soon as the centre can.
        with contextlib.suppress(PhoneTimeout):
            await call.wait_for_end(PATIENCE)
    await call.hang_up(PATIENCE)


async def _given_up(story: Story) -> None:
    call = await story.dial_in(story.floor.number)
    await asyncio.sleep(story.chance.uniform(0.05, 1.5))
    await call.hang_up(PATIENCE)


async def _held(story: Story) -> None:
    call = await story.dial_in(story.floor.number)
    talk = await story.agent(call)
    if talk is not None:
        for held in (True, False):
            await asyncio.sleep(1)
            await talk[0].press("hold", {"held": held})
    await asyncio.sleep(1)
    await call.hang_up(PATIENCE)


async def _consulted(story: Story) -> None:
    await _with_boss(story, "consult", "cancel")


async def _handed_over(story: Story) -> None:
    await _with_boss(story, "consult", "hand-over")


async def _conferred(story: Story) -> None:
    await _with_boss(story, "consult", "conference")


async def _transferred(story: Story) -> None:
    await _with_boss(story, "transfer", None)


async def _with_boss(story: Story, purpose: str, then: str | None) -> None:
    call = await story.dial_in(story.floor.number)
    talk = await story.agent(call)
    if talk is not None:
        boss = story.floor.boss
        await asyncio.sleep(1)
        await talk[0].press("reach", {"purpose": purpose, "user_id": str(boss.account.user_id)})
        await asyncio.sleep(1.5)
        if then is not None:
            await talk[0].press(then)
        await asyncio.sleep(1.5)
    await call.hang_up(PATIENCE)


async def _dialled(story: Story) -> None:
    seat = story.chance.choice(story.floor.agents)
    if not await seat.dial(story.number):
        return
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_TOO_LONG):
            called = await _called(story)
            await called.wait_for("confirmed", _TOO_LONG)
            await asyncio.sleep(_TALK)
            await called.hang_up(PATIENCE)


async def _called(story: Story) -> PhoneCall:
    """Our call to the customer, as soon as the customer's phone has it."""
    while True:
        for call in story.floor.called.calls:
            if story.number in call.dialled:
                return call
        await asyncio.sleep(_STEP)


async def _called_back(story: Story) -> None:
    floor = story.floor
    async with floor.callback_turn:
        call = await story.dial_in(floor.callback_number)
        await call.wait_for("confirmed", PATIENCE)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_TOO_LONG):
                # One key asks for the dialog, one agrees to the number; a process that is away may have missed either.
                for key in itertools.cycle((CALLBACK_KEY, "1", "1", "1", "1")):
                    if call.ended:
                        break
                    with contextlib.suppress(PhoneError):
                        await call.dtmf(key)
                    await asyncio.sleep(2)
        with contextlib.suppress(PhoneError):
            await call.hang_up()
        await patiently(lambda: floor.centre.arrive_and_wake(floor.caller_back.account))
        try:
            async with asyncio.timeout(PATIENCE):
                called = await _called(story)
            await called.wait_for("confirmed", PATIENCE)
            await asyncio.sleep(_TALK)
            await called.hang_up(PATIENCE)
        finally:
            await patiently(lambda: floor.centre.leave(floor.caller_back.account))


@dataclass(frozen=True)
class Kind:
    """A way in which a call goes; `plain` when customer and agent talk with nobody else and without music."""

    name: str
    act: Callable[[Story], Awaitable[None]]
    plain: bool = False
    outbound: bool = False
    """Whether we call the customer."""


KINDS = (
    Kind("ended by the customer", _ended_by_customer, plain=True),
    Kind("ended by the agent", _ended_by_agent, plain=True),
    Kind("given up", _given_up),
    Kind("held", _held),
    Kind("consulted", _consulted),
    Kind("handed over", _handed_over),
    Kind("conferred", _conferred),
    Kind("transferred", _transferred),
    Kind("dialled", _dialled, outbound=True),
    Kind("called back", _called_back, outbound=True),
)


async def play(story: Story, kind: Kind, after: float) -> str | None:
    """Lets a story happen. Returns what broke it off; the verdict looks at the call all the same."""
    await asyncio.sleep(after)
    try:
        await kind.act(story)
    except asyncio.CancelledError:
        # It waited for a phone that has heard nothing of Asterisk's death.
        await _hang_up(story, _DEAD)
    except (PhoneError, TimeoutError, RPCError) as error:
        await _hang_up(story)
        return f"{kind.name} broke off: {str(error) or type(error).__name__}"
    return None


async def _hang_up(story: Story, patience: float = _ENDING) -> None:
    for call in story.calls:
        with contextlib.suppress(PhoneError):
            await call.hang_up(patience)
