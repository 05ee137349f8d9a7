"""Tries a trunk, and says in words what its carrier wants."""

from collections.abc import AsyncIterator

from db.core.engine import Database
from db.trunks import registrations
from db.trunks.trunks import Route, TrunkLine
from domain.trunks.carrier_words import answer_in_words, registration_in_words
from domain.trunks.registration import read_standings
from everline.settings import Settings
from everline.stack.asterisk import ARI_USER, asterisk_site, find_asterisk
from everline.stack.secret_files import Secret, read_secret
from everline.terminal import CommandError
from telephony.ari.http import AriHttp
from telephony.ari.request import path
from telephony.dialling import HIDDEN, route_endpoint
from telephony.errors import NotConnected, NotFound, TelephonyError
from telephony.model import read_endpoint
from telephony.trial import Trial

_PATIENCE = 35.0
"""Seconds for a test call: Asterisk gives up an INVITE that nobody answers after 32."""


async def check(settings: Settings, line: TrunkLine, route: Route | None) -> AsyncIterator[str]:
    """What is found out, sentence by sentence. Raises CommandError when the centre does not run."""
    password = read_secret(settings.home, Secret.ARI)
    try:
        async with AriHttp(settings.asterisk_http_port, ARI_USER, password) as ari:
            yield await _answers_checks(ari, line)
        if line.registers:
            yield await _registration(settings, line)
        if route is not None:
            trial = Trial(settings.asterisk_http_port, ARI_USER, password)
            endpoint = route_endpoint(route.trunk, route.number, route.host, route.transport)
            yield f"Calling {route.number} as {route.caller or 'nobody in particular'} …"
            outcome = await trial.call(endpoint, route.caller, _PATIENCE, HIDDEN if route.anonymous else {})
            yield answer_in_words(
                line.name,
                outcome.status,
                rang=outcome.rang,
                answered=outcome.answered,
                has_login=bool(line.username),
            )
    except NotConnected as error:
        raise CommandError("Asterisk does not answer. Start the centre with `everline up` first.") from error
    except TelephonyError as error:
        raise CommandError(f"The trunk {line.name} cannot be tried: {error}.") from error


async def _answers_checks(ari: AriHttp, line: TrunkLine) -> str:
    try:
        found = read_endpoint(await ari.request("GET", path("endpoints", "PJSIP", line.name)))
    except NotFound:
        raise CommandError(f"Asterisk does not know the trunk {line.name} yet. Try again in a moment.") from None
    if found.online:
        return f"{line.host} answers checks (OPTIONS)."
    return (
        f"{line.host} does not answer checks (OPTIONS). Some carriers never do; calls are sent all the same,"
        " once those trunks are tried that answer."
    )


async def _registration(settings: Settings, line: TrunkLine) -> str:
    """Asks Asterisk itself, and takes the reason from what the node has noted."""
    program = await find_asterisk(settings)
    listed = await program.console(asterisk_site(settings, program).config_dir, "pjsip show registrations")
    database = Database(settings.database, pool_size=1, time_zone=settings.time_zone)
    try:
        async with database.read() as session:
            known = (await registrations.listing(session)).get(line.name, [])
    finally:
        await database.close()
    status = next((found.status for found in known if found.node == settings.node_name), 0)
    standing = read_standings(listed, {line.name: status} if status else {}).get(line.name)
    if standing is None:
        return "No registration is under way yet. Try again in a moment."
    return registration_in_words(line.name, standing.state, standing.status)
