import re

import pytest

from tests.commands.conftest import Command


def _shown(command: Command, queue: str) -> dict[str, str]:
    """What `everline queue show` tells, by rule."""
    told = command("queue", "show", queue)
    assert told.done, told.text
    return dict(re.split(r"  +", line.strip(), maxsplit=1) for line in told.text.splitlines())


def _row(command: Command, noun: str, first: str) -> str:
    (row,) = [line for line in command(noun, "list").text.splitlines() if line.startswith(first)]
    return row


def test_rules_of_a_queue_are_set_and_shown(command: Command) -> None:
    command("queue", "add", "Rule Desk")
    told = command("queue", "set", "rule desk", "strategy=linear", "max_wait_seconds=60", "no_answer_limit=none")
    assert told.text == "rule desk now has strategy=linear, max_wait_seconds=60, no_answer_limit=none.\n"
    command("queue", "set", "Rule Desk", "callback_key=5", "recorded=no", "name=Rule Desk Two")
    shown = _shown(command, "Rule Desk Two")
    assert (shown["strategy"], shown["max_wait_seconds"], shown["no_answer_limit"]) == ("linear", "60", "none")
    assert (shown["callback_key"], shown["recorded"], shown["hours"]) == ("5", "no", "always open")


def test_exits_of_a_queue_are_said_shown_and_forgotten(command: Command) -> None:
    command("queue", "add", "Exit Desk")
    command("queue", "add", "Night Desk")
    assert command("queue", "exit", "Exit Desk", "--on", "max-wait", "--do", "queue", "--to", "night desk").done
    words = ("--on", "closed", "--do", "hang-up", "--message", "ss-noservice")
    assert command("queue", "exit", "Exit Desk", *words).text == (
        "Exit Desk, on closed: hang-up, after the sound ss-noservice.\n"
    )
    shown = _shown(command, "Exit Desk")
    assert (shown["on max-wait"], shown["on closed"]) == ("queue Night Desk", "hang-up (ss-noservice)")
    assert command("queue", "remove-exit", "Exit Desk", "--on", "closed").done
    assert "on closed" not in _shown(command, "Exit Desk")


def test_a_member_gets_a_place_and_keeps_what_is_not_said(command: Command) -> None:
    command("queue", "add", "Member Desk")
    command("user", "add", "Mia Member")
    command("queue", "add-member", "Member Desk", "Mia Member", "--penalty", "2")
    told = command("queue", "add-member", "Member Desk", "Mia Member", "--position", "4")
    assert told.text == "Mia Member takes calls of Member Desk already, with penalty 2 at position 4.\n"
    assert _shown(command, "Member Desk")["agent Mia Member"] == "penalty 2, position 4"


def test_a_queue_goes_when_nothing_leads_to_it(command: Command) -> None:
    command("queue", "add", "Short Desk")
    command("number", "add", "4100", "Short Desk")
    assert "These numbers lead to Short Desk: 4100." in command("queue", "remove", "Short Desk", "--yes").text
    command("number", "remove", "4100")
    assert command("queue", "remove", "Short Desk", "--yes").text == "The queue Short Desk is gone.\n"
    assert "Short Desk" not in command("queue", "list").text


def test_hours_are_opened_closed_shown_and_given_to_a_queue(command: Command) -> None:
    command("hours", "add", "Bureau", "--zone", "Europe/Berlin")
    command("hours", "open", "bureau", "mon-fri", "09:00-12:00", "13:00-17:30")
    command("hours", "open", "Bureau", "sat", "22:00-24:00")
    told = command("hours", "close", "Bureau", "wed")
    week = "mon-tue 09:00-12:00, 13:00-17:30; thu-fri 09:00-12:00, 13:00-17:30; sat 22:00-24:00"
    assert told.text == f"Bureau in Europe/Berlin: {week}.\n"
    command("queue", "add", "Hours Desk")
    command("queue", "set", "Hours Desk", "hours=bureau")
    assert _shown(command, "Hours Desk")["hours"] == "Bureau"
    assert "These queues have Bureau: Hours Desk." in command("hours", "remove", "Bureau").text
    command("queue", "set", "Hours Desk", "hours=none")
    assert command("hours", "remove", "Bureau").done
    assert "Bureau" not in command("hours", "list").text


def test_hours_are_renamed_and_moved_to_another_zone(command: Command) -> None:
    command("hours", "add", "Depot", "--zone", "UTC")
    told = command("hours", "set", "Depot", "--zone", "Asia/Tokyo", "--rename", "Tokyo Depot")
    assert told.text == "Tokyo Depot in Asia/Tokyo: never.\n"


