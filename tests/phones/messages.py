"""What a test and its phone's process say to each other: one JSON object a line."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

CallState = Literal["calling", "incoming", "early", "connecting", "confirmed", "disconnected"]


class _Message(BaseModel):
    model_config = ConfigDict(frozen=True)


class Incoming(_Message):
    """What the phone does with a call that comes in. `ring` rings until it is told, or for ever."""

    action: Literal["ring", "answer", "decline"] = "ring"
    after_seconds: float = 0.0
    status: int = 486


RING = Incoming()
ANSWER = Incoming(action="answer")
DECLINE = Incoming(action="decline")


class PhoneSetup(_Message):
    """How the phone's process starts. Port 0 lets the system choose."""

    bind: str
    port: int
    rtp_port: int
    number: str
    sound: str | None
    record: str | None
    incoming: Incoming
    log: str
    codec: str | None


class Register(_Message):
    kind: Literal["register"] = "register"
    request: int
    server: str
    user: str
    password: str
    expires_seconds: int


class Unregister(_Message):
    kind: Literal["unregister"] = "unregister"
    request: int


class Dial(_Message):
    kind: Literal["dial"] = "dial"
    request: int
    call: int
    uri: str
    sender: str | None
    headers: tuple[tuple[str, str], ...]


class Answer(_Message):
    """Answer or refuse a call that rings, by the SIP status."""

    kind: Literal["answer"] = "answer"
    request: int
    call: int
    status: int


class HangUp(_Message):
    kind: Literal["hang_up"] = "hang_up"
    request: int
    call: int


class SendDigits(_Message):
    kind: Literal["send_digits"] = "send_digits"
    request: int
    call: int
    digits: str


class SetHold(_Message):
    kind: Literal["set_hold"] = "set_hold"
    request: int
    call: int
    held: bool


class SetIncoming(_Message):
    kind: Literal["set_incoming"] = "set_incoming"
    request: int
    incoming: Incoming


Command = Register | Unregister | Dial | Answer | HangUp | SendDigits | SetHold | SetIncoming
command_adapter: TypeAdapter[Command] = TypeAdapter(Annotated[Command, Field(discriminator="kind")])


class Ready(_Message):
    kind: Literal["ready"] = "ready"
    port: int


class Registration(_Message):
    """The registrar's latest word. Status 0 means that it said nothing."""

    kind: Literal["registration"] = "registration"
    status: int
    reason: str
    active: bool


class CallArrived(_Message):
    kind: Literal["call_arrived"] = "call_arrived"
    call: int
    invite: str


class CallChanged(_Message):
    """A call's new state. Once it is disconnected, status is the call's final SIP status."""

    kind: Literal["call_changed"] = "call_changed"
    call: int
    state: CallState
    status: int
    reason: str
    recording: str | None


class DigitHeard(_Message):
    kind: Literal["digit_heard"] = "digit_heard"
    call: int
    digit: str


class Done(_Message):
    kind: Literal["done"] = "done"
    request: int
    error: str | None


Event = Ready | Registration | CallArrived | CallChanged | DigitHeard | Done
event_adapter: TypeAdapter[Event] = TypeAdapter(Annotated[Event, Field(discriminator="kind")])
