from uuid import UUID

from sqlalchemy import select, update

from api.live.keeper import end_expired
from api.web.cookies import SESSION
from db.core.clock import now
from db.desk import desk
from db.models import Extension, LoginSession
from domain.agents.agent import AgentState, ExtensionKind
from tests.api.browser import Browser
from tests.api.floor import PASSWORD, Floor

_WRONG = "The name or the password is not right."


async def _state(floor: Floor, user_id: UUID) -> AgentState:
    async with floor.database.read() as session:
        return (await desk.agents(session, [user_id], now()))[user_id].state


async def test_a_user_logs_in_by_name_in_any_case_and_by_agent_id(floor: Floor, address: str) -> None:
    user = await floor.add_user()
    for name in (user.name.upper(), f" {user.agent_id} "):
        async with Browser(address) as browser:
            answer = await browser.log_in(name)
            assert (answer.status, answer.headers["Location"]) == (303, "/")
            assert (await browser.desk())["agent"]["name"] == user.name


async def test_the_cookie_cannot_be_read_by_scripts_nor_sent_from_elsewhere(floor: Floor, browser: Browser) -> None:
    user = await floor.add_user()
    cookie = (await browser.log_in(user.name)).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


async def test_the_token_itself_is_not_in_the_database(floor: Floor, browser: Browser) -> None:
    user = await floor.add_user()
    cookie = (await browser.log_in(user.name)).headers["Set-Cookie"]
    token = cookie.split(";")[0].removeprefix(f"{SESSION}=")
    async with floor.database.read() as session:
        stored = await session.scalar(select(LoginSession.token_hash).where(LoginSession.user_id == user.user_id))
    assert stored is not None
    assert stored != token


async def test_an_unknown_name_and_a_wrong_password_are_told_alike(floor: Floor, browser: Browser) -> None:
    user = await floor.add_user()
    answers = [await browser.log_in(user.name, "wrong password"), await browser.log_in("nobody at all", PASSWORD)]
    assert [answer.status for answer in answers] == [401, 401]
    assert all(_WRONG in answer.text for answer in answers)


async def test_a_hostile_name_comes_back_escaped(browser: Browser) -> None:
    answer = await browser.log_in('"><script>alert(1)</script>' + "x" * 300, "wrong")
    assert answer.status == 401
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert" in answer.text


async def test_an_agent_is_idle_after_log_in_and_offline_after_log_out(floor: Floor, browser: Browser) -> None:
    user = await floor.add_user()
    await browser.log_in(user.name)
    assert await _state(floor, user.user_id) is AgentState.IDLE
    assert (await browser.ask("POST", "/logout")).headers["Location"] == "/login"
    assert await _state(floor, user.user_id) is AgentState.OFFLINE
    assert (await browser.get("/api/v1/desk")).status == 401


async def test_a_web_phone_gets_new_credentials_at_each_log_in_and_loses_them_at_log_out(
    floor: Floor, browser: Browser
) -> None:
    user = await floor.add_user()
    seen = []
    for _ in range(2):
        await browser.log_in(user.name)
        seen.append((await browser.get("/api/v1/phone")).json["ha1"])
    await browser.ask("POST", "/logout")
    async with floor.database.read() as session:
        seen.append(await session.scalar(select(Extension.digest).where(Extension.user_id == user.user_id)))
    assert len(set(seen)) == 3


async def test_a_sip_phone_keeps_its_credentials_and_the_browser_gets_none(floor: Floor, browser: Browser) -> None:
    user = await floor.add_user(kind=ExtensionKind.SIP)
    stored = select(Extension.digest).where(Extension.user_id == user.user_id)
    async with floor.database.read() as session:
        before = await session.scalar(stored)
    await browser.log_in(user.name)
    async with floor.database.read() as session:
        assert await session.scalar(stored) == before
    assert (await browser.get("/api/v1/phone")).status == 409


async def test_a_second_log_in_replaces_the_first_whose_page_is_told(
    floor: Floor, browser: Browser, address: str
) -> None:
    user = await floor.add_user()
    await browser.log_in(user.name)
    async with browser.events() as stream, Browser(address) as second:
        await second.log_in(user.name)
        assert (await stream.until("session-replaced")).data == {}
        refused = await browser.get("/api/v1/desk")
        assert refused.status == 401
        assert "logged in somewhere else" in refused.json["detail"]
        assert (await second.desk())["agent"]["state"] == "idle"


async def test_logging_out_in_a_replaced_window_leaves_the_newer_one_alone(
    floor: Floor, browser: Browser, address: str
) -> None:
    user = await floor.add_user()
    await browser.log_in(user.name)
    async with Browser(address) as second:
        await second.log_in(user.name)
        assert (await browser.ask("POST", "/logout")).status == 303
        assert (await second.desk())["agent"]["state"] == "idle"


async def test_who_takes_over_a_browser_logs_out_whoever_left_it(floor: Floor, browser: Browser) -> None:
    first, second = await floor.add_user(), await floor.add_user()
    await browser.log_in(first.name)
    await browser.log_in(second.name)
    assert (await browser.desk())["agent"]["name"] == second.name
    assert await _state(floor, first.user_id) is AgentState.OFFLINE


async def test_a_session_ends_after_its_time_and_takes_the_agent_offline(floor: Floor, browser: Browser) -> None:
    user = await floor.add_user()
    await browser.log_in(user.name)
    async with floor.database.write() as session:
        await session.execute(update(LoginSession).where(LoginSession.user_id == user.user_id).values(expires_at=now()))
    assert (await browser.get("/api/v1/desk")).status == 401
    await end_expired(floor.database)
    assert await _state(floor, user.user_id) is AgentState.OFFLINE


async def test_a_name_with_a_nul_is_only_wrong(browser: Browser) -> None:
    assert (await browser.log_in("a\0b", "c\0d")).status == 401


async def test_whoever_is_not_logged_in_is_led_to_the_log_in_page(browser: Browser) -> None:
    answer = await browser.get("/", headers={"Accept": "text/html"})
    assert (answer.status, answer.headers["Location"]) == (303, "/login")
    assert (await browser.get("/login")).status == 200