def test_holidays_come_are_listed_and_go(command: Command) -> None:
    command("hours", "add", "Shop")
    assert command("holiday", "add", "Shop", "2026-12-25", "Christmas").text == (
        "Shop on 2026-12-25, Christmas: closed.\n"
    )
    command("holiday", "add", "shop", "2026-12-24", "Eve", "--open", "09:00-12:00")
    assert re.search(
        r"2026-12-24 +Eve +09:00-12:00\n2026-12-25 +Christmas +closed", command("holiday", "list", "Shop").text
    )
    assert "2026-12-25  closed (Christmas)" in command("hours", "show", "Shop").text
    assert command("holiday", "remove", "Shop", "2026-12-25").done
    assert command("holiday", "remove", "Shop", "2026-12-25").text == "2026-12-25 is no holiday of Shop."


def test_a_menu_is_made_changed_and_led_to(command: Command) -> None:
    command("queue", "add", "Menu Desk")
    command("queue", "add", "Other Desk")
    command("menu", "add", "Front", "--say", "hello,vm-press", "--key", "1=Menu Desk", "--key", "2=other desk")
    assert re.search(
        r"hello,vm-press +1=Menu Desk, 2=Other Desk +hang up +3 times, 6 s", _row(command, "menu", "Front")
    )
    command("menu", "set", "front", "--otherwise", "Other Desk", "--patience", "9", "--rename", "Front Door")
    assert re.search(r"1=Menu Desk, 2=Other Desk +Other Desk +3 times, 9 s", _row(command, "menu", "Front Door"))
    command("menu", "set", "Front Door", "--otherwise", "none", "--key", "7=Menu Desk")
    assert re.search(r" 7=Menu Desk +hang up", _row(command, "menu", "Front Door"))
    assert command("number", "add", "4200", "--menu", "front door", "--priority", "80").done
    assert re.search(r"4200 +menu Front Door +80", _row(command, "number", "4200"))
    assert "4200" in command("menu", "remove", "Front Door").text
    command("number", "set", "4200", "Menu Desk")
    assert re.search(r"4200 +Menu Desk +80", _row(command, "number", "4200"))
    command("number", "set", "42-00", "--priority", "20")
    assert re.search(r"4200 +Menu Desk +20", _row(command, "number", "4200"))
    assert command("menu", "remove", "Front Door").done


def test_skills_are_granted_and_wanted(command: Command) -> None:
    command("queue", "add", "Skill Desk")
    command("user", "add", "Finn Fluent")
    command("skill", "add", "French")
    assert command("skill", "grant", "Finn Fluent", "french", "7").text == "Finn Fluent knows french at level 7.\n"
    command("skill", "want", "Skill Desk", "French", "5")
    assert re.search(r"French +Finn Fluent 7 +Skill Desk 5", _row(command, "skill", "French"))
    assert _shown(command, "Skill Desk")["wants French"] == "level 5"
    command("skill", "rename", "French", "Français")
    assert command("skill", "grant", "Finn Fluent", "Français", "0").done
    assert re.search(r"Français +nobody", _row(command, "skill", "Français"))
    command("skill", "remove", "Français")
    assert "wants" not in str(_shown(command, "Skill Desk"))


def test_reasons_and_codes_come_and_go(command: Command) -> None:
    command("reason", "add", "Fire drill")
    assert "Fire drill" in command("reason", "list").text
    command("reason", "remove", "fire DRILL")
    assert "Fire drill" not in command("reason", "list").text
    command("queue", "add", "Code Desk")
    command("code", "add", "Handled", "--key", "1", "--queue", "Code Desk")
    assert re.search(r"Handled +1 +Code Desk", _row(command, "code", "Handled"))
    assert (
        "The key 1 gives Handled already." in command("code", "add", "Sold", "--key", "1", "--queue", "code desk").text
    )
    command("code", "remove", "Handled", "--queue", "Code Desk")
    assert "Handled" not in command("code", "list").text


