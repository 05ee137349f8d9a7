"""Writes the description of the API to the standard output, for web/contract.mjs: `python -m api.openapi`."""

import json
import sys
from pathlib import Path

from api.app import create
from api.config import ApiConfig

_NOWHERE = ApiConfig("", "", Path(), history_secret="")
"""The description does not depend on where anything is, and nothing of the application is started for it."""


def main() -> None:
    """As one JSON object."""
    json.dump(create(_NOWHERE).openapi(), sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main()
