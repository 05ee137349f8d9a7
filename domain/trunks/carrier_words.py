"""What a carrier's answer to a test call means, in words for the administrator of the trunk."""

from domain.trunks.registration import RegistrationState

_WORDS = {
    401: "It wants a user name and password (401). Give those that it gave you: everline trunk set {name} --user …",
    403: (
        "It forbids the call (403). Mostly the caller's number or the user in From is not one that it gave you"
        " (--shown, --from-user), or it does not know this machine's address."
    ),
    404: (
        "It knows no such number (404). Check the number; if it is right, the carrier wants it written in another way:"
        " --numbers plus, digits, zeros or national."
    ),
    407: "It wants a user name and password (407). Give those that it gave you: everline trunk set {name} --user …",
    408: "Nobody answered in time (408). Check the host and the port, and whether a firewall lets SIP through.",
    480: "The called phone was not reached (480). The trunk itself works.",
    484: "It finds the number incomplete (484): write it in another way: --numbers digits, zeros or national.",
    486: "The called phone is busy (486). The trunk itself works.",
    488: "It takes none of our codecs (488). Set those that it wants: --codecs alaw or --codecs ulaw.",
    503: "It is overloaded or out of order, or your account has no channel left (503). Try again later, or ask it.",
    603: "The call was declined (603): by the called phone, or because the account may not call there.",
    604: "The number does not exist anywhere (604). Check it.",
    606: "It takes none of our codecs (606). Set those that it wants: --codecs alaw or --codecs ulaw.",
}
_BAD_LOGIN = (
    "It does not take this user name and password ({status}). Set them again: everline trunk set {name} --user …"
)


def answer_in_words(name: str, status: int, *, rang: bool, answered: bool, has_login: bool) -> str:
    """What the answer with this SIP status to a call by that trunk wants to be done. 0 is no status at all."""
    if answered:
        return "The call was answered: the trunk works."
    if status in (401, 407) and has_login:
        return _BAD_LOGIN.format(status=status, name=name)
    if status in _WORDS:
        return _WORDS[status].format(name=name)
    return "The called phone rang, and nobody answered: the trunk works." if rang else _otherwise(status)


def registration_in_words(name: str, state: RegistrationState, status: int) -> str:
    """How a registration with that trunk stands, and what is to be done about it."""
    match state:
        case RegistrationState.REGISTERED:
            return "We are registered there."
        case RegistrationState.REFUSED:
            why = f" ({status})" if status else ""
            return (
                f"It refused our registration{why}. Check the user and password: everline trunk set {name} --user …"
                " It is tried again every few minutes."
            )
        case RegistrationState.NO_ANSWER:
            return (
                "We are not registered there: it does not answer. Check the host, the port and --transport, and whether"
                " a firewall lets SIP through."
            )
        case RegistrationState.TRYING:
            return "No answer to our registration has come yet. Try again in a moment."


def _otherwise(status: int) -> str:
    if 300 <= status < 400:
        return f"It sends the call elsewhere ({status}). That is not followed; ask it for the right host."
    if status:
        return f"It refused the call ({status}). Ask the carrier what that means."
    return "There was no answer. Check the host, the port and --transport, and whether a firewall lets SIP through."
