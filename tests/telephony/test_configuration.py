import dataclasses

import pytest

from telephony.config import AsteriskSite, write_configuration
from telephony.config.modules import REQUIRED
from telephony.program import AsteriskProgram
from tests.telephony.running import RunningAsterisk


async def test_it_starts_without_a_word_of_complaint(own_asterisk: RunningAsterisk) -> None:
    await own_asterisk.start()
    assert [line for line in own_asterisk.log.splitlines() if "WARNING" in line or "ERROR" in line] == []


async def test_every_module_that_we_need_runs(running: RunningAsterisk) -> None:
    lines = (await running.console("module show")).splitlines()
    present = {line.split()[0].removesuffix(".so") for line in lines if " Running " in line}
    assert set(REQUIRED) <= present


async def test_ari_is_for_this_machine_alone(running: RunningAsterisk) -> None:
    assert f"Bound to 127.0.0.1:{running.site.http_port}" in await running.console("http show status")


async def test_music_and_prompts_are_found(running: RunningAsterisk) -> None:
    assert "File: " in await running.console("moh show files")
    prompts = running.site.program.sounds_dir / running.site.program.language
    assert (prompts / "hello-world.wav").is_file() or list(prompts.glob("hello-world.*"))


@pytest.mark.parametrize(
    "change",
    [
        {"ari_password": "short"},
        {"ari_password": "a password with ; a comment sign"},
        {"node_name": "no-dash"},
        {"sip_address": "localhost"},
        {"rtp_end": 10_000, "rtp_start": 10_000},
    ],
)
def test_what_cannot_work_is_refused(running: RunningAsterisk, change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        dataclasses.replace(running.site, **change)  # type: ignore[arg-type]


def test_a_run_folder_too_deep_for_a_socket_is_refused(running: RunningAsterisk) -> None:
    with pytest.raises(ValueError, match="too long"):
        dataclasses.replace(running.site, run_dir=running.site.run_dir / ("x" * 100))


def test_the_password_is_in_no_file_that_others_may_read(running: RunningAsterisk) -> None:
    holders = [p for p in running.site.config_dir.iterdir() if running.site.ari_password in p.read_text()]
    assert {path.name for path in holders} == {"ari.conf", "websocket_client.conf"}
    assert {path.stat().st_mode & 0o077 for path in holders} == {0}


def test_writing_again_writes_the_same(running: RunningAsterisk) -> None:
    def contents(site: AsteriskSite) -> dict[str, str]:
        return {path.name: path.read_text() for path in site.config_dir.iterdir()}

    before = contents(running.site)
    write_configuration(running.site)
    assert contents(running.site) == before
    assert isinstance(running.site.program, AsteriskProgram)
