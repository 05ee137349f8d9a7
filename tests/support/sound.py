import math
from pathlib import Path

import numpy as np

from tests.phones.audio import Samples, read_wav

_ALIKE = 0.5


def loudness(path: Path) -> float:
    """How loud a recording is on the whole, in dB below full scale; minus infinity for silence."""
    samples, _ = read_wav(path)
    return loudness_of(samples)


def heard_at(recording: Path, sound: Path) -> float | None:
    """At which second of a recording a sound begins, going by its first second; None when it is not in it.

    The peak of the normalised cross-correlation: 1 for the sound itself, about 0 for anything else.
    """
    heard, rate = read_wav(recording)
    wanted = _resampled(*read_wav(sound), rate)[:rate]
    if len(heard) < len(wanted):
        return None
    size = len(heard) + len(wanted) - 1
    products = np.fft.irfft(np.fft.rfft(heard, size) * np.fft.rfft(wanted[::-1], size), size)[len(wanted) - 1 :]
    energy = _energy(heard, wanted)
    alike = products[: len(energy)] / np.sqrt(np.maximum(energy, 1e-9) * float(np.sum(np.square(wanted))))
    at = int(np.argmax(alike))
    return at / rate if alike[at] > _ALIKE else None


def _energy(heard: Samples, wanted: Samples) -> Samples:
    sums = np.concatenate([[0.0], np.cumsum(np.square(heard))])
    window: Samples = sums[len(wanted) :] - sums[: -len(wanted)]
    return window


def _resampled(samples: Samples, rate: int, wanted: int) -> Samples:
    times = np.arange(int(len(samples) * wanted / rate)) / wanted
    resampled: Samples = np.interp(times, np.arange(len(samples)) / rate, samples)
    return resampled


def loudness_of(samples: Samples) -> float:
    """The same for samples between -1 and 1."""
    power = float(np.mean(np.square(samples))) if len(samples) else 0.0
    return 10 * math.log10(power) if power else -math.inf
