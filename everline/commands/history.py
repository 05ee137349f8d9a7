"""What Temporal keeps of a call, decrypted: with the customer's number and name, so the audit tells who has read it."""

import asyncio
import base64
import json
from typing import Annotated, Any

import typer
from temporalio.service import RPCError, RPCStatusCode

from db.audit import audit
from db.core.clock import now
from db.core.engine import Database
from db.history_keys.key_ring import KeyRing
from domain.calls import ids
from everline.settings import Settings, read_running_settings
from everline.stack.secret_files import Secret, read_secret
from everline.temporal import connect
from everline.terminal import CommandError, with_database
from workflows.core.payload_codec import EncryptingCodec
from workflows.core.readable_history import make_readable

app = typer.Typer(name="history", invoke_without_command=True, help=__doc__)

_CONNECT_SECONDS = 10.0


@app.callback()
def show(call_id: Annotated[str, typer.Argument(help="The call's id, as records and logs have it.")]) -> None:
    """Print the history of a call as lines of JSON, one an event."""
    settings = read_running_settings()

    async def work(database: Database) -> list[dict[str, Any]]:
        async with database.write() as session:
            await audit.note(session, None, "history.read", call_id, {}, now())
        return await _events(settings, database, call_id)

    for event in with_database(work):
        typer.echo(json.dumps(event, ensure_ascii=False))


async def _events(settings: Settings, database: Database, call_id: str) -> list[dict[str, Any]]:
    keys = KeyRing(database, read_secret(settings.home, Secret.HISTORY))
    try:
        async with asyncio.timeout(_CONNECT_SECONDS):
            client = await connect(settings, keys)
            history = await client.get_workflow_handle(ids.workflow(call_id)).fetch_history()
    except TimeoutError:
        raise CommandError(f"Temporal at {settings.temporal} does not answer. Is the centre running?") from None
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            raise CommandError(f"Temporal has no call {call_id}, or has forgotten it.") from None
        raise CommandError(f"Temporal at {settings.temporal} cannot be asked: {error.message}.") from None
    codec = EncryptingCodec(keys)
    for event in history.events:
        await make_readable(event, codec)
    told: list[dict[str, Any]] = [_in_words(event) for event in history.to_json_dict()["events"]]
    return told


def _in_words(value: Any) -> Any:
    """The same with payloads as what they say, in place of Base64."""
    if isinstance(value, list):
        return [_in_words(one) for one in value]
    if not isinstance(value, dict):
        return value
    if "encoding" in value.get("metadata", {}):
        return json.loads(base64.b64decode(value["data"])) if "data" in value else None
    return {name: _in_words(one) for name, one in value.items()}
