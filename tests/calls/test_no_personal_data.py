"""Numbers, names and digits of a call are in no history and in no log, in whatever way the call goes."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text
from temporalio.client import Client

from api.calls.commands import Calls
from db.accounts.accounts import NewAccount
from db.core.clock import now
from db.models import Cdr, Menu, MenuOption, Number
from db.users import sessions
from domain.agents.agent import AgentState, Role
from domain.calls import ids
from domain.calls.call import CallStage, Purpose
from domain.queues.exits import ExitAction, Occasion
from telephony.provisioning import Provisioning
from tests.api.browser import Browser
from tests.calls.talk import Talk
from tests.phones.soft_phone import SoftPhone
from tests.support.centre import Centre
from tests.support.histories import clear_parts
from workflows.calls.updates import Target
from workflows.calls.workflow import CallWorkflow

NAME = "Zaphodine Quuxley"
CALLER = "+12025552718"
OUTSIDE = "+12025553141"
TYPED = "2025551618"
PRESSED = "86753099"
SENT = "90210774"
MARKS = ("Zaphodine", "Quuxley", "5552718", "5553141", "5551618", PRESSED, SENT)


@dataclass
class Desk:
    """An agent with a phone and a page, a supervisor with a phone, and a customer whose number and name are marks."""

    centre: Centre
    agent: NewAccount
    boss: NewAccount
    phone: SoftPhone
    boss_phone: SoftPhone
    customer: SoftPhone
    browser: Browser
    began: datetime = field(default_factory=lambda: datetime.now(UTC))

    async def marks(self) -> list[str]:
        """Where marks are found."""
        async with self.centre.database.read() as session:
            calls = list(await session.scalars(select(Cdr.call_id).where(Cdr.arrived_at >= self.began)))
        assert calls
        temporal = await Client.connect(self.centre.settings.temporal)
        found = [mark for call_id in calls async for mark in _in_history(temporal, call_id)]
        return found + list(_in_files(self.centre))

    async def queue(self, **rules: object) -> str:
        number = await self.centre.add_queue([self.agent])
        if rules:
            await self.centre.set_rules(number, **rules)
        return number


async def _in_history(temporal: Client, call_id: str) -> AsyncIterator[str]:
    """What of a call is readable as Temporal keeps it."""
    for event in (await temporal.get_workflow_handle(ids.workflow(call_id)).fetch_history()).events:
        for part in clear_parts(event):
            yield f"{call_id}, event {event.event_id}: {part}"
        for mark in MARKS:
            if mark.encode() in event.SerializeToString():
                yield f"{call_id}, event {event.event_id}: {mark}"


def _in_files(centre: Centre) -> Iterable[str]:
    """The files with marks: every log of every part, and Temporal's own store."""
    for folder in ("log", "temporal"):
        for path in (centre.settings.home / folder).rglob("*"):
            if path.is_file():
                content = path.read_bytes()
                for mark in MARKS:
                    if mark.encode() in content:
                        line = next(line for line in content.split(b"\n") if mark.encode() in line)
                        yield f"{path.name}: {mark}: {line[:2000]!r}"


@pytest.fixture
async def desk(centre: Centre) -> AsyncIterator[Desk]:
    agent, boss = await centre.add_agent(), await centre.add_agent(role=Role.SUPERVISOR)
    made = sessions.new_token()
    async with centre.database.write() as session:
        await sessions.start(session, agent.user_id, sessions.hash_token(made), now())
    async with (
        centre.desk_phone() as phone,
        centre.desk_phone() as boss_phone,
        centre.customer() as customer,
        Browser(f"http://127.0.0.1:{centre.settings.portal_port}", made) as browser,
    ):
        await centre.register(phone, agent)
        await centre.register(boss_phone, boss)
        await centre.call_out_to(customer)
        yield Desk(centre, agent, boss, phone, boss_phone, customer, browser)


@asynccontextmanager
async def talking(desk: Desk) -> AsyncIterator[Talk]:
    """The customer has come by a menu, and talks with the agent."""
    centre, queue = desk.centre, await desk.queue()
    number, menu_id = str(int(queue) + 500), ids.uuid7()
    async with centre.database.write() as session:
        session.add(Menu(id=menu_id, name=f"Menu {number}", prompt=["demo-instruct"], patience_seconds=5))
        await session.flush()
        session.add(MenuOption(menu_id=menu_id, digit="2", queue_id=await centre.queue_id(session, queue)))
        session.add(Number(number=number, menu_id=menu_id))
    await centre.arrive(desk.agent, desk.boss)
    dialled = await desk.customer.dial(centre.uri(number), caller_name=NAME, caller_number=CALLER)
    call = await centre.until_stage(number, CallStage.ARRIVING)
    await dialled.dtmf("2")
    with_agent = await desk.phone.next_call()
    assert NAME in with_agent.caller_name
    await with_agent.answer()
    await centre.until(lambda: centre.is_at(call.id, CallStage.CONNECTED))
    calls = Calls(await centre.temporal())
    yield Talk(centre, calls, call.id, number, desk.agent, desk.boss, dialled, with_agent, desk.boss_phone, desk.phone)
    await dialled.hang_up()
    await centre.cdr_of(call.id)


