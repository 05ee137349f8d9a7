from pathlib import Path

from sqlalchemy import select

from db.agents import pause_reasons
from db.core.engine import Database
from db.models import User
from domain.agents.agent import Role
from everline import accounts
from tests.commands.conftest import Command


def test_the_demo_is_made_once_and_told_each_time(command: Command) -> None:
    first = command("demo")
    assert first.done
    assert first.text.count("Password") == 3
    assert "SIP secret" in first.text
    assert "everline demo call" in first.text
    second = command("demo")
    assert second.text.count("as it was") == 3
    assert "Anna Web, Ben Phone" in command("queue", "list").text


def test_the_demos_users_get_new_passwords_on_request(command: Command) -> None:
    command("demo")
    told = command("demo", "--reset")
    assert told.text.count("Password") == 3
    assert "as it was" not in told.text


def test_a_demo_call_to_a_number_that_leads_nowhere_says_so(command: Command) -> None:
    command("demo")
    told = command("demo", "call", "--number", "123456")
    assert told.text.startswith("123456 leads to no queue. The numbers there are: ")


def test_a_demo_call_without_a_centre_says_how_to_start_it(command: Command, tmp_path: Path) -> None:
    command("demo")
    assert "run `everline up` once" in command("demo", "call").text
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets/ari").write_text("secret")
    told = command("demo", "call")
    assert told.text == "Asterisk does not answer. Start the centre with `everline up` first."


async def test_the_first_login_is_made_once(database: str) -> None:
    await accounts.ensure_first_login(database)
    assert await accounts.ensure_first_login(database) is None
    store = Database(database)
    async with store.read() as session:
        found = await session.scalars(select(User).where(User.role == Role.ADMINISTRATOR, User.disabled_at.is_(None)))
        assert [user.name for user in found] == ["Administrator"]
    await store.close()


async def test_a_new_centre_has_reasons_to_pause(database: str) -> None:
    await accounts.ensure_first_login(database)
    store = Database(database)
    async with store.read() as session:
        assert [reason.name for reason in await pause_reasons.listing(session)][:4] == [*pause_reasons.FIRST_REASONS]
    await store.close()


def test_the_last_administrator_stays(command: Command, database: str) -> None:
    command("user", "add", "Ada Second", "--role", "administrator")
    command("user", "remove", "Administrator", "--yes")
    told = command("user", "remove", "Ada Second", "--yes")
    assert told.text == "Ada Second is the last administrator. Add another one first."
    told = command("user", "set", "Ada Second", "--role", "supervisor")
    assert told.text == "Ada Second is the last administrator. Add another one first."
