import asyncio
import os
import signal
import sys
from pathlib import Path

import psutil
import pytest

from tests.phones.audio import length, tones_in
from tests.phones.errors import PhoneDied, PhoneError, PhoneTimeout, RegistrationRefused
from tests.phones.messages import ANSWER, DECLINE, Incoming
from tests.phones.plain_asterisk import PlainAsterisk
from tests.phones.soft_phone import SoftPhone

_ANNA = "127.0.0.2"
_BEN = "127.0.0.3"


async def test_two_registered_phones_hear_each_others_tones(plain_asterisk: PlainAsterisk, tmp_path: Path) -> None:
    async with (
        SoftPhone.start(bind=_ANNA, tone_hz=440, record=tmp_path / "anna.wav") as anna,
        SoftPhone.start(bind=_BEN, tone_hz=880, record=tmp_path / "ben.wav", incoming=ANSWER) as ben,
    ):
        await anna.register(plain_asterisk.address, "1001", plain_asterisk.passwords["1001"])
        await ben.register(plain_asterisk.address, "1002", plain_asterisk.passwords["1002"])
        call = await anna.dial(f"sip:1002@{plain_asterisk.address}")
        await call.wait_for("confirmed")
        await _sound(3)
        await anna.hang_up()
        await (await ben.next_call()).wait_for_end()
        assert call.status == 200
    heard_by_anna, heard_by_ben = (
        tones_in(tmp_path / "anna.wav", [440, 880]),
        tones_in(tmp_path / "ben.wav", [440, 880]),
    )
    assert length(tmp_path / "anna.wav") == pytest.approx(3, abs=0.7)
    assert heard_by_anna[880].seconds > 1
    assert heard_by_ben[440].seconds > 1
    assert not heard_by_anna[440]
    assert not heard_by_ben[880]


async def test_a_call_rings_until_the_test_says_answer(plain_asterisk: PlainAsterisk) -> None:
    async with SoftPhone.start(bind=_ANNA) as anna, SoftPhone.start(bind=_BEN) as ben:
        await anna.register(plain_asterisk.address, "1001", plain_asterisk.passwords["1001"])
        await ben.register(plain_asterisk.address, "1002", plain_asterisk.passwords["1002"])
        call = await anna.dial(f"sip:1002@{plain_asterisk.address}", caller_name="Anna Weiß", caller_number="1001")
        await call.wait_for("early")
        arrived = await ben.next_call()
        assert (arrived.caller, arrived.caller_name) == ("1001", "Anna Weiß")
        assert not call.answered
        await arrived.answer()
        await call.wait_for("confirmed")
        await call.dtmf("12#")
        await arrived.wait_for_digits("12#")
        await arrived.hang_up()
        assert await call.wait_for_end() == 200


@pytest.mark.parametrize(
    ("mode", "status"), [(DECLINE, 486), (Incoming(action="decline", after_seconds=0.2, status=603), 603)]
)
async def test_a_declined_call_reports_its_final_status(
    plain_asterisk: PlainAsterisk, mode: Incoming, status: int
) -> None:
    async with SoftPhone.start(bind=_ANNA) as anna, SoftPhone.start(bind=_BEN, incoming=mode) as ben:
        call = await anna.dial(f"sip:ben@{_BEN}:{ben.port}")
        assert await call.wait_for_end() == status
        with pytest.raises(PhoneError, match=str(status)):
            await call.wait_for("confirmed")


async def test_a_caller_who_gives_up_reports_487(tmp_path: Path) -> None:
    async with SoftPhone.start(bind=_ANNA) as anna, SoftPhone.start(bind=_BEN) as ben:
        call = await anna.dial(f"sip:ben@{_BEN}:{ben.port}")
        await call.wait_for("early")
        with pytest.raises(PhoneTimeout):
            await call.wait_for("confirmed", timeout=0.2)
        await call.hang_up()
        assert call.status == 487
        await (await ben.next_call()).wait_for_end()


