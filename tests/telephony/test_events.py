from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.calls.causes import HangupCause
from telephony.events import (
    EVENT_TYPES,
    ChannelDestroyed,
    ChannelLeftApp,
    ContactChanged,
    ContactStatus,
    EndpointChanged,
    parse,
)
from telephony.text import NAME_LIMIT, clean

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=4,
)
_KEYS = st.sampled_from(
    ["timestamp", "channel", "args", "cause", "digit", "recording", "playback", "endpoint", "contact_info", "peer"]
)
_INNER = st.sampled_from(["id", "name", "state", "caller", "number", "dialplan", "app_name", "app_data", "resource"])


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(EVENT_TYPES), st.dictionaries(_KEYS, _JSON | st.dictionaries(_INNER, _JSON), max_size=5))
def test_no_message_makes_it_raise(kind: str, fields: dict[str, object]) -> None:
    assert parse({**fields, "type": kind}) is not None


def test_joined_emoji_and_persian_stay_whole_and_what_joins_nothing_goes() -> None:
    family, persian = "\U0001f469\u200d\U0001f467", "\u0645\u06cc\u200c\u0631\u0648\u0645"
    assert clean(f"{family} {persian}", NAME_LIMIT) == f"{family} {persian}"
    assert clean("\u200dAda \u200c Byron\u200d", NAME_LIMIT) == "Ada Byron"
    assert clean("\u202eAda", NAME_LIMIT) == "Ada"


@given(st.text() | st.text("a \u200c\u200d"), st.integers(0, 200))
def test_cleaned_text_is_short_printable_and_stays_the_same(text: str, limit: int) -> None:
    cleaned = clean(text, limit)
    assert len(cleaned) <= limit
    assert all(sign.isprintable() or sign == " " or not sign.isascii() for sign in cleaned)
    assert "\0" not in cleaned
    assert clean(cleaned, limit) == cleaned
    cleaned.encode()


def test_what_we_do_not_use_is_no_event() -> None:
    assert parse({"type": "ChannelVarset"}) is None
    assert parse({}) is None


def test_a_long_name_is_cut() -> None:
    event = parse({"type": "StasisEnd", "channel": {"caller": {"name": "x" * 5000}}})
    assert isinstance(event, ChannelLeftApp)
    assert event.channel.caller_name == "x" * NAME_LIMIT


def test_a_leg_that_called_us_ends_when_it_leaves_and_another_when_it_is_destroyed() -> None:
    inbound = {"id": "t1-1.1", "dialplan": {"app_name": "Stasis", "app_data": "everline,inbound,5000"}}
    phone = {"id": "t1-1.2", "dialplan": {"app_name": "Stasis", "app_data": "everline,dialled,2025550147"}}
    agent = {"id": "t1-1.1-a1", "dialplan": {"app_name": "Stasis", "app_data": "everline,agent,t1-1.1"}}
    assert isinstance(parse({"type": "StasisEnd", "channel": inbound}), ChannelDestroyed)
    assert isinstance(parse({"type": "StasisEnd", "channel": phone}), ChannelDestroyed)
    assert isinstance(parse({"type": "StasisEnd", "channel": agent}), ChannelLeftApp)
    ended = parse({"type": "ChannelDestroyed", "channel": agent, "cause": 21})
    assert isinstance(ended, ChannelDestroyed)
    assert (ended.cause, ended.cause_number) == (HangupCause.REJECTED, 21)


def test_a_cause_without_a_name_keeps_its_number() -> None:
    ended = parse({"type": "ChannelDestroyed", "channel": {}, "cause": 96})
    assert isinstance(ended, ChannelDestroyed)
    assert (ended.cause, ended.cause_number) == (HangupCause.UNKNOWN, 96)


def test_asterisks_time_is_read() -> None:
    event = parse({"type": "StasisEnd", "timestamp": "2026-01-02T03:04:05.678+0100", "channel": {}})
    assert event is not None
    assert event.at == datetime(2026, 1, 2, 2, 4, 5, 678000, UTC)


def test_phones_come_and_go() -> None:
    endpoint = {"technology": "PJSIP", "resource": "201"}
    contact = parse(
        {"type": "ContactStatusChange", "endpoint": endpoint, "contact_info": {"contact_status": "Removed"}}
    )
    assert isinstance(contact, ContactChanged)
    assert (contact.endpoint, contact.status) == ("201", ContactStatus.REMOVED)
    for status, online in (("Reachable", True), ("Unreachable", False)):
        change = parse({"type": "PeerStatusChange", "endpoint": endpoint, "peer": {"peer_status": status}})
        assert isinstance(change, EndpointChanged)
        assert change.online is online
