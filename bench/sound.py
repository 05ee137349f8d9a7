"""Sound in the form that telephony carries it: what callers say, and an ear for one tone."""

import math

import numpy as np

from tests.phones.audio import Samples, tone

_BIAS = 0x84
_LOUDEST = 32635


RATE = 8000
"""Samples a second; µ-law has a byte for each."""


def voice(hz: float = 440, *, bursts: bool = True) -> bytes:
    """Ten seconds of a tone, as G.711 µ-law at 8 kHz."""
    return _mu_law(tone(hz, seconds=10, rate=RATE, bursts=bursts))


def level(packet: bytes, hz: float) -> float:
    """How loud a tone is in a packet of µ-law, in dB below full scale; minus infinity for silence."""
    samples = _LINEAR[np.frombuffer(packet, dtype=np.uint8)]
    turns = np.exp(-2j * np.pi * hz / RATE * np.arange(len(samples)))
    amplitude = 2 * float(abs(np.dot(samples, turns))) / max(len(samples), 1)
    return 20 * math.log10(amplitude) if amplitude else -math.inf


def _mu_law(samples: Samples) -> bytes:
    """ITU-T G.711: sign, three bits of exponent, four of mantissa, all inverted."""
    values = np.rint(samples * 32767).astype(np.int64)
    size = np.minimum(np.abs(values), _LOUDEST) + _BIAS
    exponent = np.floor(np.log2(size)).astype(np.int64) - 7
    mantissa = (size >> (exponent + 3)) & 0x0F
    sign = np.where(values < 0, 0x80, 0)
    return bytes((~(sign | (exponent << 4) | mantissa) & 0xFF).astype(np.uint8))


def _linear() -> Samples:
    """What each byte of µ-law stands for, between -1 and 1."""
    codes = ~np.arange(256) & 0xFF
    size = ((((codes & 0x0F) << 3) + _BIAS) << ((codes >> 4) & 7)) - _BIAS
    values: Samples = np.where(codes & 0x80, -size, size) / 32768
    return values


_LINEAR = _linear()
