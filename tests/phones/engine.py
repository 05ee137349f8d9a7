"""The phone itself, on pjsua2.

Runs only in the phone's own process: the library is not made for asyncio, and may crash.
"""

import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

import pjsua2 as pj

from tests.phones.messages import (
    Answer,
    CallArrived,
    CallChanged,
    CallState,
    Command,
    Dial,
    DigitHeard,
    Event,
    HangUp,
    PhoneSetup,
    Register,
    Registration,
    SendDigits,
    SetHold,
    SetIncoming,
    Unregister,
)

_STATES: dict[int, CallState] = {
    pj.PJSIP_INV_STATE_CALLING: "calling",
    pj.PJSIP_INV_STATE_INCOMING: "incoming",
    pj.PJSIP_INV_STATE_EARLY: "early",
    pj.PJSIP_INV_STATE_CONNECTING: "connecting",
    pj.PJSIP_INV_STATE_CONFIRMED: "confirmed",
    pj.PJSIP_INV_STATE_DISCONNECTED: "disconnected",
}

_RECHECK_SECONDS = 0.01


class _Account(pj.Account):  # type: ignore[misc]  # The library is untyped.
    """Notes what the library reports; the engine acts on it outside the library's callbacks."""

    def __init__(self, engine: "Engine") -> None:
        super().__init__()
        self._engine = engine

    def onIncomingCall(self, prm: pj.OnIncomingCallParam) -> None:  # noqa: N802  # The library's name.
        # The library refuses a call for which no object exists when this returns.
        call, invite = self._engine.incoming_call(self, prm.callId), _text(prm.rdata.wholeMsg)
        self._engine.note(lambda: self._engine.call_arrived(call, invite))

    def onRegState(self, prm: pj.OnRegStateParam) -> None:  # noqa: N802  # The library's name.
        report = Registration(status=prm.code, reason=prm.reason, active=prm.code == 200 and prm.expiration > 0)
        self._engine.note(lambda: self._engine.report(report))


class _Call(pj.Call):  # type: ignore[misc]  # The library is untyped.
    """One call of the phone, known to the test by `number`."""

    def __init__(self, account: _Account, number: int, engine: "Engine", library_id: int = pj.PJSUA_INVALID_ID) -> None:
        super().__init__(account, library_id)
        self.number = number
        self.recorder: pj.AudioMediaRecorder | None = None
        self.recording: Path | None = None
        self._engine = engine

    def onCallState(self, _prm: pj.OnCallStateParam) -> None:  # noqa: N802  # The library's name.
        info = self.getInfo()
        state, status, reason = _STATES.get(info.state), info.lastStatusCode, info.lastReason
        if state is not None:
            self._engine.note(lambda: self._engine.call_changed(self, state, status, reason))

    def onCallMediaState(self, _prm: pj.OnCallMediaStateParam) -> None:  # noqa: N802  # The library's name.
        self._engine.note(lambda: self._engine.connect_sound(self))

    def onDtmfDigit(self, prm: pj.OnDtmfDigitParam) -> None:  # noqa: N802  # The library's name.
        digit = prm.digit
        self._engine.note(lambda: self._engine.report(DigitHeard(call=self.number, digit=digit)))