async def keys(desk: Desk) -> None:
    """Both press keys in the talk, and the agent by the page."""
    async with talking(desk) as talk:
        await talk.talk("c", "1")
        await talk.customer.dtmf(PRESSED)
        await talk.with_agent.wait_for_digits(PRESSED, 20)
        await talk.calls.ask(CallWorkflow.hold, talk.call_id, talk.by_agent, True)
        await talk.talk("1")
        await talk.customer.dtmf(PRESSED)
        await talk.calls.ask(CallWorkflow.hold, talk.call_id, talk.by_agent, False)
        await talk.calls.ask(CallWorkflow.send_digits, talk.call_id, talk.by_agent, SENT)
        await talk.customer.wait_for_digits(SENT, 20)
        await refused(talk, "keys", desk, digits=f"{SENT}x")
    assert await told_keys(desk, talk.call_id) == 1  # The menu's.


async def refused(talk: Talk, verb: str, desk: Desk, **asked: object) -> None:
    """The agent's page asks for something that is not possible."""
    answer = await desk.browser.ask(
        "POST", f"/api/v1/calls/{talk.call_id}/{verb}", json={"seen": "connected.1.0", **asked}
    )
    assert answer.status in {409, 422}, answer.text


async def told_keys(desk: Desk, call_id: str) -> int:
    """How many keys of its customer a call was told."""
    temporal = await Client.connect(desk.centre.settings.temporal)
    events = (await temporal.get_workflow_handle(ids.workflow(call_id)).fetch_history()).events
    signals = [event.workflow_execution_signaled_event_attributes.signal_name for event in events]
    return signals.count("digit_pressed")


async def colleagues(desk: Desk) -> None:
    """A consultation, a conference, and a transfer to a colleague."""
    async with talking(desk) as talk:
        await talk.consult()
        await talk.calls.ask(CallWorkflow.conference, talk.call_id, talk.by_agent)
        await talk.talk("c", "1", "2")
        await talk.calls.ask(CallWorkflow.hand_over, talk.call_id, talk.by_agent)
        await talk.talk("c", "2")


async def outside(desk: Desk) -> None:
    """Somebody who may not be called; a transfer outside that is declined; and one after a consultation."""
    async with talking(desk) as talk:
        await refused(talk, "reach", desk, purpose="consult", number=f"+49{TYPED}")
        target = Target(Purpose.CONSULT, number=OUTSIDE)
        transfer = Target(Purpose.TRANSFER, number=OUTSIDE)
        await talk.calls.ask(CallWorkflow.reach, talk.call_id, talk.by_agent, transfer)
        await (await desk.customer.next_call()).decline(486)
        await talk.at(CallStage.CONNECTED)
        await talk.calls.ask(CallWorkflow.reach, talk.call_id, talk.by_agent, target)
        asked = await desk.customer.next_call()
        await asked.answer()
        await talk.at(CallStage.CONSULTING)
        await talk.calls.ask(CallWorkflow.hand_over, talk.call_id, talk.by_agent)
        await desk.centre.until_state(desk.agent, AgentState.IDLE)


async def killed(desk: Desk) -> None:
    """The node is killed in a talk, and while somebody outside is rung."""
    async with talking(desk) as talk:
        await desk.centre.kill_and_revive("node")
        target = Target(Purpose.CONSULT, number=OUTSIDE)
        await talk.calls.ask(CallWorkflow.reach, talk.call_id, talk.by_agent, target)
        asked = await desk.customer.next_call()
        await desk.centre.kill_and_revive("node")
        await asked.answer()
        await talk.at(CallStage.CONSULTING)


async def voicemail(desk: Desk) -> None:
    """Nobody is logged in, and the caller leaves a message."""
    centre, number = desk.centre, await desk.queue()
    await centre.set_exit(number, Occasion.NO_AGENTS, ExitAction.VOICEMAIL, message="beep")
    call = await desk.customer.dial(centre.uri(number), caller_name=NAME, caller_number=CALLER)
    await centre.until_recording(number)
    await call.dtmf(f"{PRESSED}#")
    await call.wait_for_end(15)
    call_id = (await centre.completed_cdr(number)).call_id
    await centre.recordings(call_id)
    assert await told_keys(desk, call_id) == 0


