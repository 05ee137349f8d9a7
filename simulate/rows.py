"""The loads that are simulated, with the figures that were published for them."""

from dataclasses import dataclass

from simulate.erlang import Figures, Load


@dataclass(frozen=True)
class Row:
    """A load, and what a source says of it; None for what it does not say."""

    source: str
    load: Load
    waiting: float | None
    asa: float
    service_level: float | None
    abandoned: float | None = None

    def differs_from(self, figures: Figures) -> bool:
        """Whether the published figures, as far as they are printed, are others than these."""
        pairs = (
            (self.waiting, figures.waiting, 5e-5),
            (self.asa, figures.asa, 0.05),
            (self.service_level, figures.service_level, 5e-5),
            (self.abandoned, figures.abandoned, 5e-4),
        )
        return any(told is not None and abs(told - found) > margin for told, found, margin in pairs)


GOAL = "goal D1"
GARNETT = "Garnett, Mandelbaum, Reiman 2002, table 1"

ROWS = (
    Row(GOAL, Load(30, 60, 2, 10), 0.1000, 4.00, 0.9221),
    Row(GOAL, Load(30, 80, 2, 10), 0.1667, 10.0, 0.8589),
    Row(GOAL, Load(200, 180, 14, 20), 0.17413, 7.836, 0.88835),
    # 48 calls a minute of 1 minute for 50 agents; with a mean patience of 2 minutes 3.1 % give up.
    Row(GARNETT, Load(2880, 60, 50, 20, patience=120), None, 3.7, None, 0.031),
)
