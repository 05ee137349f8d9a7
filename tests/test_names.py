import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("domain", "telephony", "db", "workflows", "activities", "api", "everline")


@pytest.mark.parametrize("name", PACKAGES)
def test_a_top_level_package_is_ours(name: str) -> None:
    found = importlib.util.find_spec(name)
    assert found is not None
    assert found.origin is not None
    assert Path(found.origin) == ROOT / name / "__init__.py"


@pytest.mark.parametrize("name", PACKAGES)
def test_no_file_directly_in_a_package_is_named_like_a_top_level_package(name: str) -> None:
    # A script's folder goes first on the path: everline/api.py would replace api for `python everline/x.py`.
    mine = {path.stem for path in (ROOT / name).iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert not mine & {*PACKAGES, "dashboard", "tests", "bench"}
