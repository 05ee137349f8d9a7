"""Tones to plant, and ears to find them: WAV files of 16-bit samples, any rate."""

import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float64]

# Speech-like bursts pass a browser's noise suppression, which learns a steady tone and removes it.
_BURST_SECONDS = 0.30
_PAUSE_SECONDS = 0.20
_FADE_SECONDS = 0.02

_FRAME_SECONDS = 0.1
_HOP_SECONDS = 0.05
_BAND_HZ = 25.0
"""Half the width of a tone as a 0.1 s Hann window shows it: two bins of 10 Hz and some play."""
_FLOOR_DBFS = -55.0
_ABOVE_REST_DB = -6.0
"""A tone counts while its band holds a quarter of the rest's power or more, so that two are heard at once."""


@dataclass(frozen=True)
class Tone:
    """How much of one tone a recording holds."""

    seconds: float
    """For how long it was heard."""
    level: float
    """Its median level while heard, in dB of full scale; -inf when it was not."""

    def __bool__(self) -> bool:
        return self.seconds > 0


def tone(hz: float, *, seconds: float, rate: int, level: float = -9.0, bursts: bool = True) -> Samples:
    """A tone between -1 and 1: bursts of 0.3 s with pauses of 0.2 s, or steady. Level in dB of full scale."""
    time = np.arange(round(seconds * rate)) / rate
    samples: Samples = 10 ** (level / 20) * np.sin(2 * np.pi * hz * time)
    if bursts:
        into = time % (_BURST_SECONDS + _PAUSE_SECONDS)
        samples *= np.clip(np.minimum(into, _BURST_SECONDS - into) / _FADE_SECONDS, 0, 1)
    return samples


def write_wav(path: Path, samples: Samples, rate: int) -> None:
    """Write one channel of 16-bit samples."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())


def write_tone(path: Path, hz: float, *, seconds: float, rate: int = 48000, bursts: bool = True) -> Path:
    """Write a WAV of one tone. At 48 kHz it serves as a browser's fake microphone."""
    write_wav(path, tone(hz, seconds=seconds, rate=rate, bursts=bursts), rate)
    return path


def read_wav(path: Path) -> tuple[Samples, int]:
    """The samples of a 16-bit WAV, all channels mixed, and their rate."""
    with wave.open(str(path), "rb") as file:
        if file.getsampwidth() != 2:
            raise ValueError(f"{path} holds no 16-bit samples")
        samples = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").astype(np.float64) / 32768
        return samples.reshape(-1, file.getnchannels()).mean(axis=1), file.getframerate()


def length(path: Path) -> float:
    """The length of a WAV in seconds."""
    with wave.open(str(path), "rb") as file:
        return file.getnframes() / file.getframerate()


def tones_in(path: Path, wanted: list[float]) -> dict[float, Tone]:
    """How long and how loud each wanted tone is in a WAV."""
    samples, rate = read_wav(path)
    return tones_in_samples(samples, rate, wanted)


def tones_in_samples(samples: Samples, rate: int, wanted: list[float]) -> dict[float, Tone]:
    """As tones_in, for samples between -1 and 1."""
    size, hop = round(_FRAME_SECONDS * rate), round(_HOP_SECONDS * rate)
    if len(samples) < size:
        return {hz: Tone(0.0, float("-inf")) for hz in wanted}
    window = np.hanning(size)
    frames = np.lib.stride_tricks.sliding_window_view(samples, size)[::hop] * window
    # A sine of amplitude 1 has the power 0.5; the window's own power is divided out.
    power = np.abs(np.fft.rfft(frames, axis=1)) ** 2 * 2 / (size * np.sum(window**2)) + 1e-20
    bins = np.fft.rfftfreq(size, 1 / rate)
    total = power.sum(axis=1)
    return {hz: _heard(power[:, np.abs(bins - hz) <= _BAND_HZ].sum(axis=1), total) for hz in wanted}


def _heard(band: Samples, total: Samples) -> Tone:
    level = 10 * np.log10(2 * band)
    above = 10 * np.log10(band / np.maximum(total - band, 1e-20))
    heard = (level > _FLOOR_DBFS) & (above > _ABOVE_REST_DB)
    if not heard.any():
        return Tone(0.0, float("-inf"))
    return Tone(float(heard.sum()) * _HOP_SECONDS, float(np.median(level[heard])))
