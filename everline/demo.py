"""A centre to try: two agents, a supervisor, a queue and a number, and a caller with a voice."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from db.accounts import accounts
from db.accounts.accounts import AccountRequest, NewAccount
from db.core import texts
from db.core.engine import Database, WriteSession
from db.core.errors import NotFoundError
from db.inbound import numbers
from db.inbound.numbers import Destination
from db.queues import memberships, queues
from db.queues.queues import NewQueue
from db.users import users
from domain.agents.agent import ExtensionKind, Role
from everline.settings import Settings
from everline.stack.asterisk import ARI_USER
from everline.stack.secret_files import Secret, read_secret
from everline.terminal import CommandError
from telephony.ari.http import AriHttp
from telephony.demo import place_demo_call
from telephony.errors import NotConnected, TelephonyError

QUEUE = "Support"
NUMBER = "5000"
CALLER_NAME = "Cleo Caller"
CALLER_NUMBER = "+12025550147"
WEB_AGENT = AccountRequest("Anna Web", kind=ExtensionKind.WEB)
SIP_AGENT = AccountRequest("Ben Phone", kind=ExtensionKind.SIP)
SUPERVISOR = AccountRequest("Sue Supervisor", role=Role.SUPERVISOR)


@dataclass(frozen=True)
class DemoUser:
    """A user of the demo. `made` holds the secrets when they were just given out."""

    name: str
    agent_id: str
    extension: str
    made: NewAccount | None


async def prepare(database: Database, now: datetime, *, reset: bool) -> list[DemoUser]:
    """Makes whatever of the demo is missing; `reset` gives its users new secrets."""
    async with database.write() as session:
        demo_users = [await _user(session, request, now, reset=reset) for request in (WEB_AGENT, SIP_AGENT, SUPERVISOR)]
        queue_id = await _queue(session, now)
        for request in (WEB_AGENT, SIP_AGENT):
            await memberships.add(session, queue_id, (await users.find(session, request.name)).user_id)
        if NUMBER not in {known.number for known in await numbers.listing(session)}:
            await numbers.add(session, NUMBER, Destination(queue_id), None, now)
    return demo_users


async def _user(session: WriteSession, request: AccountRequest, now: datetime, *, reset: bool) -> DemoUser:
    try:
        account = await users.find(session, request.name)
    except NotFoundError:
        made = await accounts.create(session, request, now)
        return DemoUser(made.name, made.agent_id, made.extension, made)
    extension = account.extension or ""
    if not reset:
        return DemoUser(account.name, account.agent_id, extension, None)
    renewed = NewAccount(
        account.user_id,
        account.agent_id,
        account.name,
        account.role,
        await accounts.reset_password(session, account, None, now, is_given=False),
        extension,
        account.kind or request.kind,
        await accounts.reset_sip_secret(session, account, now) if account.kind is ExtensionKind.SIP else None,
    )
    return DemoUser(account.name, account.agent_id, extension, renewed)


async def _queue(session: WriteSession, now: datetime) -> UUID:
    try:
        return await queues.find(session, QUEUE)
    except NotFoundError:
        return await queues.add(session, NewQueue(QUEUE), now)


async def check_number(database: Database, number: str) -> str:
    """The queue that a number leads to. Raises CommandError when there is no such number."""
    async with database.read() as session:
        known = {found.number: found.leads_to for found in await numbers.listing(session)}
    if number not in known:
        there = texts.known("numbers", sorted(known))
        raise CommandError(f"{number} leads to no queue. {there} `everline demo` makes the number {NUMBER}.")
    return known[number]


async def call(settings: Settings, number: str) -> None:
    """Places a call to a number of the centre. Raises CommandError with what to do."""
    password = read_secret(settings.home, Secret.ARI)
    async with AriHttp(settings.asterisk_http_port, ARI_USER, password) as asterisk:
        try:
            await place_demo_call(asterisk, number, CALLER_NAME, CALLER_NUMBER)
        except NotConnected as error:
            raise CommandError("Asterisk does not answer. Start the centre with `everline up` first.") from error
        except TelephonyError as error:
            raise CommandError(f"The demo caller could not dial {number}: {error}.") from error
