import pytest

from tests.model import running
from tests.model.machine import Ground
from tests.model.plants import PLANTS, Plant


@pytest.mark.timeout(600)
def test_no_call_comes_to_harm_whatever_happens(ground: Ground) -> None:
    running.run(ground, running.SHORT)
    # The runs are worth something only when there were talks.
    assert ground.told["connect"] > 20, ground.told


@pytest.mark.timeout(300)
@pytest.mark.parametrize("plant", PLANTS[:1], ids=str)
def test_a_planted_fault_is_found(ground: Ground, plant: Plant) -> None:
    """One of them; `make model` tries them all."""
    assert running.finds(ground, plant, 200)
