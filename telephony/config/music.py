"""What callers wait to: Asterisk's own music, and the folders of sound files that the owner put there."""

import re
from pathlib import Path

from domain.queues.queue import STANDARD_MUSIC
from telephony.config.site import AsteriskSite

_NAME = re.compile(r"[A-Za-z0-9_-]{1,40}")
_FORMATS = frozenset({".wav", ".gsm", ".ulaw", ".alaw", ".g722", ".sln", ".sln16"})


def own_music(folder: Path) -> dict[str, Path]:
    """The music below a folder: by name, each folder with something in it that Asterisk can play."""
    if not folder.is_dir():
        return {}
    return {
        path.name: path
        for path in sorted(folder.iterdir())
        if _NAME.fullmatch(path.name)
        and path.name != STANDARD_MUSIC
        and path.is_dir()
        and any(file.suffix in _FORMATS for file in path.iterdir())
    }


def musiconhold_conf(site: AsteriskSite) -> str:
    """musiconhold.conf: each caller hears a class from where the one before stopped hearing it."""
    classes = {STANDARD_MUSIC: site.program.music_dir, **own_music(site.music_dir)}
    return "".join(f"[{name}]\nmode = files\ndirectory = {folder}\nsort = random\n" for name, folder in classes.items())
