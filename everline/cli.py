"""The command line: the processes of a centre, and the commands of everline.commands."""

import importlib
import pkgutil
import sys
from importlib.metadata import version as installed_version
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from everline import commands, logs
from everline.errors import EverlineError
from everline.settings import read_settings


class _CommandFolder(TyperGroup):
    """Finds a command in everline.commands when it is asked for, so that no process loads what it does not run."""

    def list_commands(self, ctx: Any) -> list[str]:
        found = [module.name.replace("_", "-") for module in pkgutil.iter_modules(commands.__path__)]
        return [*super().list_commands(ctx), *found]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        known = super().get_command(ctx, cmd_name)
        if known is not None or cmd_name not in self.list_commands(ctx):
            return known
        module = importlib.import_module(f"{commands.__name__}.{cmd_name.replace('-', '_')}")
        return typer.main.get_command(module.app)


app = typer.Typer(
    cls=_CommandFolder,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Everline, a contact centre that does not lose calls.",
)


@app.command()
def up(
    *, plain: Annotated[bool, typer.Option("--plain", help="Print plain lines, without colours or animation.")] = False
) -> None:
    """Start the whole centre on this machine, and keep it running until Ctrl-C."""
    settings = read_settings()
    importlib.import_module("everline.stack.leave_root").leave_root(settings)
    code: int = importlib.import_module("everline.stack.up").up(settings, plain=plain)
    raise typer.Exit(code)


@app.command()
def stop(*, now: Annotated[bool, typer.Option("--now", help="Cut off the calls that are going on.")] = False) -> None:
    """Stop the centre that runs in this home, once the calls that are going on have ended."""
    told: str = importlib.import_module("everline.stack.stop").stop(read_settings(), at_once=now)
    typer.echo(told)


@app.command()
def node(*, standby: Annotated[bool, typer.Option("--standby", hidden=True)] = False) -> None:
    """Run the process that connects one Asterisk with the workflows of its calls."""
    _run("node", "everline.node.main", standby=standby)


@app.command()
def worker() -> None:
    """Run a worker for what belongs to no node."""
    _run("worker", "everline.worker")


@app.command()
def api() -> None:
    """Run the portal and the API."""
    _run("api", "everline.portal")


@app.command()
def version() -> None:
    """Print the version."""
    typer.echo(installed_version("everline"))


def _run(process: str, module: str, *, standby: bool = False) -> None:
    settings = read_settings().resolved()
    program = importlib.import_module(module)
    # A stand-by has loaded everything and waits for a word of its supervisor; the end of the input is the end of both.
    if standby and not sys.stdin.readline():
        return
    logs.configure(process, settings.home, settings.log_level)
    program.run(settings)


def main() -> None:
    """Run the command line; an error that has words for the user is told in one sentence."""
    try:
        app(prog_name="everline")
    except EverlineError as error:
        print(f"everline: {error}", file=sys.stderr)  # noqa: T201  # The one place that speaks without a terminal.
        sys.exit(1)
