"""The report for people."""

from rich.console import Console
from rich.table import Table

from bench.plan import (
    FREED_P50,
    FREED_P99,
    FREED_RATIO,
    GOAL_P95,
    GOAL_RATE,
    PAGE_P95,
    SCREEN_MS,
    SOUND_MS,
    START_SECONDS,
)
from bench.results import Answers, Desks, Freed, Ladder, Report, Round, Spread

_CPU = ("asterisk", "temporal", "postgres", "node", "worker", "api", "sipp")
_QUIET_CORES = 0.3
"""What this program, Asterisk's console and an idle system use of the processors themselves."""


def print_report(report: Report, console: Console) -> None:
    """Machine, method, every round, and the goals."""
    machine = report.machine
    console.print(
        f"\n[bold]{machine.processor}[/bold], {machine.cores} cores, {machine.memory_gb} GB, {machine.system}, "
        f"load {machine.load_at_start} at the start. "
        + ", ".join(f"{name} {number}" for name, number in report.versions.items())
    )
    for line in report.method:
        console.print(f"- {line}", highlight=False)
    if report.ladder is not None:
        _print_ladder(report.ladder, console)
    if report.answers is not None or report.desks is not None:
        console.print(_times(report))
    for part, cores in report.cores_of_others.items():
        if cores > _QUIET_CORES:
            console.print(
                f"[yellow]Other programs used {cores:.1f} cores while the part {part} ran: measure again when idle."
                "[/yellow]"
            )
    for line in goals(report):
        console.print(line, highlight=False)


def _print_ladder(ladder: Ladder, console: Console) -> None:
    console.print(_freed(ladder.freed))
    console.print(_rounds(ladder.rounds))


def _times(report: Report) -> Table:
    """What a browser or a client of the portal waited for."""
    table = Table(title="In the browser and at the portal (ms)")
    for heading in ("goal", "what", "times", "p50", "p95", "longest"):
        table.add_column(heading, justify="left" if heading in {"goal", "what"} else "right")
    rows: list[tuple[str, str, Spread]] = []
    if report.answers is not None:
        answers = report.answers
        rows += [
            ("P5", "Answer to the agent's voice at the customer", answers.to_customer),
            ("P5", "Answer to the customer's voice at the agent", answers.to_agent),
            ("P5", "Answer to sound both ways", answers.both),
        ]
    if report.desks is not None:
        for where, pages in (("server", report.desks.at_server), ("client", report.desks.at_client)):
            rows += [("P6", f"{name}, at the {where}", taken) for name, taken in pages.items()]
        rows += [("P6", f"{name}, to the screen", taken) for name, taken in report.desks.on_screen.items()]
    for goal, what, taken in rows:
        figures = (taken.p50, taken.p95, taken.longest)
        table.add_row(goal, what, str(taken.samples), *(f"{figure:.0f}" for figure in figures))
    return table


def _freed(found: list[Freed]) -> Table:
    table = Table(title="Agent free to that agent's INVITE while callers wait (ms)")
    for heading in ("system", "times", "never", "mean", "p50", "p99", "longest"):
        table.add_column(heading, justify="left" if heading == "system" else "right")
    for item in found:
        figures = (item.mean, item.p50, item.p99, item.longest)
        table.add_row(item.system, str(item.samples), str(item.never), *(f"{figure:.0f}" for figure in figures))
    return table


def _rounds(rounds: list[Round]) -> Table:
    table = Table(title="Caller's INVITE to agent's answer (ms), and processor time a call (ms)")
    for heading in (
        "calls/s",
        "system",
        "calls",
        "failed",
        "held",
        "p50",
        "p95",
        "p99",
        "longest",
        *_CPU,
        "cores",
        "others",
    ):
        table.add_column(heading, justify="left" if heading == "system" else "right")
    for item in sorted(rounds, key=lambda item: item.rate):
        waits = item.waits
        figures = [waits.p50, waits.p95, waits.p99, waits.longest] if waits else []
        table.add_row(
            str(item.rate),
            item.system,
            str(item.calls),
            f"{item.failures.total} ({item.failed_share:.1%})" if item.failures.total else "0",
            "yes" if item.held else "no",
            *([f"{figure:.0f}" for figure in figures] or ["-"] * 4),
            *(f"{item.cpu_ms_a_call.get(name, 0):.1f}" for name in _CPU),
            f"{item.cores_used:.2f}",
            f"{item.cores_of_others:.2f}",
        )
    return table


def goals(report: Report) -> list[str]:
    """The goals beside what was measured."""
    lines = [] if report.ladder is None else _of_ladder(report.ladder)
    if report.answers is not None:
        lines += _of_answers(report.answers)
    if report.desks is not None:
        lines += _of_desks(report.desks)
    if report.starts is not None:
        longest = max(report.starts.seconds)
        lines.append(
            f"P6 ready after a further start: {longest:.1f} s at most of {len(report.starts.seconds)} "
            f"(goal {START_SECONDS:.0f} s): {_verdict(met=longest <= START_SECONDS)}"
        )
    return lines


