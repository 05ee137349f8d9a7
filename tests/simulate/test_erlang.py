import pytest

from simulate.erlang import Load, expected
from simulate.rows import ROWS, Row


@pytest.mark.parametrize("row", ROWS)
def test_the_formulas_give_the_published_figures(row: Row) -> None:
    assert not row.differs_from(expected(row.load))


def test_callers_without_patience_wait_as_garnett_mandelbaum_and_reiman_print_it() -> None:
    # The same call centre as in the last row, with callers who never give up.
    assert expected(Load(2880, 60, 50, 20)).asa == pytest.approx(20.8, abs=0.05)


def test_endless_patience_is_erlang_c() -> None:
    patient, endless = expected(Load(200, 180, 14, 20, patience=1e7)), expected(Load(200, 180, 14, 20))
    assert patient.asa == pytest.approx(endless.asa, rel=1e-3)
    assert patient.service_level == pytest.approx(endless.service_level, abs=1e-3)


def test_too_much_for_callers_who_never_give_up_is_refused() -> None:
    with pytest.raises(ValueError, match="too much"):
        expected(Load(3600, 60, 60, 20))
