from datetime import UTC, datetime
from pathlib import Path

import pytest

from telephony.security_log import LogTail, SipAnswer, sip_answer

_LINE = (
    '[2026-11-27 20:33:20.321] SECURITY[16836] res_security_log.c: SecurityEvent="{event}",'
    'EventTV="2026-11-27T20:33:20.321+0000",Severity="Error",Service="{service}",EventVersion="1",AccountID="1001",'
    'SessionID="73cd",LocalAddress="IPV4/UDP/127.0.0.1/5060",RemoteAddress="{remote}",Challenge="1795811600/adfc"'
)


def _line(event: str, service: str = "PJSIP", remote: str = "IPV4/UDP/192.0.2.9/47394") -> str:
    return _LINE.format(event=event, service=service, remote=remote)


def test_a_wrong_and_a_right_password_are_read() -> None:
    at = datetime(2026, 11, 27, 20, 33, 20, 321000, tzinfo=UTC)
    assert sip_answer(_line("ChallengeResponseFailed")) == SipAnswer(at, "1001", "192.0.2.9", is_right=False)
    assert sip_answer(_line("SuccessfulAuth")) == SipAnswer(at, "1001", "192.0.2.9", is_right=True)
    found = sip_answer(_line("ChallengeResponseFailed", remote="IPV6/TCP/2001:db8::7/5060"))
    assert found is not None
    assert (found.address, found.connected) == ("2001:db8::7", True)


@pytest.mark.parametrize(
    "line",
    [
        _line("ChallengeSent"),
        _line("ChallengeResponseFailed", service="AMI"),
        _line("ChallengeResponseFailed", remote="nonsense"),
        "",
        'SecurityEvent="ChallengeResponseFailed"',
    ],
)
def test_everything_else_is_passed_over(line: str) -> None:
    assert sip_answer(line) is None


def test_a_log_is_followed_also_when_it_is_emptied_or_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "security.log"
    path.write_text("of an earlier time\n")
    tail = LogTail(path)
    assert tail.read() == []
    with path.open("a") as file:
        file.write("one\ntwo, not yet")
    assert tail.read() == ["one"]
    with path.open("a") as file:
        file.write(" whole\n")
    assert tail.read() == ["two, not yet whole"]
    path.write_text("anew\n")
    assert tail.read() == ["anew"]
    path.unlink()
    assert tail.read() == []
