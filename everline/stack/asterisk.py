"""Asterisk with a configuration of our own, whichever way it came to this machine."""

import shutil
import ssl
from pathlib import Path

from domain.calls import ids
from everline.settings import TREE, Settings
from everline.stack.errors import MissingProgram, StackError
from everline.stack.part import Launch, Part
from everline.stack.ports import LOOPBACK
from everline.stack.secret_files import Secret, read_secret
from telephony.config import AsteriskSite, changed_files, write_configuration
from telephony.config.dialplan import DEMO_CONTEXT, REFUSAL_CONTEXT
from telephony.errors import ProgramUnsuitable
from telephony.program import AsteriskProgram

ARI_USER = "everline"
MUSIC = "music"
"""The folder of the centre's home in which each folder is music that queues may play."""


class Asterisk(Part):
    """One Asterisk, with its files below <home>/asterisk."""

    name = "asterisk"
    label = "Asterisk"
    # Its calls go on when the process that started it is killed; the next start takes it over.
    death_signal = None

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._program: AsteriskProgram | None = None
        self._config_dir = settings.home / "asterisk/etc"
        self._control = settings.home / "run/asterisk/asterisk.ctl"
        self.address = f"SIP {settings.sip_address}:{settings.sip_port}"

    async def prepare(self) -> Launch:
        """Find the program and write every configuration file anew."""
        try:
            if self._program is None:
                self._program = await find_asterisk(self._settings)
            write_configuration(asterisk_site(self._settings, self._program))
        except ProgramUnsuitable as error:
            raise MissingProgram(f"{error}.") from None
        except ValueError as error:
            raise StackError(f"Asterisk cannot be configured: {error}.") from None
        # A socket that an earlier run left would make the readiness check ask nobody.
        self._control.unlink(missing_ok=True)
        command = tuple(self._program.command_line(self._config_dir))
        return Launch(command, reaches=(self._program.module_dir, self._config_dir))

    async def objection(self) -> str | None:
        """Why the Asterisk that runs already is not the one that would be started."""
        try:
            self._program = await find_asterisk(self._settings)
            changed = changed_files(asterisk_site(self._settings, self._program))
        except (ProgramUnsuitable, ValueError) as error:
            return str(error)
        if changed:
            return f"it has another configuration ({', '.join(changed)})"
        return None if await self.ready() else "it does not answer"

    async def calls(self) -> int:
        """How many calls it carries now. Asked at its console, which lists also what ARI cannot."""
        if self._program is None or not self._control.exists():
            return 0
        try:
            listed = await self._program.console(self._config_dir, "core show channels concise")
        except ProgramUnsuitable:
            return 0
        return calls_in(listed)

    async def ready(self) -> bool:
        """Whether every module is loaded."""
        if self._program is None or not self._control.exists():
            return False
        try:
            await self._program.console(self._config_dir, "core waitfullybooted")
        except ProgramUnsuitable:
            return False
        return True


async def find_asterisk(settings: Settings) -> AsteriskProgram:
    """The one that the settings name, else the one that `make run` unpacked, else the one on the path.

    Raises ProgramUnsuitable and MissingProgram.
    """
    tree = settings.cache / TREE
    on_path = shutil.which("asterisk")
    if settings.asterisk is not None:
        program = _at(settings.asterisk)
    elif tree.exists():
        program = AsteriskProgram.from_tree(tree)
    elif on_path is not None:
        program = AsteriskProgram.installed(Path(on_path))
    else:
        raise MissingProgram("There is no Asterisk. Run `make run`, which unpacks one, or set EVERLINE_ASTERISK.")
    await program.version()
    return program


def asterisk_logs(settings: Settings) -> Path:
    """The folder of what Asterisk writes down."""
    return settings.home / "log/asterisk"


def calls_in(listed: str) -> int:
    """How many calls the channels belong to that Asterisk's console lists, the demo caller's own side left out."""
    found: set[str] = set()
    for line in listed.splitlines():
        fields = line.split("!")
        if len(fields) > 2 and fields[1] not in {DEMO_CONTEXT, REFUSAL_CONTEXT}:
            found.add(ids.parse_leg(fields[-1]).call_id)
    # What is dialled on a desk phone is a call with an id of its own, and the phone's channel belongs to it.
    return len(found - {call_id for call_id in found if ids.dialled_on(call_id) in found})


def asterisk_site(settings: Settings, program: AsteriskProgram) -> AsteriskSite:
    """Where this centre's Asterisk keeps its things and how it finds our node. Raises ValueError."""
    folder = settings.home / "asterisk"
    return AsteriskSite(
        program=program,
        config_dir=folder / "etc",
        state_dir=folder / "state",
        run_dir=settings.home / "run/asterisk",
        log_dir=asterisk_logs(settings),
        spool_dir=folder / "spool",
        music_dir=settings.home / MUSIC,
        node_name=settings.node_name,
        sip_address=settings.sip_address,
        sip_port=settings.sip_port,
        demo_port=settings.demo_port,
        http_port=settings.asterisk_http_port,
        node_url=f"ws://{LOOPBACK}:{settings.node_port}/ari",
        ari_user=ARI_USER,
        ari_password=read_secret(settings.home, Secret.ARI),
        rtp_start=settings.rtp_start,
        rtp_end=settings.rtp_end,
        sip_tls_port=settings.sip_tls_port,
        ca_file=settings.sip_ca or _system_authorities(),
        verify_carriers=settings.sip_tls_verify,
        certificate=settings.certificate,
        key=settings.key,
    )


def _system_authorities() -> Path | None:
    """Those that this machine trusts."""
    found = ssl.get_default_verify_paths().cafile
    return Path(found) if found else None


def _at(path: Path) -> AsteriskProgram:
    return AsteriskProgram.from_tree(path) if path.is_dir() else AsteriskProgram.installed(path)
