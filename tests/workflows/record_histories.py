"""Saves the histories of real calls, for the replay test: python -m tests.workflows.record_histories."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

from api.calls.commands import Calls
from domain.agents.agent import AgentState, Role
from domain.calls import ids
from domain.calls.call import CallStage, Purpose
from domain.queues.exits import ExitAction, Occasion
from everline.stack import Stack
from tests.calls.talk import Talk
from tests.support.centre import Centre
from tests.support.stack import stack_settings, temporary_home
from tests.workflows.saved import FOLDER, keep, told
from workflows.calls.workflow import CallWorkflow
from workflows.core.payload_codec import EncryptingCodec


async def record() -> None:
    """Places one call of each kind that is not saved yet, and writes down what Temporal kept of it."""
    with temporary_home() as home:
        async with Stack(stack_settings(home)) as stack:
            centre = Centre(stack)
            await centre.add_trunk()
            for names, place in KINDS.items():
                if not all((FOLDER / f"{name}.json").exists() for name in names):
                    for name, call_id in zip(names, await place(centre), strict=True):
                        await _save(centre, name, call_id)
            await centre.close()


async def answered(centre: Centre) -> Sequence[str]:
    """An agent is free, answers, and the customer hangs up."""
    agent = await centre.add_agent()
    number = await centre.add_queue([agent])
    await centre.arrive(agent)
    async with centre.desk_phone() as phone, centre.customer() as customer:
        await centre.register(phone, agent)
        await customer.dial(centre.uri(number))
        await (await phone.next_call()).answer()
        await centre.until_state(agent, AgentState.ON_CALL)
        await customer.hang_up()
        return [(await centre.completed_cdr(number)).call_id]


async def declined_then_answered(centre: Centre) -> Sequence[str]:
    """The only agent declines, is rung again later, answers and hangs up."""
    agent = await centre.add_agent()
    number = await centre.add_queue([agent])
    await centre.arrive(agent)
    async with centre.desk_phone() as phone, centre.customer() as customer:
        await centre.register(phone, agent)
        await customer.dial(centre.uri(number))
        await (await phone.next_call()).decline()
        again = await phone.next_call()
        await again.answer()
        await centre.until_state(agent, AgentState.ON_CALL)
        await again.hang_up()
        return [(await centre.completed_cdr(number)).call_id]


async def abandoned(centre: Centre) -> Sequence[str]:
    """Nobody is there, and the customer gives up."""
    number = await centre.add_queue([])
    async with centre.customer() as customer:
        await customer.dial(centre.uri(number))
        await centre.until_stage(number, CallStage.WAITING)
        await customer.hang_up()
        return [(await centre.completed_cdr(number)).call_id]


async def unknown_number(centre: Centre) -> Sequence[str]:
    """The number is not ours."""
    async with centre.customer() as customer:
        call = await customer.dial(centre.uri("99887766"))
        await call.wait_for_end()
        return [(await centre.completed_cdr("99887766")).call_id]


async def rang_all(centre: Centre) -> Sequence[str]:
    """Two phones ring, and one is picked up."""
    agents = [await centre.add_agent(), await centre.add_agent()]
    number = await centre.add_queue(agents)
    await centre.set_rules(number, strategy="ring_all")
    await centre.arrive(*agents)
    async with centre.desk_phone() as phone, centre.desk_phone() as other, centre.customer() as customer:
        await centre.register(phone, agents[0])
        await centre.register(other, agents[1])
        await customer.dial(centre.uri(number))
        await other.next_call()
        await (await phone.next_call()).answer()
        await centre.until_state(agents[0], AgentState.ON_CALL)
        await customer.hang_up()
        return [(await centre.completed_cdr(number)).call_id]


async def left_a_message(centre: Centre) -> Sequence[str]:
    """Nobody is logged in, and the caller leaves a message."""
    number = await centre.add_queue([])
    await centre.set_exit(number, Occasion.NO_AGENTS, ExitAction.VOICEMAIL, message="beep")
    async with centre.customer() as customer:
        await customer.dial(centre.uri(number))
        await centre.until_recording(number)
        await customer.hang_up()
        return [(await centre.completed_cdr(number)).call_id]


async def called_back(centre: Centre) -> Sequence[str]:
    """A caller asks to be called back, and is: the first time the line is busy."""
    agent = await centre.add_agent()
    number = await centre.add_queue([agent])
    await centre.set_rules(number, callback_key="5", callback_busy_seconds=1)
    async with centre.desk_phone() as phone, centre.customer() as customer:
        await centre.call_out_to(customer)
        await centre.register(phone, agent)
        call = await customer.dial(centre.uri(number), caller_number="+12025550147")
        waiting = await centre.until_stage(number, CallStage.WAITING)
        await call.dtmf("5")
        await centre.until_dialog(waiting.id)
        await call.dtmf("1")
        await call.wait_for_end(30)
        await centre.arrive_and_wake(agent)
        await (await phone.next_call()).answer()
        await (await customer.next_call()).decline(486)
        await (await phone.next_call(20)).answer()
        await (await customer.next_call()).answer()
        await centre.until_stage(number, CallStage.CONNECTED)
        await customer.hang_up()
        return waiting.id, (await centre.cdr_of(ids.callback(waiting.id))).call_id


async def dialled_on_the_phone(centre: Centre) -> Sequence[str]:
    """An agent dials a customer on the desk phone, and they talk."""
    agent = await centre.add_agent()
    async with centre.desk_phone() as phone, centre.customer() as customer:
        await centre.call_out_to(customer)
        await centre.register(phone, agent)
        await phone.dial(centre.uri("2025550147"))
        await (await customer.next_call()).answer()
        call_id = await centre.call_of(agent)
        await centre.until(lambda: centre.is_at(call_id, CallStage.CONNECTED))
        await customer.hang_up()
        return [(await centre.cdr_of(call_id)).call_id]


@asynccontextmanager
async def _talk(centre: Centre) -> AsyncIterator[Talk]:
    """A customer who talks with an agent, and a supervisor whose phone is there."""
    agent, boss = await centre.add_agent(), await centre.add_agent(role=Role.SUPERVISOR)
    number = await centre.add_queue([agent])
    await centre.arrive(agent, boss)
    async with centre.desk_phone() as phone, centre.desk_phone() as boss_phone, centre.customer() as customer:
        await centre.register(phone, agent)
        await centre.register(boss_phone, boss)
        dialled = await customer.dial(centre.uri(number))
        with_agent = await phone.next_call()
        await with_agent.answer()
        call = await centre.until_stage(number, CallStage.CONNECTED)
        calls = Calls(await centre.temporal())
        yield Talk(centre, calls, call.id, number, agent, boss, dialled, with_agent, boss_phone, phone)
        await centre.cdr_of(call.id)


async def controlled(centre: Centre) -> Sequence[str]:
    """Hold, keys, mute, a pause of the recording, a consultation that is let go, a conference, and more wrap-up."""
    async with _talk(centre) as talk:
        call_id, calls, by = talk.call_id, talk.calls, talk.by_agent
        await calls.ask(CallWorkflow.hold, call_id, by, True)
        await calls.ask(CallWorkflow.hold, call_id, by, False)
        await calls.ask(CallWorkflow.send_digits, call_id, by, "1")
        await calls.ask(CallWorkflow.mute, call_id, by, True)
        await calls.ask(CallWorkflow.pause_recording, call_id, by, True)
        await talk.consult()
        await calls.ask(CallWorkflow.cancel, call_id, by)
        asked = await talk.reach(Purpose.CONSULT)
        await asked.answer()
        await talk.at(CallStage.CONSULTING)
        await calls.ask(CallWorkflow.conference, call_id, by)
        await calls.ask(CallWorkflow.hang_up, call_id, by)
        await calls.ask(CallWorkflow.extend_wrap_up, call_id, by, 30)
        await calls.ask(CallWorkflow.complete_wrap_up, call_id, by, None)
    return [call_id]


async def transferred(centre: Centre) -> Sequence[str]:
    """A transfer that is declined, one that is answered, and one after a consultation."""
    async with _talk(centre) as talk:
        await (await talk.reach(Purpose.TRANSFER)).decline()
        await talk.at(CallStage.CONNECTED)
        asked = await talk.reach(Purpose.CONSULT)
        await asked.answer()
        await talk.at(CallStage.CONSULTING)
        await talk.calls.ask(CallWorkflow.hand_over, talk.call_id, talk.by_agent)
        await talk.customer.hang_up()
    return [talk.call_id]


async def cut_off_and_back(centre: Centre) -> Sequence[str]:
    """An agent is cut off in a consultation, and comes back to it."""
    async with _talk(centre) as talk:
        await talk.consult()
        await talk.calls.ask(CallWorkflow.rejoin, talk.call_id, talk.by_agent)
        again = await talk.next_of_agent()
        await again.answer()
        await talk.at(CallStage.CONSULTING)
        await talk.customer.hang_up()
    return [talk.call_id]


async def _save(centre: Centre, name: str, call_id: str) -> None:
    handle = (await centre.temporal()).get_workflow_handle(ids.workflow(call_id))
    await handle.result()
    keep(await told(handle, EncryptingCodec(centre.history_keys)), name)


KINDS: dict[tuple[str, ...], Callable[[Centre], Awaitable[Sequence[str]]]] = {
    ("answered",): answered,
    ("declined-then-answered",): declined_then_answered,
    ("abandoned",): abandoned,
    ("unknown-number",): unknown_number,
    ("rang-all",): rang_all,
    ("voicemail",): left_a_message,
    ("asked-to-be-called-back", "called-back"): called_back,
    ("dialled-on-the-phone",): dialled_on_the_phone,
    ("controlled",): controlled,
    ("transferred",): transferred,
    ("cut-off-and-back",): cut_off_and_back,
}
"""What is saved. What a change adds gets a name of its own; nothing is recorded again."""


if __name__ == "__main__":
    asyncio.run(record())
    os._exit(0)  # The SDK's threads can crash an ordinary exit of a short program.
