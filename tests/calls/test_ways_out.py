"""What a queue does with calls that no agent takes, heard and counted from outside."""

import asyncio
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from db.core.clock import now
from db.models import Holiday, Menu, MenuOption, Number, QueueVisit, Schedule, Voicemail
from domain.agents.agent import AgentState
from domain.calls import ids
from domain.calls.call import CallStage
from domain.queues.exits import ExitAction, Occasion
from tests.phones.audio import read_wav, tones_in
from tests.support.centre import Centre
from tests.support.sound import heard_at, loudness_of

TONE = 700.0
MESSAGE_SECONDS = 3.0
LISTENING_SECONDS = 15.0
"""Eight of music, five and a half of announcement, and music again."""


async def test_a_full_queue_says_so_and_hangs_up(centre: Centre) -> None:
    number = await centre.add_queue([])
    await centre.set_rules(number, max_waiting=1)
    async with centre.customer() as first, centre.customer() as second:
        waiting = await first.dial(centre.uri(number))
        await centre.until_stage(number, CallStage.WAITING)
        turned_away = await second.dial(centre.uri(number))
        await turned_away.wait_for_end(20)
        cdr = await centre.completed_cdr(number)
        await waiting.hang_up()
        await centre.until_quiet(number)
    assert (cdr.disposition, cdr.exit, cdr.ended_by, cdr.wait_seconds) == ("unanswered", "full", "system", 0)


async def test_a_closed_queue_sends_its_calls_to_another(centre: Centre) -> None:
    agent = await centre.add_agent()
    closed, night = await centre.add_queue([]), await centre.add_queue([agent])
    schedule_id = ids.uuid7()
    async with centre.database.write() as session:
        session.add(Schedule(id=schedule_id, name=f"Never {closed}", time_zone="Europe/Berlin"))
    await centre.set_rules(closed, schedule_id=schedule_id)
    await centre.set_exit(closed, Occasion.CLOSED, ExitAction.QUEUE, to=night, message="beep")
    await centre.arrive(agent)
    async with centre.desk_phone() as phone, centre.customer() as customer:
        await centre.register(phone, agent)
        call = await customer.dial(centre.uri(closed))
        await (await phone.next_call()).answer()
        await centre.until_state(agent, AgentState.ON_CALL)
        await call.hang_up()
        cdr = await centre.completed_cdr(closed)
    assert (cdr.disposition, cdr.queue_name, cdr.exit) == ("answered", f"Queue {night}", None)


async def test_a_call_that_waits_too_long_flows_out_to_voicemail(centre: Centre, tmp_path: Path) -> None:
    number = await centre.add_queue([])
    await centre.set_rules(number, max_wait_seconds=1)
    await centre.set_exit(number, Occasion.MAX_WAIT, ExitAction.VOICEMAIL, message="beep")
    async with centre.customer(tone_hz=TONE) as customer:
        call = await customer.dial(centre.uri(number))
        await centre.until_stage(number, CallStage.LEAVING)
        await centre.until_recording(number)
        await asyncio.sleep(MESSAGE_SECONDS)  # The caller speaks.
        await call.hang_up()
        cdr = await centre.completed_cdr(number)
    assert (cdr.disposition, cdr.exit) == ("unanswered", "voicemail")
    await centre.recordings(cdr.call_id)
    async with centre.database.read() as session:
        [message] = await session.scalars(select(Voicemail).where(Voicemail.call_id == cdr.call_id))
        [visit] = await session.scalars(select(QueueVisit).where(QueueVisit.call_id == cdr.call_id))
    assert visit.outcome == "flowed_out"
    assert 1 <= visit.wait_seconds < 5
    file = centre.settings.recordings / f"{message.recording}.wav"
    assert message.seconds > MESSAGE_SECONDS - 1
    assert tones_in(file, [TONE])[TONE].seconds > 1


async def test_pound_ends_the_message(centre: Centre) -> None:
    number = await centre.add_queue([])
    await centre.set_exit(number, Occasion.NO_AGENTS, ExitAction.VOICEMAIL, message="beep")
    async with centre.customer(tone_hz=TONE) as customer:
        call = await customer.dial(centre.uri(number))
        await centre.until_recording(number)
        await asyncio.sleep(1.5)  # The caller speaks.
        await call.dtmf("#")
        await call.wait_for_end(10)
        cdr = await centre.completed_cdr(number)
    assert (cdr.exit, cdr.ended_by) == ("voicemail", "system")


async def test_a_caller_hears_the_position_and_then_the_music_again(centre: Centre, tmp_path: Path) -> None:
    number = await centre.add_queue([])
    await centre.set_rules(number, announce_seconds=8)
    heard = tmp_path / "customer.wav"
    async with centre.customer(record=heard) as customer:
        call = await customer.dial(centre.uri(number))
        await centre.until_stage(number, CallStage.WAITING)
        await asyncio.sleep(LISTENING_SECONDS)
        await call.hang_up()
        await centre.completed_cdr(number)
    samples, rate = read_wav(heard)
    announced = heard_at(heard, await centre.sound("queue-youarenext"))
    assert announced is not None
    # Before and after it, there is music.
    assert loudness_of(samples[: int(rate * announced)]) > -50
    assert loudness_of(samples[-rate:]) > -50


async def test_a_menu_leads_to_the_queue_behind_the_key(centre: Centre) -> None:
    agent = await centre.add_agent()
    target = await centre.add_queue([agent])
    number = str(int(target) + 500)
    menu_id = ids.uuid7()
    async with centre.database.write() as session:
        session.add(Menu(id=menu_id, name=f"Menu {number}", prompt=["demo-instruct"], patience_seconds=5))
        await session.flush()
        session.add(MenuOption(menu_id=menu_id, digit="2", queue_id=await centre.queue_id(session, target)))
        session.add(Number(number=number, menu_id=menu_id))
    await centre.arrive(agent)
    async with centre.desk_phone() as phone, centre.customer() as customer:
        await centre.register(phone, agent)
        call = await customer.dial(centre.uri(number))
        await centre.until_stage(number, CallStage.ARRIVING)
        await call.dtmf("2")
        await (await phone.next_call()).answer()
        await centre.until_state(agent, AgentState.ON_CALL)
        await call.hang_up()
        cdr = await centre.completed_cdr(number)
    assert (cdr.disposition, cdr.queue_name) == ("answered", f"Queue {target}")


async def test_on_a_holiday_the_queue_is_closed(centre: Centre) -> None:
    number = await centre.add_queue([])
    schedule_id = ids.uuid7()
    async with centre.database.write() as session:
        session.add(Schedule(id=schedule_id, name=f"Holiday {number}", time_zone="UTC"))
        await session.flush()
        for day in (now().date(), now().date() + timedelta(days=1)):
            session.add(Holiday(schedule_id=schedule_id, day=day, name="Founders' Day"))
    await centre.set_rules(number, schedule_id=schedule_id)
    async with centre.customer() as customer:
        call = await customer.dial(centre.uri(number))
        await call.wait_for_end(20)
        cdr = await centre.completed_cdr(number)
    assert (cdr.disposition, cdr.exit) == ("unanswered", "closed")
