"""Goal P1: more callers than agents, and how soon an agent who becomes free is rung for the next of them."""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from statistics import fmean

from bench.results import Freed, rank
from bench.rounds import Rounds
from bench.sipp import BenchError
from bench.systems.system import System
from bench.tracks import AgentTrack, CallTrack, read_agents


async def measure(rounds: Rounds, system: System, tell: Callable[[str], None]) -> Freed:
    """Let the crowd call one system. Raises BenchError when nobody was served."""
    crowd = rounds.plan.crowd
    tell(f"{system.name}: {crowd.calls} callers for {crowd.agents} agents")
    tracks = await rounds.gather(system)
    return figures(system.name, tracks, read_agents(rounds.place.folder), crowd.agents)


def figures(system: str, tracks: Sequence[CallTrack], agents: Mapping[str, AgentTrack], most: int) -> Freed:
    """What the agents' tracks say, for the times at which at least `most` callers waited."""
    began = min(track.dialled for track in tracks)
    dialled = sorted(track.dialled for track in tracks)
    answered = sorted(track.answered for track in tracks if track.answered is not None)
    waits, never = [], 0
    for agent in agents.values():
        for freed in agent.freed:
            if freed < began or bisect_right(dialled, freed) - bisect_right(answered, freed) < most:
                continue
            place = bisect_right(agent.rung, freed)
            if place < len(agent.rung):
                waits.append((agent.rung[place] - freed) * 1000)
            else:
                never += 1
    if not waits:
        raise BenchError(f"No agent of {system} was rung while callers waited.")
    return Freed(
        system=system,
        samples=len(waits) + never,
        never=never,
        mean=fmean(waits),
        p50=rank(waits, 0.50),
        p99=rank(waits, 0.99),
        longest=max(waits),
    )
