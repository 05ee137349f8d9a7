import re
from pathlib import Path

from api.desk.routes import PAGES

_SOURCES = Path(__file__).parents[3] / "web/src/pages"


def test_the_server_knows_the_paths_of_all_pages() -> None:
    """A page whose path the server does not know opens by a link, and is not found when it is loaded anew."""
    sources = [file.read_text() for file in _SOURCES.glob("*.ts")]
    named = [path for source in sources for path in re.findall(r'^  path: "([^"]+)"', source, re.MULTILINE)]
    assert sorted(named) == sorted(PAGES)
