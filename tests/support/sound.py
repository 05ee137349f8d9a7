import math
from pathlib import Path

import numpy as np

from tests.phones.audio import read_wav


def loudness(path: Path) -> float:
    """How loud a recording is on the whole, in dB below full scale; minus infinity for silence."""
    samples, _ = read_wav(path)
    power = float(np.mean(np.square(samples))) if len(samples) else 0.0
    return 10 * math.log10(power) if power else -math.inf
