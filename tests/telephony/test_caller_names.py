import re

import pytest

from telephony.dialling import extension_endpoint
from telephony.model import read_channel
from tests.phones.raw_caller import RawCaller
from tests.phones.soft_phone import SoftPhone
from tests.telephony.conftest import PHONE
from tests.telephony.node import TestNode


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        (rb'"Bob \"x\""', 'Bob "x"'),
        (rb'"back\\slash"', r"back\slash"),
        (rb'"\\\"twice\\\""', r"\"twice\""),
        (rb'"ends with \\"', "ends with \\"),
        (rb"Bob", "Bob"),
    ],
)
async def test_a_quoted_name_is_read_as_it_was_meant_and_sent_on_quoted_once(
    node: TestNode, caller: RawCaller, phone: SoftPhone, sent: bytes, name: str
) -> None:
    channel = (await node.inbound(caller, sender=sent + b" <sip:+4930555@x>")).channel
    assert channel.caller_name == name
    await node.asterisk.originate(
        f"{channel.id}-a1",
        endpoint=extension_endpoint(PHONE),
        app_args="agent,c1",
        caller_name=channel.caller_name,
        caller_number=channel.caller_number,
        timeout=10,
    )
    ringing = await phone.next_call()
    assert ringing.caller_name == name
    shown = re.search(r"^From: (.*?) <", ringing.invite, re.MULTILINE)
    assert shown is not None
    assert shown[1] == (sent if sent.startswith(b'"') else b'"' + sent + b'"').decode()
    await ringing.hang_up()


@pytest.mark.parametrize(
    ("found", "name"),
    [(r"Bob \"x\"", 'Bob "x"'), (r"a\\b", r"a\b"), (r"\\\"", r"\""), ("lonely\\", "lonely\\"), (r"a\b", r"a\b")],
)
def test_a_name_is_unescaped_once(found: str, name: str) -> None:
    assert read_channel({"caller": {"name": found}}).caller_name == name
