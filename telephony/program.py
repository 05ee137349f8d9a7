"""How to run Asterisk: from an unpacked Debian tree through the tree's own loader, or as installed."""

import asyncio
import os
import re
from dataclasses import dataclass
from pathlib import Path

from telephony.errors import ProgramUnsuitable

MINIMUM_VERSION = (22, 5)
"""The first version with outbound websockets and requests over them."""

_CONSOLE_TIMEOUT = 10.0  # seconds
_LOADERS = (("ld-linux-x86-64.so.2", "x86_64-linux-gnu"), ("ld-linux-aarch64.so.1", "aarch64-linux-gnu"))


@dataclass(frozen=True)
class AsteriskProgram:
    """An Asterisk that can be started: its command and where its unchanging files are."""

    command: tuple[str, ...]
    module_dir: Path
    data_dir: Path

    def __post_init__(self) -> None:
        for path in (Path(self.command[-1]), self.module_dir, self.sounds_dir, self.data_dir / "rest-api"):
            if not path.exists():
                raise ProgramUnsuitable(f"Asterisk is not complete: {path} is missing")

    @classmethod
    def from_tree(cls, tree: Path) -> "AsteriskProgram":
        """The Asterisk of an unpacked Debian tree; needs no chroot. Raises ProgramUnsuitable."""
        tree = tree.resolve()
        for loader, triplet in _LOADERS:
            for folder in ("lib64", "lib"):
                path = tree / folder / loader
                if path.exists():
                    libraries = f"{tree}/usr/lib/{triplet}:{tree}/usr/lib"
                    command = (str(path), "--library-path", libraries, f"{tree}/usr/sbin/asterisk")
                    module_dir = tree / "usr/lib" / triplet / "asterisk/modules"
                    return cls(command, module_dir, tree / "usr/share/asterisk")
        raise ProgramUnsuitable(f"{tree} is no Debian tree with Asterisk: it has no program loader")

    @classmethod
    def installed(cls, binary: Path) -> "AsteriskProgram":
        """The Asterisk of that binary, wherever its package keeps modules and sounds. Raises ProgramUnsuitable."""
        if not binary.is_file():
            raise ProgramUnsuitable(f"There is no Asterisk program at {binary}")
        prefix = binary.resolve().parents[1]
        root = Path("/") if prefix == Path("/usr") else prefix
        modules = [*sorted(prefix.glob("lib/*-linux-gnu/asterisk/modules")), prefix / "lib64/asterisk/modules"]
        modules.append(prefix / "lib/asterisk/modules")
        data = [prefix / "share/asterisk", root / "var/lib/asterisk", Path("/var/lib/asterisk")]
        module_dir = next((path for path in modules if (path / "res_ari.so").is_file()), modules[-1])
        data_dir = next((path for path in data if (path / "rest-api").is_dir()), data[0])
        return cls((str(binary),), module_dir, data_dir)

    @property
    def sounds_dir(self) -> Path:
        """Where the spoken prompts are, one folder a language."""
        return self.data_dir / "sounds"

    @property
    def language(self) -> str:
        """The folder of the English prompts; Debian's "en" is an absolute link, which an unpacked tree breaks."""
        names = sorted(path.name for path in self.sounds_dir.glob("en*") if path.is_dir())
        return "en" if "en" in names else next(iter(names), "en")

    @property
    def music_dir(self) -> Path:
        """Where the music on hold is (a package of its own; the folder may be missing)."""
        return self.data_dir / "moh"

    def command_line(self, config_dir: Path) -> list[str]:
        """The command that runs Asterisk in the foreground with the configuration in that folder."""
        return [*self.command, "-f", "-n", "-C", str(config_dir / "asterisk.conf")]

    async def console(self, config_dir: Path, command: str) -> str:
        """What the running Asterisk's console answers. Raises ProgramUnsuitable where none runs there."""
        return await self._run("-C", str(config_dir / "asterisk.conf"), "-rx", command)

    async def version(self) -> tuple[int, int, int]:
        """The version. Raises ProgramUnsuitable when it cannot be run, or is older than we need."""
        words = await self._run("-V")
        found = re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", words)
        if found is None:
            raise ProgramUnsuitable(f"{self.command[-1]} does not tell its version: {words.strip()[:100]!r}")
        version = (int(found[1]), int(found[2]), int(found[3] or 0))
        if version[:2] < MINIMUM_VERSION:
            wanted = ".".join(map(str, MINIMUM_VERSION))
            raise ProgramUnsuitable(f"{self.command[-1]} is Asterisk {found[0]}; Everline needs {wanted} or newer")
        return version

    async def _run(self, *arguments: str) -> str:
        try:
            process = await asyncio.create_subprocess_exec(
                *self.command,
                *arguments,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
                # Of ours it needs no more; the rest may hold passwords.
                env={name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TZ") if name in os.environ},
            )
        except OSError as error:
            raise ProgramUnsuitable(f"Asterisk does not start: {error}") from error
        try:
            output, _ = await asyncio.wait_for(process.communicate(), _CONSOLE_TIMEOUT)
        except TimeoutError:
            process.kill()
            await process.wait()
            raise ProgramUnsuitable(f"Asterisk did not answer within {_CONSOLE_TIMEOUT:.0f} s") from None
        text = output.decode(errors="replace")
        if process.returncode:
            raise ProgramUnsuitable(f"Asterisk failed ({process.returncode}): {text.strip()[:200]}")
        return text
