"""`make chaos`: calls of every kind while processes are killed and stopped; ends with 1 when anything was wrong."""

import asyncio
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from everline.stack import Stack
from tests.chaos.floor import open_floor
from tests.chaos.rounds import Round, play_round
from tests.support.centre import Centre
from tests.support.stack import stack_settings, temporary_home

_PLAIN_WIDTH = 160
_EVIDENCE = Path("test-results") / "chaos"


async def _spend(seeds: range, keep: Path, faults: int | None, console: Console) -> list[Round]:
    rounds: list[Round] = []
    with temporary_home() as home:
        async with Stack(stack_settings(home, log_level="info")) as stack:
            centre = Centre(stack)
            try:
                await centre.add_trunk()
                async with open_floor(centre, keep) as floor:
                    for seed in seeds:
                        began = datetime.now(UTC)
                        rounds.append(await play_round(floor, seed, faults))
                        _tell(rounds[-1], console)
                        if rounds[-1].wrong:
                            await _keep(centre, home, _EVIDENCE / f"seed-{seed}", began)
            finally:
                await centre.close()
    return rounds


async def _keep(centre: Centre, home: Path, folder: Path, began: datetime) -> None:
    """Keeps what tells why: the logs, and the histories of the round's workflows."""
    await asyncio.to_thread(shutil.copytree, home / "log", folder, dirs_exist_ok=True)
    temporal = await centre.temporal()
    async for found in temporal.list_workflows(f"StartTime > '{began.isoformat()}'"):
        history = await temporal.get_workflow_handle(found.id, run_id=found.run_id).fetch_history()
        await asyncio.to_thread((folder / f"{found.id}.json").write_text, history.to_json())


def _tell(played: Round, console: Console) -> None:
    faults = "; ".join(str(fault) for fault in played.faults)
    console.print(f"seed {played.seed} ({played.seconds:.0f} s): {', '.join(played.kinds)} | {faults}", highlight=False)
    for words in played.wrong:
        console.print(f"    WRONG: {words}", highlight=False)


def main(
    *,
    seed: Annotated[
        int, typer.Option(help="Seed of the first round; a seed makes the same calls and faults again.")
    ] = 1,
    rounds: Annotated[int, typer.Option(min=1, help="How many rounds of four calls.")] = 250,
    faults: Annotated[int | None, typer.Option(help="Faults a round; by chance one or two otherwise.")] = None,
) -> None:
    """Kill and stop processes while real phones talk, and judge everything from outside. What tells why something
    was wrong is kept in test-results/chaos."""
    console = Console(width=None if Console().is_terminal else _PLAIN_WIDTH)
    with tempfile.TemporaryDirectory(prefix="chaos-") as folder:
        played = asyncio.run(_spend(range(seed, seed + rounds), Path(folder), faults, console))
    wrong = [one for one in played if one.wrong]
    console.print(
        f"{sum(len(one.kinds) for one in played)} calls, {sum(len(one.faults) for one in played)} faults:"
        f" {sum(len(one.wrong) for one in wrong)} violations, in the rounds {[one.seed for one in wrong]}",
        highlight=False,
    )
    if wrong:
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
