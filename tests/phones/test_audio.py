from pathlib import Path

import numpy as np
import pytest

from tests.phones.audio import length, tone, tones_in, write_tone, write_wav


@pytest.mark.parametrize("rate", [8000, 16000, 48000])
def test_a_tone_is_found_at_its_level_and_no_other_is(tmp_path: Path, rate: int) -> None:
    path = write_tone(tmp_path / "tone.wav", 440, seconds=3, rate=rate, bursts=False)
    found = tones_in(path, [440, 880])
    assert found[440].seconds == pytest.approx(3, abs=0.2)
    assert found[440].level == pytest.approx(-9, abs=0.5)
    assert not found[880]


def test_two_tones_are_found_at_once_in_noise(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).normal(0, 0.01, 8000 * 4)
    both = tone(440, seconds=4, rate=8000) + tone(880, seconds=4, rate=8000, level=-12)
    write_wav(tmp_path / "both.wav", both + noise, 8000)
    found = tones_in(tmp_path / "both.wav", [440, 880, 660])
    assert found[440].seconds > 2
    assert found[880].seconds > 2
    assert not found[660]


def test_silence_and_noise_hold_no_tone(tmp_path: Path) -> None:
    write_wav(tmp_path / "silence.wav", np.zeros(16000), 8000)
    write_wav(tmp_path / "noise.wav", np.random.default_rng(2).normal(0, 0.2, 16000), 8000)
    for name in ("silence", "noise"):
        assert not any(tones_in(tmp_path / f"{name}.wav", [440, 880]).values())


def test_a_file_shorter_than_the_ear_needs_holds_no_tone(tmp_path: Path) -> None:
    path = write_tone(tmp_path / "short.wav", 440, seconds=0.05, rate=8000)
    assert length(path) == pytest.approx(0.05)
    assert not tones_in(path, [440])[440]
