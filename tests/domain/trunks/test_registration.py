"""Whether we are registered with a carrier, read from what Asterisk tells."""

import pytest

from domain.trunks.registration import RegistrationState, Standing, read_answer, read_standings

LISTED = """
 <Registration/ServerURI..............................>  <Auth....................>  <Status.......>
==========================================================================================

 good/sip:192.0.2.1:5060                                 good                       Registered        (exp. 577s)
 bad/sip:192.0.2.2                                       bad                        Rejected          (exp. 270s)
 mute/sip:192.0.2.3                                      mute                       Unregistered      (exp. 20s)
 new/sip:192.0.2.4                                       new                        Unregistered      (exp. 0s)
"""


def test_the_state_is_asterisks_and_the_reason_is_the_last_answer() -> None:
    assert read_standings(LISTED, {"bad": 403, "mute": 0}) == {
        "good": Standing(RegistrationState.REGISTERED),
        "bad": Standing(RegistrationState.REFUSED, 403),
        "mute": Standing(RegistrationState.NO_ANSWER),
        "new": Standing(RegistrationState.TRYING),
    }


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        (
            "WARNING[1]: 403 Forbidden fatal response received from 'sip:h' on registration attempt to 'sip:u@h', …",
            (("sip:h", "sip:u@h"), 403),
        ),
        (
            "WARNING[1]: '404' fatal response received from 'sip:h' on registration attempt to 'sip:u@h', …",
            (("sip:h", "sip:u@h"), 404),
        ),
        (
            "WARNING[1]: Temporal response '503' received from 'sip:h' on registration attempt to 'sip:u@h', …",
            (("sip:h", "sip:u@h"), 503),
        ),
        (
            "WARNING[1]: No response received from 'sip:h' on registration attempt to 'sip:u@h', …",
            (("sip:h", "sip:u@h"), 0),
        ),
        ("WARNING[1]: something else about 'sip:u@h'", None),
    ],
)
def test_why_a_registration_failed_is_in_asterisks_log(line: str, answer: object) -> None:
    assert read_answer(line) == answer
