"""The dialplan decides nothing: it hands every call to our application."""

from domain.calls.causes import HangupCause
from domain.dialling_rules.refusal import DialRefusal
from telephony.config.ari import APPLICATION
from telephony.config.site import AsteriskSite

TRUNK_CONTEXT = "trunk"
PHONE_CONTEXT = "phone"
DEMO_CONTEXT = "demo-caller"

REFUSED_CONTEXT = "refused"
REFUSAL_CONTEXT = "refusal"
"""Where a phone hears why nothing is dialled; its extensions are the values of DialRefusal."""
NODE_CONTEXT = "node"
"""Where another node's calls for a phone that is registered here come in."""
AT_ONCE_HEADER = "X-Everline-Answer"
"""The SIP header by which a portal's page answers without ringing."""
INBOUND = "inbound"
"""The first of the arguments that a call from a trunk enters the application with.

The second is the dialled number, the third whether the caller's number may be shown.
"""
PROHIBITED = "prohib"
"""How that begins when it may not: a trusted trunk tells the number all the same, with Privacy: id (RFC 3325)."""
DIALLED = "dialled"
"""The same of what a phone dials. Whose phone it is says the channel's name, for Asterisk has checked its password."""
LET_IN = "EVERLINE-LET-IN-"
"""With a trunk's name, the global variable that is set once we have told this Asterisk what the trunk is.

What its database has kept may be old: another address, a trunk that is gone.
"""
CALLED_US = frozenset({INBOUND, DIALLED})
"""The first argument of the channels that Asterisk did not originate for us."""

_REFUSALS: dict[DialRefusal, tuple[str, HangupCause]] = {
    DialRefusal.NUMBER: ("cannot-complete-as-dialed&check-number-dial-again", HangupCause.REJECTED),
    DialRefusal.NOT_NOW: ("im-sorry&please-try-call-later", HangupCause.NO_ANSWER),
    DialRefusal.NOT_HERE: ("feature-not-avail-line", HangupCause.REJECTED),
    DialRefusal.NO_LINE: ("all-circuits-busy-now&please-try-call-later", HangupCause.CONGESTION),
}

_NODE_PHONE = "node-phone"
_ANYTHING = "[+0-9a-zA-Z*#]!"
_NUMBER = "+*#0-9a-zA-Z_.\\x2d"
_DEMO_SENTENCES = ("hello-world", "demo-congrats", "tt-somethingwrong", "demo-instruct", "demo-thanks")
_DEMO_LENGTH = 300  # seconds


