from tests.phones.messages import ANSWER
from tests.phones.raw_caller import RawCaller
from tests.phones.soft_phone import SoftPhone

_RAW = "127.0.0.2"
_BEN = "127.0.0.3"


async def test_any_bytes_can_be_a_name() -> None:
    async with RawCaller.start(_RAW) as caller, SoftPhone.start(bind=_BEN, incoming=ANSWER) as ben:
        caller.dial(f"{_BEN}:{ben.port}", "ben", b'"caf\xe9 ' + b"n" * 300 + b'" <sip:1@example.org>')
        assert await caller.wait_for(200) == 200
        arrived = await ben.next_call()
        assert "n" * 300 in arrived.invite
        await arrived.hang_up()
        await caller.wait_for_end()


async def test_the_caller_hangs_up_while_it_rings_and_after_the_answer() -> None:
    async with RawCaller.start(_RAW) as caller, SoftPhone.start(bind=_BEN) as ben:
        for answered in (False, True):
            caller.dial(f"{_BEN}:{ben.port}", "ben", b"<sip:1@example.org>", (b"Subject: urgent",))
            arrived = await ben.next_call()
            assert "Subject: urgent" in arrived.invite
            assert await caller.wait_for(180) == 180
            if answered:
                await arrived.answer()
                assert await caller.wait_for(200) == 200
            caller.hang_up()
            assert await arrived.wait_for_end() == (200 if answered else 487)


async def test_a_second_header_can_be_smuggled_in_by_a_line_break() -> None:
    async with RawCaller.start(_RAW) as caller, SoftPhone.start(bind=_BEN) as ben:
        caller.dial(f"{_BEN}:{ben.port}", "ben", b'"a" <sip:1@example.org>', (b"X-Note: a\r\nX-Smuggled: yes",))
        assert "X-Smuggled: yes" in (await ben.next_call()).invite