def test_a_users_role_name_and_phone_are_changed(command: Command) -> None:
    command("user", "add", "Rosa Role", "--extension", "4301")
    told = command("user", "set", "rosa role", "--role", "supervisor", "--rename", "Rosa Rule")
    assert told.text == "Rosa Rule has the agent id 4301 and the role supervisor.\n"
    phone = command("user", "set-phone", "Rosa Rule", "--kind", "sip", "--number", "4302")
    assert re.search(r"Extension +4302 \(sip\)", phone.text)
    assert re.search(r"SIP secret +\S{16,}", phone.text)
    assert re.search(r"4301 +Rosa Rule +supervisor +4302 +sip", command("user", "list").text)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["queue", "set", "Wrong Desk", "ring_seconds"], "ring_seconds is no rule with a value. Write it like"),
        (["queue", "set", "Wrong Desk", "ring_seconds=1"], "ring_seconds is a whole number from 5 to 120."),
        (["queue", "set", "Wrong Desk", "colour=red"], "colour is no rule of a queue. The rules are ring_seconds"),
        (["queue", "set", "Wrong Desk", "hours=Nowhere"], "There are no opening hours Nowhere."),
        (["queue", "set", "Wrong Desk", "schedule_id=x"], "schedule_id is the id of opening hours"),
        (["queue", "exit", "Wrong Desk", "--on", "rain", "--do", "voicemail"], "Choose one of these: closed, full,"),
        (["queue", "exit", "Wrong Desk", "--on", "full", "--do", "dance"], "Choose one of these: hang-up, queue,"),
        (["queue", "exit", "Wrong Desk", "--on", "full", "--do", "queue"], "need that queue"),
        (["queue", "remove-exit", "Wrong Desk", "--on", "full"], "Nothing has been set for that occasion."),
        (["queue", "add-member", "Wrong Desk", "Nobody There"], "There is no user Nobody There."),
        (["hours", "add", "Wrong Hours", "--zone", "Mars/Olympus"], "There is no such time zone"),
        (["hours", "open", "Wrong Hours", "someday", "09:00-10:00"], "someday is no day. Write days like"),
        (["hours", "open", "Wrong Hours", "mon", "9-17"], "9-17 is no span of time. Write it like 09:00-17:30."),
        (["hours", "open", "Wrong Hours", "mon", "09:00-25:00"], "is no span of time"),
        (["hours", "show", "Nowhere"], "There are no opening hours Nowhere."),
        (["holiday", "add", "Nowhere", "2026-02-30", "Never"], "2026-02-30 is no day. Write it like 2026-12-25."),
        (["menu", "add", "Wrong Menu", "--say", "hello", "--key", "1"], "1 is no key with a queue."),
        (["menu", "add", "Wrong Menu", "--say", "a b", "--key", "1=Wrong Desk"], "names of sounds"),
        (["menu", "add", "Wrong Menu", "--say", "helo-wrld", "--key", "1=Wrong Desk"], "among them hello"),
        (
            ["queue", "exit", "Wrong Desk", "--on", "closed", "--do", "hang-up", "--message", "nope"],
            "There is no sound nope.",
        ),
        (["menu", "add", "Wrong Menu", "--say", "hello", "--key", "12=Wrong Desk"], "0 to 9, * or #"),
        (["menu", "remove", "Wrong Menu"], "There is no menu Wrong Menu."),
        (["skill", "grant", "Nobody There", "Juggling", "3"], "There is no user Nobody There."),
        (["skill", "want", "Wrong Desk", "Juggling", "3"], "There is no skill Juggling."),
        (["reason", "add", "No answer"], "is the centre's own reason"),
        (["reason", "remove", "Boredom"], "There is no reason Boredom."),
        (["code", "add", "Odd", "--key", "0"], "one digit from 1 to 9"),
        (["code", "remove", "Odd"], "There is no wrap-up code Odd."),
        (["number", "add", "4400"], "Name the queue that the number leads to, or a menu with --menu."),
        (["number", "add", "4400", "Wrong Desk", "--menu", "Front"], "or a menu with --menu."),
        (["number", "add", "4400", "Wrong Desk", "--priority", "100"], "A priority is 1 to 99"),
        (["number", "set", "4499", "Wrong Desk"], "The number 4499 leads nowhere."),
        (["user", "set", "Nobody There", "--role", "agent"], "There is no user Nobody There."),
    ],
)  # fmt: skip
def test_what_cannot_be_done_says_what_could(command: Command, words: list[str], told: str) -> None:
    command("queue", "add", "Wrong Desk")
    command("hours", "add", "Wrong Hours")
    answer = command(*words)
    assert not answer.done
    assert told in answer.text, answer.text


def test_every_noun_of_administration_is_listed_with_what_it_does(command: Command) -> None:
    text = command("--help").text
    for name in ("skill", "hours", "holiday", "menu", "reason", "code"):
        assert re.search(rf"│ {name} +\w", text)
