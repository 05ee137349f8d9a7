"""Starts and stops the node process."""

import asyncio
import gc
import signal
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
import uvloop
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from activities.calls.ending import EndingSteps
from activities.calls.node import Node
from activities.calls.steps import call_steps
from db.core import clock_skew
from db.core.clock import by_database, now
from db.core.engine import Database
from db.history_keys.key_ring import KeyRing
from db.nodes import nodes
from domain.queues.queue import STANDARD_MUSIC
from everline.node.calls.admission import Admission
from everline.node.calls.admission_control import AdmissionControl
from everline.node.calls.callback_take_over import CallbackTakeOver
from everline.node.calls.closing import ClosingCalls
from everline.node.calls.dispatcher import EventDispatcher
from everline.node.calls.orphan_ending import OrphanEnding
from everline.node.calls.reconciler import Reconciler
from everline.node.calls.resync import Resync
from everline.node.calls.session_refresh import SessionRefresh
from everline.node.calls.signals import CallSignals
from everline.node.nodes.dead_nodes import DeadNodes
from everline.node.nodes.lease import Lease
from everline.node.phones.contacts import Contacts
from everline.node.phones.guard import Guard
from everline.node.phones.phones import Phones
from everline.node.provisioning.greeting import Greeting
from everline.node.provisioning.provision import Provisioner
from everline.node.recordings.disk import Disk
from everline.node.recordings.found import FoundRecordings
from everline.node.recordings.recordings import Recordings
from everline.node.recordings.retention import OldFiles
from everline.node.routing.reconciler import RoutingReconciler
from everline.node.trunks.registrations import Registrations
from everline.settings import Settings
from everline.stack.asterisk import ARI_USER, MUSIC, asterisk_logs, find_asterisk
from everline.stack.ports import LOOPBACK
from everline.stack.secret_files import Secret, read_secret
from everline.temporal import connect
from telephony.ari import AriHttp, AriLink, AriServer
from telephony.asterisk import Asterisk
from telephony.config.core import MESSAGES_LOG, SECURITY_LOG
from telephony.config.music import own_music
from telephony.events import Event
from telephony.peer import PeerLogin
from telephony.provisioning import Provisioning
from telephony.security_log import LogTail
from workflows.calls.workflow import CallWorkflow, task_queue

log = structlog.get_logger(__name__)

STICKY = timedelta(seconds=1)
"""How long Temporal waits for a process that died with its cache before another may take its calls."""


TASKS_AT_ONCE = 12
"""Workflow tasks that this process has in hand. More would only be slower each, until they time out and are done twice:
what waits at the server loses nothing by waiting."""


@dataclass(frozen=True)
class NodeProcess:
    """Everything in a node process that has a life."""

    link: AriLink
    http: AriHttp
    server: AriServer
    dispatcher: EventDispatcher
    greeting: Greeting
    provisioner: Provisioner
    guard: Guard
    registrations: Registrations
    resync: Resync
    routing_reconciler: RoutingReconciler
    session_refresh: SessionRefresh
    reconciler: Reconciler
    lease: Lease
    dead_nodes: DeadNodes
    worker: Worker
    database: Database


def build(settings: Settings, client: Client, database: Database) -> NodeProcess:
    """Puts the parts together; nothing runs yet."""
    name = settings.node_name

    # The link hands events to the dispatcher, which asks by the link: these two are bound when they run.
    async def take(event: Event) -> None:
        await dispatcher.take(event)

    async def greet() -> None:
        await greeting.greet()

    link = AriLink(take, greet)
    password = read_secret(settings.home, Secret.ARI)
    http = AriHttp(settings.asterisk_http_port, ARI_USER, password)
    asterisk = Asterisk(link, settings.recordings, http)
    closing = ClosingCalls()
    signals = CallSignals(client, task_queue(name))
    provisioning = Provisioning(link)
    contacts = Contacts(provisioning, _console(settings))
    phones = Phones(name, database, asterisk, client, signals, contacts)
    control = AdmissionControl()
    dispatcher = EventDispatcher(
        name,
        Admission(control, signals, asterisk, database, settings.region, settings.draining.exists),
        signals,
        asterisk,
        phones,
        Recordings(database, asterisk, signals, closing),
        closing,
    )
    provisioner = _provisioner(settings, database, asterisk, provisioning)
    guard = Guard(database, provisioning, LogTail(asterisk_logs(settings) / SECURITY_LOG))
    registrations = Registrations(name, database, _console(settings), LogTail(asterisk_logs(settings) / MESSAGES_LOG))
    node = Node(name, settings.region, database, asterisk, client)
    orphan_ending = OrphanEnding(node, EndingSteps(node, closing.add))
    callbacks = CallbackTakeOver(node)
    reconciler = Reconciler(node, signals, orphan_ending, callbacks)
    resync = Resync(name, asterisk, database, signals, reconciler.lost)
    found_recordings = FoundRecordings(name, database, asterisk)
    lease = Lease(database, name, _place_of(settings), (resync.run, phones.refresh_all, found_recordings.look))
    dead_nodes = DeadNodes(node, lease, orphan_ending, callbacks, dispatcher.give_up)
    at_connection = {
        "provision": provisioner.connected,
        "compare": resync.run,
        "turn phones away": contacts.turn_away_all,
        "refresh phones": phones.refresh_all,
        "keep out": guard.connected,
        "find recordings": found_recordings.look,
    }
    greeting = Greeting(asterisk.listen, at_connection)
    worker = _worker(client, name, call_steps(node, admitted=control.admitted, closing=closing.add))
    server = AriServer(link, LOOPBACK, settings.node_port, ARI_USER, password)
    watchers = (resync, RoutingReconciler(database, client), SessionRefresh(asterisk), reconciler)
    keepers = (greeting, provisioner, guard, registrations)
    return NodeProcess(link, http, server, dispatcher, *keepers, *watchers, lease, dead_nodes, worker, database)


