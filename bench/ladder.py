"""Goals P1 to P3: a crowd, then rising rates, against both systems by turns, on one Asterisk with one set of phones."""

from collections.abc import Callable
from datetime import UTC, datetime

from bench import crowd, sipp
from bench.cpu import CpuMeter
from bench.plan import PATIENCE, SLOWEST_HELD, TALK, Plan
from bench.results import Ladder, Round
from bench.rounds import Rounds
from bench.running import Running
from bench.systems import app_queue, centre
from bench.systems.system import System
from bench.temporal import count_histories

Listener = Callable[[str], None]
_MOST_MISSED = 2
_PARTS = ("asterisk", "temporal", "postgres", "node", "worker", "api")


async def measure(running: Running, plan: Plan, tell: Listener, done: Callable[[Round], None]) -> Ladder:
    """Run the crowd and every round. Raises BenchError."""
    place, database = running.place, running.database
    started = datetime.now(UTC)
    sipp.write_scenarios(place.folder)
    tell(f"{plan.agents} agents go to work")
    phones = await centre.people(database, plan.agents, plan.crowd.agents)
    await sipp.register(place, phones)
    async with sipp.agents(place) as agents:
        await centre.begin_work(database)
        meter = CpuMeter({**{name: running.stack.process(name) for name in _PARTS}, "sipp": agents})
        systems: list[System] = [
            app_queue.AppQueue(place, running.console),
            centre.Centre(place, database, running.console),
        ]
        measuring = Rounds(place, plan, meter)
        freed = [await crowd.measure(measuring, system, tell) for system in systems]
        gathered = datetime.now(UTC)
        rounds = await climb(measuring, systems, tell, done)
    return Ladder(
        freed=freed,
        rounds=rounds,
        histories=await count_histories(running.temporal, gathered, datetime.now(UTC)),
        crowd_histories=await count_histories(running.temporal, started, gathered),
    )


async def climb(rounds: Rounds, systems: list[System], tell: Listener, done: Callable[[Round], None]) -> list[Round]:
    """Every rate on every system that is still in; a system leaves after two rates in a row that it did not hold."""
    results: list[Round] = []
    missed = dict.fromkeys((system.name for system in systems), 0)
    for rate in rounds.plan.rates:
        for system in systems:
            if missed[system.name] == _MOST_MISSED:
                continue
            tell(f"{system.name}: {rate} calls/s, {rounds.plan.calls(rate)} calls")
            result = await rounds.run(system, rate)
            missed[system.name] = _missed(result, missed[system.name])
            results.append(result)
            done(result)
    return results


def _missed(result: Round, before: int) -> int:
    """Rates in a row that a system did not hold; one that leaves something behind has no second chance."""
    if result.held:
        return 0
    return _MOST_MISSED if result.left_over else before + 1


def method(plan: Plan) -> list[str]:
    """How the figures come about."""
    return [
        (
            f"{plan.agents} agents' phones (one sipp process, registered with digests, checked every 15 s): "
            f"answer at once, talk {TALK:g} s, hang up, send every packet of sound back."
        ),
        "Callers (another sipp process): send 50 packets of G.711 a second from the answer to the hang-up.",
        "Both systems run on the same Asterisk with the same phones, turn by turn; everything shares this machine.",
        *(f"{system.name}: {system.does}." for system in (app_queue.AppQueue, centre.Centre)),
        (
            f"Failed: no agent within {PATIENCE:g} s, or the caller was not hung up on, or there is no recording, "
            "or, for everline, not exactly one CDR."
        ),
        f"Held: under 0.1 % failed and p95 below {SLOWEST_HELD:g} s, so that a backlog that grows is not held.",
        "Waits: from the caller's INVITE to the agent's 200, by the times in sipp's logs.",
        (
            f"Free to rung: {plan.crowd.calls} callers for {plan.crowd.agents} agents; from an agent's BYE to that "
            "agent's next INVITE, while at least as many wait as there are agents."
        ),
    ]
