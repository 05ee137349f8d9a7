"""The map for newcomers is true: each file and function that docs/architecture.md and docs/glossary.md name exists."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAPS = ("docs/architecture.md", "docs/glossary.md")
_FILE = re.compile(r"`((?:[\w.-]+/)+[\w.-]+\.(?:py|ts))(?:::([\w.]+))?`")
MOST_FILES = 7
"""From the button to Asterisk."""


def named(text: str) -> list[tuple[str, str]]:
    return [(found[1], found[2] or "") for found in _FILE.finditer(text)]


def in_python(tree: ast.AST, names: list[str]) -> bool:
    for node in ast.iter_child_nodes(tree):
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                found = name
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                found = name
            case _:
                continue
        if found == names[0]:
            return len(names) == 1 or in_python(node, names[1:])
    return False


def in_typescript(text: str, names: list[str]) -> bool:
    first, *rest = (re.escape(name) for name in names)
    there = re.search(rf"^(?:export )?(?:async )?(?:function|class|const) {first}\b", text, re.MULTILINE)
    return there is not None and all(re.search(rf"^  (?:async )?#?{name}\(", text, re.MULTILINE) for name in rest)


@pytest.mark.parametrize("page", MAPS)
def test_what_the_map_names_exists(page: str) -> None:
    places = named((ROOT / page).read_text())
    assert places, "a map that names nothing leads nowhere"
    for path, name in places:
        file = ROOT / path
        assert file.is_file(), f"{page} names {path}, which is not there"
        if name:
            is_there = in_typescript if file.suffix == ".ts" else lambda text, names: in_python(ast.parse(text), names)
            assert is_there(file.read_text(), name.split(".")), f"{page} names {path}::{name}, which is not there"


def test_a_hold_is_seven_files_from_the_button_to_asterisk() -> None:
    text = (ROOT / MAPS[0]).read_text()
    walk = text.split("**To Asterisk**")[1].split("**Back to the page**")[0]
    files = list(dict.fromkeys(path for path, _ in named(walk)))
    assert files[0].startswith("web/")
    assert files[-1].startswith("telephony/")
    assert len(files) <= MOST_FILES, files


def test_the_order_of_nouns_on_the_map_is_that_of_the_import_contract() -> None:
    contract = (
        (ROOT / "pyproject.toml").read_text().split('containers = ["db"]')[1].split("layers = [")[1].split("]")[0]
    )
    order = re.findall(r'"([^"]+)"', contract)
    assert "\n".join(order) in (ROOT / MAPS[0]).read_text()
