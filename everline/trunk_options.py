"""What can be said of a trunk on the command line: one list, for adding one and for changing one."""

import inspect
from collections.abc import Callable
from typing import Annotated, Any, TypeVar

import typer

from domain.numbering.number_format import NumberFormat
from domain.trunks.trunk import Dtmf, Transport

Command = TypeVar("Command", bound=Callable[..., None])

OPTIONS: dict[str, Any] = {
    "host": Annotated[str | None, typer.Option(help="Where calls out are sent: host or host:port.")],
    "match": Annotated[
        str | None,
        typer.Option(help="Addresses or networks that its calls come from, separated by commas; the host by default."),
    ],
    "username": Annotated[
        str | None,
        typer.Option(
            "--user", help="The user that the carrier gave you; its password is asked for, or read from the input."
        ),
    ],
    "registers": Annotated[
        bool | None, typer.Option("--register/--no-register", help="Register there, to be sent calls.")
    ],
    "from_user": Annotated[str | None, typer.Option(help="The user in From, where the carrier takes no other.")],
    "from_domain": Annotated[str | None, typer.Option(help="The domain in From.")],
    "proxy": Annotated[str | None, typer.Option(help="The outbound proxy: host or host:port.")],
    "transport": Annotated[Transport | None, typer.Option(help="By what SIP is carried.")],
    "number_format": Annotated[
        NumberFormat | None, typer.Option("--numbers", help="How called numbers are written to it.")
    ],
    "caller_format": Annotated[
        NumberFormat | None, typer.Option("--callers", help="How our own number is written to it.")
    ],
    "shown": Annotated[
        str | None, typer.Option(help="The number of ours that it shows, where no other is allowed; empty for any.")
    ],
    "trusted": Annotated[
        bool | None, typer.Option("--trusted/--not-trusted", help="Believe the caller in its P-Asserted-Identity.")
    ],
    "position": Annotated[
        int | None, typer.Option("--order", help="Its place in the order of trunks, 0 is the first.")
    ],
    "prefixes": Annotated[
        str | None, typer.Option(help="Only numbers that begin so go out by it: +44,+353; empty for all numbers.")
    ],
    "codecs": Annotated[str | None, typer.Option(help="Codecs, the best first: alaw,ulaw,g722,opus.")],
    "dtmf": Annotated[Dtmf | None, typer.Option("--keys", help="How pressed keys travel.")],
    "allowed": Annotated[
        str | None,
        typer.Option(help="Other numbers of ours that it lets us show, of users and queues: +493012345,+4930999*."),
    ],
    "anonymous": Annotated[
        bool | None, typer.Option("--anonymous/--not-anonymous", help="Hide our number from those who are called.")
    ],
    "srtp": Annotated[bool | None, typer.Option("--srtp/--no-srtp", help="Encrypt the sound, too; with TLS only.")],
    "login": Annotated[
        bool | None,
        typer.Option(
            "--login/--no-login",
            help="It logs in here, as the user of its name, instead of being known by its addresses; the password is"
            " asked for, or read from the input.",
        ),
    ],
    "max_channels": Annotated[
        int | None, typer.Option("--channels", help="Calls that it may carry at once, in and out; 0 for any number.")
    ],
    "limits_inbound": Annotated[
        bool | None,
        typer.Option("--limit-inbound/--no-limit-inbound", help="Refuse calls by it beyond that."),
    ],
    "setup_seconds": Annotated[
        int | None,
        typer.Option("--setup", help="Seconds until the called phone must ring; then the next trunk is tried."),
    ],
    "ring_seconds": Annotated[
        int | None, typer.Option("--ring", help="Seconds that the called phone rings, from its first ringing on.")
    ],
}
"""By the trunk's field. What is not said is None."""

_LISTS = ("prefixes", "allowed")


def with_trunk_options(command: Command) -> Command:
    """Gives a command all that can be said of a trunk, in place of its `**options`."""
    signature = inspect.signature(command)
    own = [one for one in signature.parameters.values() if one.kind is not inspect.Parameter.VAR_KEYWORD]
    keyword = inspect.Parameter.KEYWORD_ONLY
    options = [inspect.Parameter(name, keyword, default=None, annotation=kind) for name, kind in OPTIONS.items()]
    command.__dict__["__signature__"] = signature.replace(parameters=[*own, *options])
    command.__annotations__ = {**command.__annotations__, **OPTIONS}
    return command


def given(options: dict[str, Any]) -> dict[str, Any]:
    """The options that were typed, as fields of the trunk."""
    typed = {name: value for name, value in options.items() if value is not None}
    for name in _LISTS:
        if name in typed:
            typed[name] = tuple(part.strip() for part in typed[name].split(",") if part.strip())
    return typed
