import io
import wave

from api.config import ApiConfig
from domain.agents.agent import Role
from tests.api.admin import office
from tests.api.browser import Browser
from tests.api.floor import Floor

LIST = "/api/v1/voicemails"


async def test_voicemails_of_my_queues_are_listed_newest_first_page_by_page(
    floor: Floor, address: str, config: ApiConfig
) -> None:
    user = await floor.add_user()
    queue, foreign = await floor.add_queue(user), await floor.add_queue()
    made = [str(await floor.add_voicemail(queue, config.recordings)) for _ in range(3)]
    other = str(await floor.add_voicemail(foreign, config.recordings))
    async with Browser(address, await floor.token(user)) as browser:
        first = (await browser.get(f"{LIST}?limit=2")).json
        second = (await browser.get(f"{LIST}?limit=2&before={first['next']}")).json
        assert [item["id"] for item in first["items"] + second["items"]] == made[::-1]
        assert (first["unheard"], second["next"]) == (3, None)
        for wrong in ("x", "1.x", f"{'9' * 30}.x"):
            assert (await browser.get(f"{LIST}?before={wrong}")).status == 400
    async with Browser(address, await floor.token(await floor.add_user(Role.SUPERVISOR))) as browser:
        assert {other, *made} <= {item["id"] for item in (await browser.get(f"{LIST}?limit=100")).json["items"]}


async def test_voicemails_are_found_by_queue_and_by_whether_somebody_has_heard_them(
    floor: Floor, address: str, config: ApiConfig
) -> None:
    user = await floor.add_user()
    queues = [await floor.add_queue(user) for _ in range(2)]
    foreign = await floor.add_queue()
    heard, fresh = [str(await floor.add_voicemail(queues[0], config.recordings)) for _ in range(2)]
    other = str(await floor.add_voicemail(queues[1], config.recordings))
    await floor.add_voicemail(foreign, config.recordings)
    async with Browser(address, await floor.token(user)) as browser:
        assert (await browser.ask("POST", f"{LIST}/{heard}/heard")).status == 200
        for query, expected in {
            "": [other, fresh, heard],
            "heard=true": [heard],
            "heard=false": [other, fresh],
            f"queue_id={queues[0].queue_id}": [fresh, heard],
            f"queue_id={queues[0].queue_id}&heard=false": [fresh],
            f"queue_id={foreign.queue_id}": [],
        }.items():
            found = (await browser.get(f"{LIST}?{query}")).json
            assert [message["id"] for message in found["items"]] == expected, query
            assert (found["count"], found["unheard"], found["next"]) == (len(expected), 2, None)


async def test_a_voicemail_is_a_wav_that_can_be_sought_in(floor: Floor, address: str, config: ApiConfig) -> None:
    user = await floor.add_user()
    path = f"{LIST}/{await floor.add_voicemail(await floor.add_queue(user), config.recordings, seconds=2)}/audio"
    async with Browser(address, await floor.token(user)) as browser:
        whole = await browser.get(path)
        assert (whole.headers["Content-Type"], whole.headers["Accept-Ranges"]) == ("audio/wav", "bytes")
        with wave.open(io.BytesIO(whole.body)) as sound:
            assert sound.getnframes() / sound.getframerate() == 2
        part = await browser.get(path, headers={"Range": "bytes=1000-1999"})
        assert (part.status, part.body) == (206, whole.body[1000:2000])
        assert (await browser.get(path, headers={"Range": "bytes=99999999-"})).status == 416


async def test_a_voicemail_whose_file_is_gone_says_so(floor: Floor, address: str, config: ApiConfig) -> None:
    user = await floor.add_user()
    voicemail_id = await floor.add_voicemail(await floor.add_queue(user), config.recordings / "elsewhere")
    async with Browser(address, await floor.token(user)) as browser:
        answer = await browser.get(f"{LIST}/{voicemail_id}/audio")
        assert (answer.status, "not on this machine" in answer.json["detail"]) == (404, True)


async def test_who_was_first_to_hear_a_voicemail_is_kept_and_everybody_is_told(
    floor: Floor, address: str, config: ApiConfig
) -> None:
    first, second = await floor.add_user(), await floor.add_user()
    queue = await floor.add_queue(first, second)
    path = f"{LIST}/{await floor.add_voicemail(queue, config.recordings)}/heard"
    browsers = [Browser(address, await floor.token(user)) for user in (first, second)]
    async with browsers[0] as one, browsers[1] as two:
        desk = await two.desk()
        assert desk["voicemails"]["count"] == 1
        async with two.events(after=desk["cursor"]) as stream:
            assert (await one.ask("POST", path)).json["heard_by"] == first.name
            await stream.until("voicemails", count=0)
            assert (await two.ask("POST", path)).json["heard_by"] == first.name


async def test_a_new_voicemail_reaches_the_pages_of_its_queue(floor: Floor, address: str, config: ApiConfig) -> None:
    user = await floor.add_user()
    queue = await floor.add_queue(user)
    async with (
        Browser(address, await floor.token(user)) as browser,
        browser.events(after=(await browser.desk())["cursor"]) as stream,
    ):
        await floor.add_voicemail(queue, config.recordings)
        await stream.until("voicemails", count=1)


async def test_the_heard_voicemails_of_a_removed_queue_stay_under_its_name(
    floor: Floor, address: str, config: ApiConfig
) -> None:
    user = await floor.add_user()
    queue = await floor.add_queue(user)
    path = f"{LIST}/{await floor.add_voicemail(queue, config.recordings)}"
    async with Browser(address, await floor.token(user)) as browser:
        await browser.ask("POST", f"{path}/heard")
    async with office(floor, address) as boss:
        await boss.done("DELETE", f"/queues/{queue.queue_id}")
    async with Browser(address, await floor.token(await floor.add_user(Role.SUPERVISOR))) as browser:
        items = {item["id"]: item for item in (await browser.get(f"{LIST}?limit=100")).json["items"]}
        assert items[path.removeprefix(f"{LIST}/")]["queue"] == queue.name
        assert (await browser.get(f"{path}/audio")).status == 200
    async with Browser(address, await floor.token(user)) as browser:
        assert (await browser.get(f"{path}/audio")).status == 404
