"""What may not be, whatever was killed: judged by what the phones saw, beside what the centre has on record."""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_PLAY = 3.0
"""Seconds by which a time on record may differ from what the phones saw: a kill costs up to that long."""
_SURE = 1.0
"""Seconds that two phones must have talked together before the record has to call it a talk."""
_HEARD_SHARE = 0.4
"""Of a plain talk, in which a tone in bursts must be heard: it is on for 70 % of the time."""


@dataclass(frozen=True)
class Leg:
    """A phone's part of a call, in seconds since 1970. `answered` is None for one that was never picked up."""

    phone: str
    began: float
    answered: float | None
    ended: float


@dataclass(frozen=True)
class Record:
    """What the centre has on record of one call."""

    disposition: str
    ended: float
    talk_seconds: float
    recording: str | None
    """Status of the recording; None when there is none."""
    recording_seconds: float = 0.0
    """Length of its file."""


@dataclass(frozen=True)
class Facts:
    """Everything known of one customer's call."""

    number: str
    kind: str
    customer: tuple[Leg, ...]
    """The customer's phone, newest last: of a callback first the customer's call, then ours."""
    agents: tuple[Leg, ...]
    records: tuple[Record, ...]
    expected_records: int = 1
    plain: bool = False
    heard_seconds: float | None = None
    """How long the customer heard an agent, whichever was heard longest; None where it was not measured."""
    slack: float = 0.0
    """Seconds for which Asterisk itself stood still."""
    away: float = 0.0
    """Seconds for which anything that brings two parties together was away."""

    @property
    def talk(self) -> tuple[float, float] | None:
        """When customer and agents first and last talked together; None when they never did."""
        spans = [
            (max(ours.answered, theirs.answered), min(ours.ended, theirs.ended))
            for ours, theirs in itertools.product(self.agents, self.customer)
            if ours.answered is not None and theirs.answered is not None
        ]
        real = [(start, end) for start, end in spans if end > start]
        return (min(start for start, _ in real), max(end for _, end in real)) if real else None


def violations(facts: Facts) -> list[str]:
    """Everything that is wrong with a call, in words."""
    found = [*_of_records(facts), *_of_times(facts), *_of_sound(facts), *_of_dialling(facts)]
    return [f"{facts.number} ({facts.kind}): {words}" for words in found]


def _of_records(facts: Facts) -> Iterable[str]:
    if len(facts.records) != facts.expected_records:
        yield f"{len(facts.records)} records, not {facts.expected_records}"
        return
    if not facts.records:
        return
    talk, last = facts.talk, facts.records[-1]
    # While something was away, a phone may be picked up that is never brought together with the customer's.
    if talk and _met(facts, talk[1] - talk[0]) and talk[1] - talk[0] > _SURE and last.disposition != "answered":
        yield f"talked for {talk[1] - talk[0]:.1f} s, and the record says {last.disposition}"
    if talk is None and last.disposition == "answered":
        yield "nobody talked, and the record says answered"


def _met(facts: Facts, seconds: float) -> bool:
    """Whether customer and agent heard one another. Music, too, has a little of an agent's tone."""
    return not facts.away or facts.heard_seconds is None or facts.heard_seconds > _HEARD_SHARE * seconds


def _of_times(facts: Facts) -> Iterable[str]:
    if len(facts.records) != facts.expected_records or not facts.records or not facts.customer:
        return
    last, play = facts.records[-1], _PLAY + facts.slack
    ended, talk = facts.customer[-1].ended, facts.talk
    # Who is left alone by an agent, while nobody is there to see it, stays on the line for longer than the call lasts.
    earliest = min(ended, talk[1]) if talk else ended
    if not earliest - play < last.ended < ended + play:
        yield f"the record ends {last.ended - ended:+.1f} s after the customer"
    if talk is None or last.disposition != "answered":
        return
    seen = talk[1] - talk[0]
    # Two phones that are picked up are brought together once everything is there that this needs.
    if not seen - facts.away - play < last.talk_seconds < seen + play:
        yield f"{last.talk_seconds:.1f} s of talk on record, {seen:.1f} s at the phones"
    if seen > _SURE and last.recording is None:
        yield "a talk without a recording, not even a failed one"
    if last.recording == "stored" and last.recording_seconds < min(seen, last.talk_seconds) - play:
        yield f"a recording of {last.recording_seconds:.1f} s counts as whole, of {last.talk_seconds:.1f} s"


def _of_sound(facts: Facts) -> Iterable[str]:
    talk = facts.talk
    if not facts.plain or facts.heard_seconds is None or talk is None:
        return
    wanted = _HEARD_SHARE * (talk[1] - talk[0] - _SURE - facts.away)
    if facts.heard_seconds < wanted:
        yield f"the customer heard the agent for {facts.heard_seconds:.1f} s of {talk[1] - talk[0]:.1f} s"


def _of_dialling(facts: Facts) -> Iterable[str]:
    if not facts.customer:
        return
    ended = max(leg.ended for leg in facts.customer)
    late = [leg for leg in facts.agents if leg.began > ended + _PLAY + facts.slack]
    if late:
        yield f"{late[0].phone} rang {late[0].began - ended:.1f} s after the customer had gone"


def overlaps(legs: Sequence[Leg]) -> list[str]:
    """Talks that one agent had at the same time."""
    up = sorted((leg for leg in legs if leg.answered is not None), key=lambda leg: leg.answered or 0.0)
    return [
        f"{first.phone} talked on two calls at once for {min(first.ended, second.ended) - (second.answered or 0):.1f} s"
        for first, second in itertools.pairwise(up)
        if second.answered is not None and second.answered < first.ended - _SURE
    ]


def dialled_twice(numbers: Sequence[str]) -> list[str]:
    """Customers whom we called more than once, by the INVITEs that their phone got."""
    return [
        f"{number} was called {numbers.count(number)} times"
        for number in sorted(set(numbers))
        if numbers.count(number) > 1
    ]