def _of_ladder(ladder: Ladder) -> list[str]:
    ours, theirs = ladder.best("everline"), ladder.best("app_queue")
    lines = _of_freed(ladder.freed)
    lines += [f"P2 {GOAL_RATE} calls/s: {_at_goal(ladder.at('everline', GOAL_RATE))}"]
    lines.append(f"P2 highest rate held: everline {ours}, app_queue {theirs}; {_share(ours, theirs, ladder.top_rate)}")
    if ladder.histories is not None:
        found = ladder.histories
        met = found.events[1] <= 30 and found.workflow_tasks[1] <= 6
        lines.append(
            f"P3 history of an answered call: {found.events[0]} events (most {found.events[1]}, goal 30), "
            f"{found.workflow_tasks[0]} workflow tasks (most {found.workflow_tasks[1]}, goal 6), "
            f"{found.sample} calls: {_verdict(met=met)}"
        )
    if ladder.crowd_histories is not None:
        found = ladder.crowd_histories
        lines.append(
            f"   of one that waited in the crowd: {found.events[0]} events (most {found.events[1]}), "
            f"{found.workflow_tasks[0]} workflow tasks (most {found.workflow_tasks[1]}), {found.sample} calls"
        )
    return lines


def _of_answers(found: Answers) -> list[str]:
    both, met = found.both, found.both.longest <= SOUND_MS
    return [
        (
            f"P5 Answer to sound both ways, STUN unreachable: p50 {both.p50:.0f} ms, p95 {both.p95:.0f} ms, longest "
            f"{both.longest:.0f} ms of {both.samples} (goal {SOUND_MS:.0f} ms): {_verdict(met=met)}"
        ),
        (
            f"   the STUN server left {found.stun_asked} requests unanswered; who waits for all candidates there waits "
            f"{found.gathering_ms / 1000:.1f} s or longer"
        ),
    ]


def _of_desks(found: Desks) -> list[str]:
    page, worst = max((taken.p95, name) for name, taken in found.at_server.items())
    seen, slowest = max((taken.p95, name) for name, taken in found.at_client.items())
    late, event = max((taken.longest, name) for name, taken in found.on_screen.items())
    everybody = found.connected == found.agents
    return [
        (
            f"P6 portal with {found.agents} agents connected: p95 {page:.0f} ms at the server of the slowest, the "
            f"{worst} (goal {PAGE_P95:.0f} ms): {_verdict(met=everybody and page <= PAGE_P95)}"
        ),
        f"   at a client beside it: p95 {seen:.0f} ms of the slowest, the {slowest}",
        (
            f"P6 event to screen: longest {late:.0f} ms, when {event} (goal {SCREEN_MS:.0f} ms): "
            f"{_verdict(met=everybody and late <= SCREEN_MS)}"
        ),
        (
            f"   meanwhile {found.calls} calls in {found.seconds:.0f} s and {found.events / found.seconds:.0f} live "
            f"events a second, {found.connected} lines open at the end, the portal's process at "
            f"{found.api_cores:.2f} cores"
        ),
    ]


def _of_freed(found: list[Freed]) -> list[str]:
    by_name = {item.system: item for item in found}
    if not {"everline", "app_queue"} <= by_name.keys():
        return []
    ours, theirs = by_name["everline"], by_name["app_queue"]
    ratio = theirs.mean / ours.mean
    met = ours.p50 <= FREED_P50 and ours.p99 <= FREED_P99 and ratio >= FREED_RATIO and not ours.never
    return [
        (
            f"P1 free to rung: p50 {ours.p50:.0f} ms (goal {FREED_P50:.0f}), "
            f"p99 {ours.p99:.0f} ms (goal {FREED_P99:.0f}), mean {ours.mean:.0f} ms, "
            f"{ratio:.1f} times as fast as app_queue (goal {FREED_RATIO:.0f}): {_verdict(met=met)}"
        )
    ]


def _at_goal(item: Round | None) -> str:
    """The figures of the round at the goal's rate, and whether they are good enough."""
    if item is None:
        return "not tried in this run, so neither met nor missed"
    waits = item.waits
    speed = f"p50 {waits.p50:.0f} ms, p95 {waits.p95:.0f} ms (goal {GOAL_P95:.0f} ms)" if waits else "no call answered"
    left = f", left over: {item.left_over}" if item.left_over else ""
    return (
        f"{item.failures.total} of {item.calls} failed, {item.failed_share:.2%} (goal under 0.1 %); {speed}; "
        f"sipp dialled {item.rate_dialled:.1f} a second{left}: {_verdict(met=item.meets_goal)}"
    )


def _share(ours: int, theirs: int, top: int) -> str:
    """The one as a part of the other; unknown when the ladder ended before app_queue's end."""
    if not theirs:
        return "app_queue held nothing, so there is no share"
    if theirs == top:
        return f"app_queue held the highest rate tried, so the share is at most {ours / theirs:.2f} (goal 0.33)"
    return f"share {ours / theirs:.2f} (goal 0.33): {_verdict(met=3 * ours >= theirs)}"


def _verdict(*, met: bool) -> str:
    return "met" if met else "NOT met"