async def by_hand(desk: Desk) -> None:
    """The agent dials in the portal; then a number that may not be dialled."""
    await desk.centre.arrive(desk.agent)
    answer = await desk.browser.ask("POST", "/api/v1/calls", json={"number": OUTSIDE})
    assert answer.status == 202, answer.text
    await (await desk.phone.next_call()).answer()
    await (await desk.customer.next_call()).answer()
    call_id = str(answer.json["call_id"])
    await desk.centre.until(lambda: desk.centre.is_at(call_id, CallStage.CONNECTED))
    await desk.customer.hang_up()
    await desk.centre.cdr_of(call_id)
    refused = await desk.browser.ask("POST", "/api/v1/calls", json={"number": f"+49{TYPED}"})
    assert refused.status == 409, refused.text


async def on_the_phone(desk: Desk) -> None:
    """The agent dials on the desk phone; then a number that may not be dialled."""
    await desk.phone.dial(desk.centre.uri(OUTSIDE.removeprefix("+1")))
    await (await desk.customer.next_call()).answer()
    call_id = await desk.centre.call_of(desk.agent)
    await desk.centre.until(lambda: desk.centre.is_at(call_id, CallStage.CONNECTED))
    await desk.customer.hang_up()
    await desk.centre.cdr_of(call_id)
    refused = await desk.phone.dial(desk.centre.uri(f"01149{TYPED}"))
    await refused.wait_for_end(20)


async def called_back(desk: Desk) -> None:
    """The caller types another number to be called back at; that line is busy first."""
    centre = desk.centre
    number = await desk.queue(callback_key="5", callback_busy_seconds=1)
    call = await desk.customer.dial(centre.uri(number), caller_name=NAME, caller_number=CALLER)
    waiting = await centre.until_stage(number, CallStage.WAITING)
    await call.dtmf("5")
    await centre.until_dialog(waiting.id)
    await call.dtmf("2")
    for key in f"{TYPED}#":
        await call.dtmf(key)
    await call.dtmf("1")
    await call.wait_for_end(40)
    await centre.arrive_and_wake(desk.agent)
    await (await desk.phone.next_call()).answer()
    await (await desk.customer.next_call()).decline(486)
    await (await desk.phone.next_call(20)).answer()
    await (await desk.customer.next_call()).answer()
    callback = ids.callback(waiting.id)
    await centre.until(lambda: centre.is_at(callback, CallStage.CONNECTED))
    await desk.customer.hang_up()
    assert (await centre.cdr_of(callback)).customer_number == f"+1{TYPED}"


WAYS: list[Callable[[Desk], Awaitable[None]]] = [
    keys, colleagues, outside, killed, voicemail, by_hand, on_the_phone, called_back,
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
async def test_nothing_of_a_call_is_readable(desk: Desk, way: Callable[[Desk], Awaitable[None]]) -> None:
    await way(desk)
    assert await desk.marks() == []


async def test_an_error_of_the_database_names_nobody(desk: Desk) -> None:
    centre, number = desk.centre, await desk.queue()
    async with centre.database.write() as session:
        await session.execute(
            text(f"ALTER TABLE calls ADD CONSTRAINT no_mark CHECK (customer_number <> '{CALLER}') NOT VALID")
        )
    try:
        call = await desk.customer.dial(centre.uri(number), caller_name=NAME, caller_number=CALLER)
        log = centre.settings.home / "log/node.log"
        await centre.until(lambda: _has(log.read_text(), "no_mark"), 20)
        await call.hang_up()
    finally:
        async with centre.database.write() as session:
            await session.execute(text("ALTER TABLE calls DROP CONSTRAINT no_mark"))
    await centre.completed_cdr(number, 40)
    assert await desk.marks() == []


async def test_a_number_that_asterisk_cannot_call_is_named_nowhere(desk: Desk) -> None:
    await desk.centre.arrive(desk.agent)
    async with desk.centre.asterisk() as asterisk:
        await Provisioning(asterisk._requester).remove_trunk("a-way-out")
    answer = await desk.browser.ask("POST", "/api/v1/calls", json={"number": OUTSIDE})
    assert answer.status == 202, answer.text
    await (await desk.phone.next_call()).answer()
    # The next trunk is tried, at which nobody answers.
    cdr = await desk.centre.cdr_of(str(answer.json["call_id"]), 40)
    assert cdr.disposition == "failed"
    assert await desk.marks() == []


async def _has(text: str, words: str) -> bool:
    return words in text
