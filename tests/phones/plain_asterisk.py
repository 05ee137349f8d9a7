"""An Asterisk without our program behind it: phones register and call each other."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from everline.stack import Stack
from tests.support.stack import stack_settings, temporary_home

_EXTENSIONS = """\
[plain]
exten = _X.,1,Dial(PJSIP/${EXTEN},30)
exten = echo,1,Answer()
 same = n,Echo()
exten = h,1,NoOp()
"""


@dataclass(frozen=True)
class PlainAsterisk:
    """A running Asterisk. Every extension dials every other; "echo" answers with what it hears."""

    address: str
    """Where it speaks SIP, as "host:port"."""
    passwords: dict[str, str]
    """The secret of each extension."""

    @classmethod
    @asynccontextmanager
    async def start(cls, *extensions: str) -> AsyncIterator["PlainAsterisk"]:
        """Run it for as long as the block."""
        passwords = {name: secrets.token_hex(8) for name in extensions}
        with temporary_home() as home:
            settings = stack_settings(home)
            _write_extra(home / "asterisk/etc/everline-extra", passwords)
            async with Stack(settings, parts=["asterisk"]):
                yield cls(f"127.0.0.1:{settings.sip_port}", passwords)


def _write_extra(folder: Path, passwords: dict[str, str]) -> None:
    folder.mkdir(parents=True)
    (folder / "modules.conf").write_text("load = app_dial.so\n")
    (folder / "extensions.conf").write_text(_EXTENSIONS)
    (folder / "pjsip.conf").write_text("".join(_endpoint(name, secret) for name, secret in passwords.items()))


def _endpoint(name: str, secret: str) -> str:
    return f"""\
[{name}]
type = auth
auth_type = digest
username = {name}
password = {secret}
[{name}]
type = aor
max_contacts = 1
remove_existing = yes
[{name}]
type = endpoint
context = plain
auth = {name}
aors = {name}
disallow = all
allow = opus,ulaw,alaw
direct_media = no
trust_id_inbound = yes
dtmf_mode = rfc4733
"""
