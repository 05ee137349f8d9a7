"""The dialplan is a doorstep: every decision about a call is ours, so all it does is hand the call over."""

from telephony.causes import HangupCause
from telephony.config.ari import APPLICATION
from telephony.config.site import AsteriskSite

TRUNK_CONTEXT = "trunk"
PHONE_CONTEXT = "phone"
DEMO_CONTEXT = "demo-caller"

REFUSED_CONTEXT = "refused"
INBOUND = "inbound"
"""The first of the arguments that a call from a trunk enters the application with; the second is the dialled number."""

_ANYTHING = "[+0-9a-zA-Z*#]!"
_NUMBER = "+*#0-9a-zA-Z_.\\x2d"
_DEMO_SENTENCES = ("hello-world", "demo-congrats", "tt-somethingwrong", "demo-instruct", "demo-thanks")
_DEMO_LENGTH = 300  # seconds


def extensions_conf(_site: AsteriskSite) -> str:
    """extensions.conf. Without our application a caller gets 503, so that a carrier tries another way in."""
    sentences = "\n".join(f" same = n,Playback({name})\n same = n,Wait(2)" for name in _DEMO_SENTENCES)
    # FILTER: a comma in a hostile number would become a further argument of Stasis.
    # The explicit "h": else the pattern would match the hang-up extension and enter the application once more.
    return f"""\
[general]
static = yes
writeprotect = yes
autofallthrough = yes
[{TRUNK_CONTEXT}]
exten = _{_ANYTHING},1,Stasis({APPLICATION},{INBOUND},${{FILTER({_NUMBER},${{EXTEN}})}})
 same = n,GotoIf($["${{STASISSTATUS}}" = "FAILED"]?nobody)
 same = n,Hangup()
 same = n(nobody),Hangup({HangupCause.CONGESTION:d})
exten = h,1,NoOp()
[{PHONE_CONTEXT}]
exten = _{_ANYTHING},1,Hangup({HangupCause.REJECTED:d})
exten = h,1,NoOp()
[{REFUSED_CONTEXT}]
exten = _{_ANYTHING},1,Hangup({HangupCause.REJECTED:d})
exten = h,1,NoOp()
[{DEMO_CONTEXT}]
exten = s,1,Set(TIMEOUT(absolute)={_DEMO_LENGTH})
 same = n(again),Wait(1)
{sentences}
 same = n,Goto(again)
#tryinclude everline-extra/extensions.conf
"""
