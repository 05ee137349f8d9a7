import pytest

from domain.trunks.carrier_words import answer_in_words


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "user name and password"),
        (407, "user name and password"),
        (403, "caller's number"),
        (404, "--numbers"),
        (484, "--numbers"),
        (488, "--codecs"),
        (503, "overloaded"),
        (408, "firewall"),
        (302, "elsewhere"),
        (499, "refused the call (499)"),
        (0, "no answer"),
    ],
)
def test_an_answer_says_what_is_to_be_done(status: int, words: str) -> None:
    assert words in answer_in_words("provider-1", status, rang=False, answered=False, has_login=False)


def test_who_has_a_password_is_told_that_it_is_wrong() -> None:
    told = answer_in_words("provider-1", 401, rang=False, answered=False, has_login=True)
    assert "does not take this user name and password" in told
    assert "everline trunk set provider-1 --user" in told


def test_a_call_that_rang_or_was_answered_says_that_the_trunk_works() -> None:
    for rang, answered in ((True, False), (False, True)):
        told = answer_in_words("provider-1", 0, rang=rang, answered=answered, has_login=False)
        assert told.endswith("the trunk works.")
