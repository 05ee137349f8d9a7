"""Nodes: which there are, and whether the others reach them."""

import typer

from db.core.engine import ReadSession
from db.nodes import reach
from everline.terminal import columns, reading

app = typer.Typer(name="nodes", help=__doc__)


@app.command()
def list_nodes() -> None:
    """List the nodes, and say which of them lack an address."""

    async def work(session: ReadSession) -> list[reach.KnownNode]:
        return list(await reach.listing(session))

    found = reading(work)
    rows = [
        (node.name, "alive" if node.is_alive else "dead", node.machine or "-", node.sip_address or "-")
        for node in found
    ]
    columns(("NODE", "STATE", "MACHINE", "REACHED AT"), rows, empty="There is no node yet. Start one: everline up")
    for name in reach.unreachable(found):
        typer.echo(reach.warning(name), err=True)
