"""The sounds that this machine's Asterisk can speak."""

import asyncio
import re
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

from db.core.texts import is_sound
from everline.settings import read_running_settings
from everline.stack.asterisk import find_asterisk
from everline.stack.errors import MissingProgram
from everline.terminal import CommandError
from telephony.errors import ProgramUnsuitable
from telephony.program import AsteriskProgram

_MOST_NAMED = 10
_OF_A_LANGUAGE = re.compile(r"[a-z]{2}(_[^/]*)?/")


def check_sounds(names: Iterable[str]) -> None:
    """Raises CommandError for a sound that is not there, with those of a like name.

    Where no Asterisk is on this machine, nobody can say.
    """
    try:
        program = asyncio.run(find_asterisk(read_running_settings()))
    except (MissingProgram, ProgramUnsuitable):
        return
    there = _sounds(program)
    for name in names:
        if is_sound(name) and name not in there:
            raise CommandError(f"There is no sound {name}. {_like(name, there)}")


def _sounds(program: AsteriskProgram) -> set[str]:
    """Names as Asterisk knows them: in the folder of the language, or beside the folders of all languages."""
    language = program.sounds_dir / program.language
    spoken = {_name(path, language) for path in language.rglob("*") if path.is_file()}
    beside = {_name(path, program.sounds_dir) for path in program.sounds_dir.rglob("*") if path.is_file()}
    return spoken | {name for name in beside if not _OF_A_LANGUAGE.match(name)}


def _name(path: Path, folder: Path) -> str:
    return path.relative_to(folder).with_suffix("").as_posix()


def _like(name: str, there: set[str]) -> str:
    found = get_close_matches(name, there, _MOST_NAMED, cutoff=0.5) or sorted(
        sound for sound in there if sound.startswith("vm-")
    )
    return f"There are {len(there)}, among them {', '.join(sorted(found[:_MOST_NAMED]))}."