async def test_a_phone_answers_after_the_seconds_it_was_told() -> None:
    async with (
        SoftPhone.start(bind=_ANNA) as anna,
        SoftPhone.start(bind=_BEN, incoming=Incoming(action="answer", after_seconds=0.5)) as ben,
    ):
        call = await anna.dial(f"sip:ben@{_BEN}:{ben.port}")
        await call.wait_for("early")
        began = asyncio.get_running_loop().time()
        await call.wait_for("confirmed")
        assert asyncio.get_running_loop().time() - began == pytest.approx(0.5, abs=0.25)


async def test_a_wrong_password_is_refused(plain_asterisk: PlainAsterisk) -> None:
    async with SoftPhone.start(bind=_ANNA) as anna:
        with pytest.raises(RegistrationRefused) as refusal:
            await anna.register(plain_asterisk.address, "1001", "wrong")
        assert refusal.value.status in {401, 403}


@pytest.mark.parametrize(
    "name",
    ["x" * 300, '<script>alert("1")</script>', "'; DROP TABLE calls; --", "=1+1", "../../etc/passwd", "\\", "حسن 🙂"],
)
async def test_a_hostile_name_arrives_as_it_was_given(name: str) -> None:
    async with SoftPhone.start(bind=_ANNA) as anna, SoftPhone.start(bind=_BEN, incoming=DECLINE) as ben:
        await anna.dial(f"sip:ben@{_BEN}:{ben.port}", caller_name=name, caller_number="+4930123456")
        arrived = await ben.next_call()
        assert (arrived.caller, arrived.caller_name) == ("+4930123456", name)


async def test_an_anonymous_caller_gives_no_number() -> None:
    async with SoftPhone.start(bind=_ANNA) as anna, SoftPhone.start(bind=_BEN, incoming=DECLINE) as ben:
        await anna.dial(f"sip:ben@{_BEN}:{ben.port}", anonymous=True)
        arrived = await ben.next_call()
        assert arrived.caller == "anonymous"
        assert "Privacy: id" in arrived.invite


async def test_a_held_call_comes_back(tmp_path: Path) -> None:
    async with (
        SoftPhone.start(bind=_ANNA, tone_hz=440) as anna,
        SoftPhone.start(bind=_BEN, incoming=ANSWER, record=tmp_path / "ben.wav") as ben,
    ):
        call = await anna.dial(f"sip:ben@{_BEN}:{ben.port}")
        await call.wait_for("confirmed")
        await call.hold()
        await _sound(1)
        await call.resume()
        await _sound(2)
        await call.hang_up()
        await (await ben.next_call()).wait_for_end()
    assert tones_in(tmp_path / "ben.wav", [440])[440].seconds > 0.7


async def test_whoever_waits_for_a_dead_phone_learns_it() -> None:
    async with SoftPhone.start(bind=_ANNA) as anna, SoftPhone.start(bind=_BEN) as ben:
        call = await anna.dial(f"sip:ben@{_BEN}:{ben.port}")
        os.kill(anna.pid, signal.SIGKILL)
        with pytest.raises(PhoneError):
            await call.wait_for("confirmed")
        with pytest.raises(PhoneDied):
            await anna.dial(f"sip:ben@{_BEN}:{ben.port}")


async def test_nothing_is_left_of_a_phone_whose_test_failed() -> None:
    pids: list[int] = []

    async def failing_test() -> None:
        async with SoftPhone.start(bind=_ANNA) as anna:
            pids.append(anna.pid)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await failing_test()
    assert not psutil.pid_exists(pids[0])


async def test_a_phone_dies_with_the_process_that_started_it(tmp_path: Path) -> None:
    script = "import asyncio, os\nfrom tests.phones.soft_phone import SoftPhone\n"
    script += "async def main():\n  async with SoftPhone.start() as phone:\n    print(phone.pid, flush=True)\n"
    script += "    os.kill(os.getpid(), 9)\nasyncio.run(main())\n"
    starter = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        script,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await starter.communicate()
    async with asyncio.timeout(5):
        while psutil.pid_exists(int(output)):  # noqa: ASYNC110  # The kernel tells only the parent, which is dead.
            await asyncio.sleep(0.02)


async def _sound(seconds: float) -> None:
    """Let sound pass for its own time: a recording of three seconds takes three seconds."""
    await asyncio.sleep(seconds)
