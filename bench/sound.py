"""What callers say: ten seconds of tone bursts, in the form sipp sends it."""

import numpy as np

from tests.phones.audio import Samples, tone

_BIAS = 0x84
_LOUDEST = 32635


def voice() -> bytes:
    """Ten seconds of 440 Hz in bursts, as G.711 µ-law at 8 kHz."""
    return _mu_law(tone(440, seconds=10, rate=8000))


def _mu_law(samples: Samples) -> bytes:
    """ITU-T G.711: sign, three bits of exponent, four of mantissa, all inverted."""
    values = np.rint(samples * 32767).astype(np.int64)
    size = np.minimum(np.abs(values), _LOUDEST) + _BIAS
    exponent = np.floor(np.log2(size)).astype(np.int64) - 7
    mantissa = (size >> (exponent + 3)) & 0x0F
    sign = np.where(values < 0, 0x80, 0)
    return bytes((~(sign | (exponent << 4) | mantissa) & 0xFF).astype(np.uint8))