class Engine:
    """Carries out commands and reports events. Everything runs in the thread that calls `turn`."""

    def __init__(self, setup: PhoneSetup, report: Callable[[Event], None]) -> None:
        self._setup = setup
        self.report = report
        self._incoming = setup.incoming
        self._noted: deque[Callable[[], None]] = deque()
        self._later: list[tuple[float, Callable[[], None]]] = []
        self._calls: dict[int, _Call] = {}
        self._arrivals = 0
        self._recordings = 0
        self._endpoint = _start_library(setup)
        self.port = _open_transport(self._endpoint, setup)
        self._player = _player(setup.sound)
        self._local = self._account(f"<sip:{setup.number}@{setup.bind}:{self.port}>", None)
        self._registered: _Account | None = None

    def note(self, action: Callable[[], None]) -> None:
        """Run an action at the next turn, outside the library's callbacks."""
        self._noted.append(action)

    def turn(self, milliseconds: int) -> None:
        """Let the library work for a moment, then act on what it reported."""
        self._endpoint.libHandleEvents(milliseconds)
        now = time.monotonic()
        due = [action for at, action in self._later if at <= now]
        self._later = [(at, action) for at, action in self._later if at > now]
        self._noted.extend(due)
        while self._noted:
            self._noted.popleft()()

    def carry_out(self, command: Command) -> None:
        """Carry out one command; pj.Error when the library refuses."""
        match command:
            case Register():
                self._register(command)
            case Unregister():
                if self._registered is not None:
                    self._registered.setRegistration(False)
            case Dial():
                self._dial(command)
            case SetIncoming():
                self._incoming = command.incoming
            case Answer() | HangUp() | SendDigits() | SetHold():
                self._steer(self._calls[command.call], command)

    def call_changed(self, call: _Call, state: CallState, status: int, reason: str) -> None:
        """Report a call's state; the recording of an ended call is complete before the report."""
        if state == "disconnected":
            call.recorder = None
            self._calls.pop(call.number, None)
            if call.recording is not None and not _complete(call.recording):
                # The library closes the file from another thread, some milliseconds later.
                soon = time.monotonic() + _RECHECK_SECONDS
                self._later.append((soon, lambda: self.call_changed(call, state, status, reason)))
                return
        recording = str(call.recording) if call.recording else None
        self.report(CallChanged(call=call.number, state=state, status=status, reason=reason, recording=recording))

    def connect_sound(self, call: _Call) -> None:
        """Play our sound into the call and record what comes; repeated when the media changes."""
        if not call.isActive() or call.number not in self._calls:
            return
        # The list of media is part of the info: without a name for the info the list would point into freed memory.
        info = call.getInfo()
        active = [item.index for item in info.media if item.status == pj.PJSUA_CALL_MEDIA_ACTIVE]
        if not active:
            return
        sound = call.getAudioMedia(active[0])
        if self._player is not None:
            self._player.startTransmit(sound)
        if self._setup.record is not None:
            if call.recorder is None:
                call.recording = self._next_recording(Path(self._setup.record))
                call.recorder = pj.AudioMediaRecorder()
                call.recorder.createRecorder(str(call.recording))
            sound.startTransmit(call.recorder)

    def _next_recording(self, first: Path) -> Path:
        self._recordings += 1
        return first if self._recordings == 1 else first.with_stem(f"{first.stem}-{self._recordings}")

    def _account(self, identity: str, register: Register | None) -> _Account:
        config = pj.AccountConfig()
        config.idUri = identity
        config.mediaConfig.transportConfig.boundAddress = self._setup.bind
        config.mediaConfig.transportConfig.port = self._setup.rtp_port
        if register is not None:
            config.regConfig.registrarUri = f"sip:{register.server}"
            config.regConfig.timeoutSec = register.expires_seconds
            config.regConfig.retryIntervalSec = 0
            config.sipConfig.authCreds.append(pj.AuthCredInfo("digest", "*", register.user, 0, register.password))
        account = _Account(self)
        account.create(config, register is not None)
        return account

    def _register(self, command: Register) -> None:
        if self._registered is not None:
            self._registered.shutdown()
        self._registered = self._account(f"<sip:{command.user}@{command.server}>", command)

    def incoming_call(self, account: _Account, library_id: int) -> _Call:
        """Make the object of a call that comes in. Calls that we dial have positive numbers, these negative ones."""
        self._arrivals -= 1
        call = self._calls[self._arrivals] = _Call(account, self._arrivals, self, library_id)
        return call

    def call_arrived(self, call: _Call, invite: str) -> None:
        """Report a call that came in and treat it as the phone is set to."""
        self.report(CallArrived(call=call.number, invite=invite))
        mode = self._incoming
        if not call.isActive():
            return
        if mode.action == "ring" or mode.after_seconds > 0:
            call.answer(_operation(180))
        if mode.action != "ring":
            status = 200 if mode.action == "answer" else mode.status
            self._later.append((time.monotonic() + mode.after_seconds, lambda: self._decide(call, status)))

    def _decide(self, call: _Call, status: int) -> None:
        """Answer or refuse, unless the caller has gone or the test has decided already."""
        if call.isActive() and call.getInfo().state in {pj.PJSIP_INV_STATE_INCOMING, pj.PJSIP_INV_STATE_EARLY}:
            call.answer(_operation(status))

    def _dial(self, command: Dial) -> None:
        call = _Call(self._registered or self._local, command.call, self)
        self._calls[command.call] = call
        operation = pj.CallOpParam(True)
        if command.sender is not None:
            operation.txOption.localUri = command.sender
        for name, value in command.headers:
            header = pj.SipHeader()
            header.hName, header.hValue = name, value
            operation.txOption.headers.append(header)
        call.makeCall(command.uri, operation)

    def _steer(self, call: _Call, command: Answer | HangUp | SendDigits | SetHold) -> None:
        match command:
            case Answer():
                call.answer(_operation(command.status))
            case HangUp():
                call.hangup(pj.CallOpParam())
            case SendDigits():
                call.dialDtmf(command.digits)
            case SetHold(held=True):
                call.setHold(pj.CallOpParam(True))
            case SetHold():
                operation = pj.CallOpParam(True)
                operation.opt.flag = pj.PJSUA_CALL_UNHOLD
                call.reinvite(operation)


