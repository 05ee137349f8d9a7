import json
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
NOT_CARRIED = re.compile(r"esbuild|@esbuild/.*|@types/.*")
"""No part of what esbuild builds: esbuild itself, and types without code."""


def test_the_notice_names_all_that_the_built_portal_carries() -> None:
    packages = json.loads((ROOT / "web/package-lock.json").read_text())["packages"]
    shipped = {
        path.rpartition("node_modules/")[2]: package["license"]
        for path, package in packages.items()
        if path and not package.get("dev") and not package.get("devOptional")
    }
    # Drawn into the portal's own file of icons while it is built.
    shipped["@tabler/icons"] = packages["node_modules/@tabler/icons"]["license"]
    notice = (ROOT / "NOTICE").read_text()
    entries = notice.partition("\n\n\n")[0]
    for name in shipped:
        assert name in entries or NOT_CARRIED.fullmatch(name)
    for licence in set(shipped.values()):
        assert f"\n{licence}: " in notice
