"""Trunks, as administrators see and change them."""

from typing import Any

import pytest

from tests.api.admin import office
from tests.api.floor import Floor


async def test_a_trunk_is_added_changed_and_removed_and_its_password_never_told(floor: Floor, address: str) -> None:
    wanted = {"name": "api-line", "host": "192.0.2.20", "username": "4930123", "password": "se-cret", "registers": True}
    async with office(floor, address) as boss:
        made = await boss.done("POST", "/trunks", wanted)
        assert (made["match"], made["has_password"], made["number_format"]) == ("192.0.2.20", True, "plus")
        assert "se-cret" not in str(made)
        assert (await boss.refused("POST", "/trunks", wanted))[0] == 409
        changed = await boss.done(
            "PATCH", "/trunks/api-line", {"number_format": "zeros", "prefixes": ["+44"], "position": 7}
        )
        assert (changed["number_format"], changed["prefixes"], changed["position"]) == ("zeros", ["+44"], 7)
        assert changed["has_password"]
        assert changed == await boss.done("GET", "/trunks/api-line")
        assert changed in (await boss.done("GET", "/trunks"))["items"]
        forgotten = await boss.done("PATCH", "/trunks/api-line", {"username": "", "registers": False})
        assert not forgotten["has_password"]
        await boss.done("DELETE", "/trunks/api-line")
        assert (await boss.refused("DELETE", "/trunks/api-line"))[0] == 404
        audited = await boss.audited("api-line")
        assert [action for action, _ in audited] == [
            "trunk.added",
            "trunk.changed",
            "trunk.changed",
            "trunk.removed",
        ]
        assert "se-cret" not in str(audited)


async def test_a_trunk_that_logs_in_has_no_addresses_and_its_password_is_never_told(floor: Floor, address: str) -> None:
    wanted = {"name": "api-pbx", "host": "192.0.2.21", "login_password": "long enough?no"}
    async with office(floor, address) as boss:
        assert (await boss.refused("POST", "/trunks", wanted))[0] == 422
        made = await boss.done("POST", "/trunks", {**wanted, "login_password": "long-enough-1"})
        assert (made["logs_in"], made["match"]) == (True, "")
        changed = await boss.done("PATCH", "/trunks/api-pbx", {"max_channels": 4, "ring_seconds": 60})
        assert (changed["logs_in"], changed["max_channels"], changed["ring_seconds"]) == (True, 4, 60)
        ended = await boss.done("PATCH", "/trunks/api-pbx", {"login_password": ""})
        assert (ended["logs_in"], ended["match"], ended["registrations"]) == (False, "192.0.2.21", [])
        await boss.done("DELETE", "/trunks/api-pbx")
        assert "long-enough" not in str(await boss.audited("api-pbx"))


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"host": "127.0.0.1"}, "this machine's own address"),
        ({"host": "192.0.2.1:99999"}, "is no host"),
        ({"username": "u"}, "both a user name and a password"),
        ({"registers": True}, "To register"),
        ({"prefixes": ["44"]}, "is no prefix"),
        ({"codecs": "g729"}, "Codecs are"),
        ({"ring_seconds": 1}, "rings for 5 to 180"),
        ({"setup_seconds": 100}, "3 to 60 seconds"),
        ({"max_channels": -1}, "0 is no limit"),
        ({"allowed": ["+4930*"]}, "needs one of its own"),
        ({"login_password": "short"}, "12 to 128"),
        ({"name": "demo-1"}, "are ours"),
        ({"transport": "pigeon"}, "transport"),
    ],
)
async def test_a_trunk_that_cannot_work_is_refused_in_words(
    floor: Floor, address: str, wrong: dict[str, Any], told: str
) -> None:
    async with office(floor, address) as boss:
        status, detail = await boss.refused("POST", "/trunks", {"name": "api-bad", "host": "192.0.2.20", **wrong})
        assert (status, told in detail) == (422, True), detail