def _provisioner(settings: Settings, database: Database, asterisk: Asterisk, provisioning: Provisioning) -> Provisioner:
    """Brings what the database says of phones, trunks, music and other nodes to this node's Asterisk."""
    music = [STANDARD_MUSIC, *own_music(settings.home / MUSIC)]
    login = PeerLogin(settings.node_name, read_secret(settings.home, Secret.HISTORY))
    return Provisioner(settings.node_name, database, asterisk, provisioning, music, login, settings.node_sip)


def _place_of(settings: Settings) -> str:
    """Where this node runs: its process may be another one there at any time."""
    return f"{socket.gethostname()}:{settings.home}"


def _console(settings: Settings) -> Callable[[str], Awaitable[str]]:
    """Asks the console of this node's Asterisk."""

    async def ask(command: str) -> str:
        program = await find_asterisk(settings)
        return await program.console(settings.home / "asterisk/etc", command)

    return ask


def _worker(client: Client, node: str, steps: Sequence[Callable[..., Any]]) -> Worker:
    """The worker of a node's calls."""
    return Worker(
        client,
        task_queue=task_queue(node),
        workflows=[CallWorkflow],
        activities=steps,
        # The sandbox costs 16 ms of CPU a call; tests run and replay the same workflows inside it.
        workflow_runner=UnsandboxedWorkflowRunner(),
        sticky_queue_schedule_to_start_timeout=STICKY,
        max_concurrent_workflow_tasks=TASKS_AT_ONCE,
    )


async def serve(settings: Settings) -> None:
    """Serves this node until it is told to stop."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    # Steps that wait for the routing lock each keep a connection, and must leave enough for those that do not.
    database = Database(settings.database, pool_size=30, time_zone=settings.time_zone, plan_once=True)
    history_keys = KeyRing(database, read_secret(settings.home, Secret.HISTORY))
    await history_keys.ready()
    # Before anything is compared with the present.
    await clock_skew.measure(database)
    process = build(settings, await connect(settings, history_keys), database)
    async with process.database.read() as session:
        stopped_at = await nodes.last_sign(session, settings.node_name)
    # Only then may it take tasks: two processes of one name would do each other's.
    await process.lease.take()
    async with process.http, process.worker:
        process.resync.last_sign = lambda: by_database(lost) if (lost := process.link.lost_at) else stopped_at
        await process.server.start()
        works = (
            process.provisioner.follow(),
            process.guard.watch(),
            process.registrations.keep(),
            process.guard.follow(),
            process.resync.keep(),
            clock_skew.follow(process.database),
            history_keys.follow(),
            process.routing_reconciler.keep(),
            process.session_refresh.keep(),
            process.reconciler.keep(),
            process.dead_nodes.keep(),
            Disk(settings.recordings, process.database, settings.node_name).keep(),
            OldFiles(settings.node_name, process.database, settings.recordings, settings.retention).keep(),
        )
        lasting = [asyncio.create_task(work) for work in works]
        # What our libraries consist of stays: looking through it for garbage would stop all calls for 0.1 s, again and
        # again.
        gc.collect()
        gc.freeze()
        log.info("node running", node=settings.node_name)
        await _hold(process.lease, stop)
        for task in lasting:
            task.cancel()
        await asyncio.gather(*lasting, return_exceptions=True)
        await process.server.stop()
        await process.greeting.close()
        await process.dispatcher.close()
    async with process.database.write() as session:
        await nodes.disconnected(session, settings.node_name, now())
    await process.database.close()


async def _hold(lease: Lease, stop: asyncio.Event) -> None:
    """Holds the node's name until the process is told to stop. Raises NodeNameTakenError when another has taken it."""
    tasks = [asyncio.create_task(work) for work in (lease.keep(), stop.wait())]
    done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
    for task in done:
        task.result()


def run(settings: Settings) -> None:
    """The process `everline node`."""
    uvloop.run(serve(settings))
