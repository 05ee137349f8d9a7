from pathlib import Path

import pytest

from telephony.errors import ProgramUnsuitable
from telephony.program import MINIMUM_VERSION, AsteriskProgram
from tests.telephony.running import RunningAsterisk


def _installed(prefix: Path, version: str) -> Path:
    """A program that only tells a version, with the folders of a real one."""
    binary = prefix / "sbin/asterisk"
    for folder in ("sbin", "lib/asterisk/modules", "share/asterisk/sounds/en", "share/asterisk/rest-api"):
        (prefix / folder).mkdir(parents=True)
    (prefix / "lib/asterisk/modules/res_ari.so").touch()
    binary.write_text(f"#!/bin/sh\necho 'Asterisk {version}'\n")
    binary.chmod(0o755)
    return binary


async def test_it_tells_its_version(running: RunningAsterisk) -> None:
    assert (await running.site.program.version())[:2] >= MINIMUM_VERSION


async def test_an_older_one_is_refused_in_plain_words(tmp_path: Path) -> None:
    program = AsteriskProgram.installed(_installed(tmp_path, "20.11.1"))
    with pytest.raises(ProgramUnsuitable, match=r"is Asterisk 20\.11\.1; Everline needs 22\.5 or newer"):
        await program.version()


async def test_an_installed_one_finds_its_modules_and_sounds(tmp_path: Path) -> None:
    program = AsteriskProgram.installed(_installed(tmp_path, "22.5.0"))
    assert await program.version() == (22, 5, 0)
    assert program.module_dir == tmp_path / "lib/asterisk/modules"
    assert program.language == "en"


async def test_something_else_is_refused(tmp_path: Path) -> None:
    program = AsteriskProgram.installed(_installed(tmp_path, "unknown"))
    with pytest.raises(ProgramUnsuitable, match="does not tell its version"):
        await program.version()


def test_a_missing_program_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProgramUnsuitable, match="no Asterisk program"):
        AsteriskProgram.installed(tmp_path / "asterisk")
    with pytest.raises(ProgramUnsuitable, match="no Debian tree"):
        AsteriskProgram.from_tree(tmp_path)


async def test_a_console_without_a_running_asterisk_says_so(tmp_path: Path, running: RunningAsterisk) -> None:
    (tmp_path / "asterisk.conf").write_text(f"[directories]\nastrundir = {tmp_path}\n")
    with pytest.raises(ProgramUnsuitable):
        await running.site.program.console(tmp_path, "core show uptime")