def extensions_conf(_site: AsteriskSite) -> str:
    """extensions.conf. Without our application a caller gets 503, so that a carrier tries another way in."""
    sentences = "\n".join(f" same = n,Playback({name})\n same = n,Wait(2)" for name in _DEMO_SENTENCES)
    # Said before the answer: a call that is refused was never connected, and the phone shows the status at its end.
    refusals = "".join(
        f"exten = {refusal},1,Progress()\n same = n,Playback({sounds},noanswer)\n same = n,Hangup({cause:d})\n"
        for refusal, (sounds, cause) in _REFUSALS.items()
    )
    # FILTER: a comma in a hostile number would become a further argument of Stasis. What it would take something away
    # from is no number, and is refused before it is a call: bytes that are no text would break Asterisk's list of
    # channels. Only the lengths are compared, for the number itself may hold anything.
    clean = f"${{FILTER({_NUMBER},${{EXTEN}})}}"
    is_number = f"$[${{LEN({clean})}} = ${{LEN(${{EXTEN}})}}]"
    # A called phone that answers 302 makes Asterisk enter here by a channel of its own. Its answer may not choose the
    # number that we call, and behind that channel there would be no caller.
    # The explicit "h", with an end: else the pattern would match the hang-up extension, or what comes after its first
    # line, and enter the application once more.
    return f"""\
[general]
static = yes
writeprotect = yes
autofallthrough = yes
[{TRUNK_CONTEXT}]
exten = _{_ANYTHING},1,GotoIf($["${{CHANNEL(channeltype)}}" != "PJSIP"]?redirected)
 same = n,GotoIf($["${{{LET_IN}${{CHANNEL(endpoint)}}}}" = "yes"]?:nobody)
 same = n,GotoIf({is_number}?:refused)
 same = n,Stasis({APPLICATION},{INBOUND},{clean},${{CALLERID(num-pres)}})
 same = n,GotoIf($["${{STASISSTATUS}}" = "FAILED"]?nobody)
 same = n,Hangup()
 same = n(nobody),Hangup({HangupCause.CONGESTION:d})
 same = n(redirected),Hangup({HangupCause.REJECTED:d})
 same = n(refused),Hangup({HangupCause.UNALLOCATED:d})
exten = h,1,Hangup()
[{PHONE_CONTEXT}]
exten = _{_ANYTHING},1,GotoIf($["${{CHANNEL(channeltype)}}" != "PJSIP"]?redirected)
 same = n,GotoIf({is_number}?:refused)
 same = n,Stasis({APPLICATION},{DIALLED},{clean})
 same = n,GotoIf($["${{STASISSTATUS}}" = "FAILED"]?nobody)
 same = n,Hangup()
 same = n(nobody),Hangup({HangupCause.CONGESTION:d})
 same = n(redirected),Hangup({HangupCause.REJECTED:d})
 same = n(refused),Hangup({HangupCause.UNALLOCATED:d})
exten = h,1,Hangup()
{_for_other_nodes()}[{REFUSAL_CONTEXT}]
{refusals}exten = h,1,Hangup()
[{REFUSED_CONTEXT}]
exten = _{_ANYTHING},1,Hangup({HangupCause.REJECTED:d})
exten = h,1,Hangup()
[{DEMO_CONTEXT}]
exten = s,1,Set(TIMEOUT(absolute)={_DEMO_LENGTH})
 same = n(again),Wait(1)
{sentences}
 same = n,Goto(again)
#tryinclude everline-extra/extensions.conf
"""


def _for_other_nodes() -> str:
    """Rings a phone for another node, which has the call: this leg is that node's, and nothing is decided here.

    The cause goes back as the other Asterisk would see it at a phone of its own. A phone that declines (21) would come
    out as 403, and one that is not heard any more (44), which only its own channel tells, as a hang-up. That channel
    ends in a thread of its own, so what it tells is waited for, a second at most.
    """
    phone = "${FILTER(0-9A-Za-z._\\x2d,${EXTEN})}"
    rejected = f'$["${{HANGUPCAUSE}}" = "{HangupCause.REJECTED:d}"]'
    silent = f'$["${{PHONE_CAUSE}}" = "{HangupCause.NO_SOUND:d}"]'
    return f"""\
[{NODE_CONTEXT}]
exten = _{_ANYTHING},1,GotoIf($["${{CHANNEL(channeltype)}}" != "PJSIP"]?redirected)
 same = n,Set(_AT_ONCE=${{PJSIP_HEADER(read,{AT_ONCE_HEADER})}})
 same = n,Dial(PJSIP/{phone},,giIb({_NODE_PHONE}^s^1))
 same = n,GotoIf({rejected}?declined)
 same = n,Set(LEFT=$[20 * ("${{DIALSTATUS}}" = "ANSWER")])
 same = n(untold),GotoIf($["${{PHONE_CAUSE}}" != "" | ${{LEFT}} = 0]?told)
 same = n,Set(LEFT=$[${{LEFT}} - 1])
 same = n,Wait(0.05)
 same = n,Goto(untold)
 same = n(told),GotoIf({silent}?silent)
 same = n,Hangup(${{HANGUPCAUSE}})
 same = n(declined),Hangup({HangupCause.BUSY:d})
 same = n(silent),Hangup({HangupCause.NO_SOUND:d})
 same = n(redirected),Hangup({HangupCause.REJECTED:d})
exten = h,1,Hangup()
[{_NODE_PHONE}]
exten = s,1,Set(CHANNEL(hangup_handler_push)={_NODE_PHONE},over,1)
 same = n,GotoIf($["${{AT_ONCE}}" = "yes"]?:as_it_is)
 same = n,Set(PJSIP_HEADER(add,{AT_ONCE_HEADER})=yes)
 same = n(as_it_is),Return()
exten = over,1,Set(MASTER_CHANNEL(PHONE_CAUSE)=${{HANGUPCAUSE}})
 same = n,Return()
"""