def _complete(recording: Path) -> bool:
    """Whether a WAV's header, written when the file is closed, tells the file's size."""
    with recording.open("rb") as file:
        header = file.read(8)
    return header[:4] == b"RIFF" and int.from_bytes(header[4:], "little") + 8 == recording.stat().st_size


def _text(message: str) -> str:
    """A message as text that can be passed on: the library hands bytes that are no UTF-8 over as lone surrogates."""
    return message.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _operation(status: int) -> pj.CallOpParam:
    operation = pj.CallOpParam(True)
    operation.statusCode = status
    return operation


def _start_library(setup: PhoneSetup) -> pj.Endpoint:
    endpoint = pj.Endpoint()
    endpoint.libCreate()
    config = pj.EpConfig()
    config.uaConfig.threadCnt = 0
    config.uaConfig.mainThreadOnly = True
    config.uaConfig.userAgent = "everline-test-phone"
    config.logConfig.consoleLevel = 0
    config.logConfig.level = 4
    config.logConfig.msgLogging = 1
    config.logConfig.filename = setup.log
    config.medConfig.clockRate = config.medConfig.sndClockRate = 16000
    # Silence suppression would tear holes into the planted tone, echo cancellation would remove it.
    config.medConfig.noVad = True
    config.medConfig.ecTailLen = 0
    endpoint.libInit(config)
    endpoint.libStart()
    endpoint.audDevManager().setNullDev()
    if setup.codec is not None:
        for codec in endpoint.codecEnum2():
            endpoint.codecSetPriority(codec.codecId, 255 if codec.codecId.startswith(setup.codec) else 0)
    return endpoint


def _open_transport(endpoint: pj.Endpoint, setup: PhoneSetup) -> int:
    config = pj.TransportConfig()
    config.boundAddress = setup.bind
    config.port = setup.port
    info = endpoint.transportGetInfo(endpoint.transportCreate(pj.PJSIP_TRANSPORT_UDP, config))
    return int(info.localName.rpartition(":")[2])


def _player(sound: str | None) -> pj.AudioMediaPlayer | None:
    if sound is None:
        return None
    player = pj.AudioMediaPlayer()
    player.createPlayer(sound)
    return player
