import re

from playwright.async_api import expect
from sqlalchemy import select

from db.accounts.accounts import NewAccount
from db.core.clock import now
from db.core.notices import Notice, publish
from db.models import Voicemail
from domain.calls import ids
from domain.events.notice import NoticeKind
from tests.phones.audio import write_tone
from tests.portal.desk import Desk
from tests.portal.look import Look
from tests.portal.queue_rules import queue_of
from tests.support.centre import Centre

TONE_HZ = 700.0
SECONDS = 4.0


async def _leave(centre: Centre, number: str) -> None:
    """A voicemail, as the call of a caller who left one writes it."""
    queue_id, name = await queue_of(centre, number), ids.voicemail(f"portal-{number}")
    centre.settings.recordings.mkdir(parents=True, exist_ok=True)
    write_tone(centre.settings.recordings / f"{name}.wav", TONE_HZ, seconds=SECONDS)
    async with centre.database.write() as session:
        session.add(
            Voicemail(
                id=ids.uuid7(),
                call_id=f"portal-{number}",
                queue_id=queue_id,
                customer_number="+12025550147",
                customer_name="Cleo",
                recording=name,
                seconds=SECONDS,
                left_at=now(),
            )
        )
        publish(session, Notice(NoticeKind.VOICEMAIL_LEFT, None, queue_id))


async def test_a_voicemail_appears_is_played_and_is_then_known_to_be_heard(
    centre: Centre, agent: NewAccount, desk: Desk
) -> None:
    number = await centre.add_queue([agent])
    await desk.log_in(agent)
    await desk.state("idle")
    await _leave(centre, number)
    await expect(desk.part("voicemails-unheard")).to_have_text("1 new")
    await expect(desk.part("voicemail")).to_contain_text("Cleo · +1 202-555-0147")
    play = desk.part("voicemail-play")
    await expect(play).to_have_accessible_name("Play the voicemail of Cleo")
    await play.click()
    audio = desk.part("voicemail-audio")
    await expect(play).to_have_accessible_name("Pause the voicemail of Cleo")
    await expect(audio).to_have_js_property("duration", SECONDS)
    await expect(desk.part("voicemails-unheard")).to_be_hidden()
    assert await audio.evaluate("audio => new Promise(done => audio.ontimeupdate = () => done(audio.currentTime))") > 0
    # Seeking needs an answer in parts.
    await audio.evaluate("audio => { audio.pause(); audio.currentTime = 3; }")
    await expect(audio).to_have_js_property("currentTime", 3)
    async with centre.database.read() as session:
        heard_by = await session.scalar(select(Voicemail.heard_by).where(Voicemail.call_id == f"portal-{number}"))
    assert heard_by == agent.user_id


async def test_a_start_by_mistake_is_no_listening(centre: Centre, agent: NewAccount, desk: Desk) -> None:
    number = await centre.add_queue([agent])
    await desk.log_in(agent)
    await desk.state("idle")
    await _leave(centre, number)
    told: list[str] = []
    desk.page.on("request", lambda request: told.append(request.url))
    await desk.part("voicemail-play").click()
    await desk.part("voicemail-audio").evaluate(
        "audio => new Promise(done => audio.ontimeupdate = () => audio.currentTime > 0.2 && done(audio.pause()))"
    )
    await expect(desk.part("voicemail-play")).to_have_accessible_name("Play the voicemail of Cleo")
    assert not [url for url in told if url.endswith("/heard")]


async def test_a_voicemail_is_silent_when_a_call_comes(centre: Centre, agent: NewAccount, desk: Desk) -> None:
    number = await centre.add_queue([agent])
    await desk.ready(agent)
    await _leave(centre, number)
    await desk.part("voicemail-play").click()
    audio = desk.part("voicemail-audio")
    await audio.evaluate("audio => void (audio.loop = true)")
    await expect(audio).to_have_js_property("paused", False)
    async with centre.customer() as customer:
        call = await customer.dial(centre.uri(number))
        await desk.stage("offered")
        await expect(audio).to_have_js_property("paused", True)
        await call.hang_up()
        await centre.until_quiet(number)


async def test_who_left_a_voicemail_is_called_back_with_one_click(
    centre: Centre, agent: NewAccount, desk: Desk
) -> None:
    number = await centre.add_queue([agent])
    await desk.ready(agent)
    await _leave(centre, number)
    async with centre.customer() as customer:
        await centre.call_out_to(customer)
        await desk.part("voicemail").get_by_test_id("call-back").click()
        called = await customer.next_call()
        await desk.stage("dialling")
        await expect(desk.part("caller-name")).to_have_text("Cleo")
        await expect(desk.part("caller-number")).to_contain_text("202")
        await called.hang_up()
        await desk.state("idle")


async def _open_all(desk: Desk) -> None:
    await desk.part("pages").get_by_role("link", name="Voicemails").click()
    await expect(desk.page.locator("main h1")).to_have_text("Voicemails")


async def test_all_voicemails_are_on_a_page_of_their_own_by_queue_and_by_whether_they_are_new(
    centre: Centre, agent: NewAccount, desk: Desk
) -> None:
    first, second = await centre.add_queue([agent]), await centre.add_queue([agent])
    await desk.log_in(agent)
    await desk.state("idle")
    for number in (first, second):
        await _leave(centre, number)
    await _open_all(desk)
    message = desk.part("message")
    await expect(message).to_have_count(2)
    await expect(desk.part("list-count")).to_have_text("2 voicemails")
    await desk.page.get_by_label("Queue", exact=True).select_option(str(await queue_of(centre, first)))
    await expect(message).to_have_count(1)
    await message.get_by_test_id("mark-heard").click()
    await expect(message).to_contain_text(f"{agent.name}, ")
    await expect(message.get_by_test_id("mark-heard")).to_have_count(0)
    await desk.page.get_by_role("link", name="New", exact=True).click()
    await expect(desk.part("list-empty")).to_contain_text("Nothing new.")
    await desk.page.get_by_label("Queue", exact=True).select_option("")
    await expect(message).to_have_count(1)
    await expect(message).to_contain_text("Cleo")
    look = Look(desk.page)
    await look.at("voicemails")
    assert not look.wrong, "\n".join(look.wrong)


async def test_a_new_voicemail_plays_to_its_end_before_it_leaves_the_list_of_new_ones(
    centre: Centre, agent: NewAccount, desk: Desk
) -> None:
    number = await centre.add_queue([agent])
    await desk.log_in(agent)
    await desk.state("idle")
    await _leave(centre, number)
    await _open_all(desk)
    await desk.page.get_by_role("link", name="New", exact=True).click()
    play, audio = desk.part("voicemail-play"), desk.part("voicemail-audio")
    await play.click()
    await expect(play).to_have_accessible_name("Pause the voicemail of Cleo")
    async with desk.page.expect_response(re.compile("/heard$")):
        pass
    # Another one comes: the list is drawn anew around what plays.
    await _leave(centre, await centre.add_queue([agent]))
    await expect(audio).to_have_js_property("paused", False)
    await expect(play.first).to_have_accessible_name("Pause the voicemail of Cleo")
    await audio.evaluate("audio => audio.pause()")
    await expect(desk.part("message")).to_have_count(1)
    await expect(audio).to_have_count(0)
