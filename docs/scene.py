"""Where the pictures are taken: a centre with its people, a browser, and a phone from which all customers call."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from playwright.async_api import Browser, Page, ViewportSize
from sqlalchemy import select

from db.accounts import accounts
from db.accounts.accounts import AccountRequest, NewAccount
from db.core.clock import now
from db.core.notices import Notice, publish
from db.inbound import numbers
from db.models import Extension, Voicemail
from db.nodes import revisions
from db.queues import memberships, queues
from domain.agents.agent import ExtensionKind, Role
from domain.calls import ids
from domain.events.notice import NoticeKind
from everline.stack import Stack
from tests.phones.audio import write_tone
from tests.phones.browser import open_page, start_browser
from tests.phones.phone_call import PhoneCall
from tests.phones.soft_phone import SoftPhone
from tests.portal.desk import Desk
from tests.portal.queue_rules import add_codes, queue_of
from tests.support.centre import Centre
from tests.support.stack import stack_settings, temporary_home

_FOLDER = Path(__file__).parent / "pictures"
_SUPPORT, _SALES = "5000", "5100"
_WRAP_UP_SECONDS = 60
_TONE_HZ, _MESSAGE_SECONDS = 440.0, 18.0
_CODES = ("Solved", "Call back", "Complaint", "Wrong number", "Passed on")
_WIDE: ViewportSize = {"width": 1440, "height": 900}
_NARROW: ViewportSize = {"width": 1024, "height": 700}


@dataclass(frozen=True)
class Customer:
    """Somebody who calls, from a number that is kept free for stories like this one."""

    name: str
    number: str


@dataclass(frozen=True)
class Stills:
    """Pictures of one page."""

    page: Page

    async def take(self, name: str, *, dark: bool = False) -> None:
        """Keep what the page shows, in one theme."""
        await self.page.emulate_media(color_scheme="dark" if dark else "light")
        # Else a button that was just clicked keeps its hover colour and its tip.
        await self.page.mouse.move(0, 0)
        await self.page.evaluate("document.fonts.ready")
        path = _FOLDER / f"{name}.png"
        await self.page.screenshot(path=path, animations="disabled")
        await self.page.emulate_media(color_scheme="light")
        print(f"{path.relative_to(Path.cwd())}: {path.stat().st_size // 1000} KB")

    async def take_narrow(self, name: str) -> None:
        """Keep what the page shows in the smallest window that we promise."""
        await self.page.set_viewport_size(_NARROW)
        await self.take(name)
        await self.page.set_viewport_size(_WIDE)


@dataclass(frozen=True)
class Scene:
    """A centre with an agent at a browser, one at a desk phone, a supervisor, and the customers' phone."""

    centre: Centre
    browser: Browser
    agent: NewAccount
    phone_agent: NewAccount
    supervisor: NewAccount
    administrator: NewAccount
    desk: Desk
    phone: SoftPhone
    support: str = _SUPPORT
    sales: str = _SALES

    async def call(self, customer: Customer, number: str = _SUPPORT) -> PhoneCall:
        """Let a customer call."""
        uri = self.centre.uri(number)
        return await self.phone.dial(uri, caller_name=customer.name, caller_number=customer.number)

    async def leave_voicemails(self, customers: Sequence[Customer]) -> None:
        """Let each of these customers have left a message for the first queue, one of them some days ago."""
        queue_id = await queue_of(self.centre, self.support)
        self.centre.settings.recordings.mkdir(parents=True, exist_ok=True)
        async with self.centre.database.write() as session:
            for count, customer in enumerate(customers):
                name = ids.voicemail(f"picture-{count}")
                write_tone(self.centre.settings.recordings / f"{name}.wav", _TONE_HZ, seconds=_MESSAGE_SECONDS)
                message = {"queue_id": queue_id, "recording": name, "seconds": _MESSAGE_SECONDS}
                at = now() - count * timedelta(days=3, hours=2)
                who = {"customer_number": customer.number, "customer_name": customer.name}
                session.add(Voicemail(id=ids.uuid7(), call_id=f"picture-{count}", left_at=at, **message, **who))
            publish(session, Notice(NoticeKind.VOICEMAIL_LEFT, None, queue_id))

    async def picture(self, name: str, *, dark: bool = False) -> None:
        """Keep what the agent sees."""
        await Stills(self.desk.page).take(name, dark=dark)

    async def narrow_picture(self, name: str) -> None:
        """Keep what the agent sees in a small window."""
        await Stills(self.desk.page).take_narrow(name)


@asynccontextmanager
async def start_scene() -> AsyncIterator[Scene]:
    """A centre of its own, for as long as the block."""
    _FOLDER.mkdir(exist_ok=True)
    async with AsyncExitStack() as cleanup:
        home = cleanup.enter_context(temporary_home())
        stack = await cleanup.enter_async_context(Stack(stack_settings(home, time_zone="Europe/Berlin")))
        centre = Centre(stack)
        cleanup.push_async_callback(centre.close)
        await centre.add_trunk()
        agent, phone_agent, supervisor, administrator = await _people(centre)
        browser = await cleanup.enter_async_context(start_browser())
        page = await cleanup.enter_async_context(open_page(browser))
        phone = await cleanup.enter_async_context(centre.customer())
        desk = Desk(page, f"http://localhost:{centre.settings.portal_port}")
        yield Scene(centre, browser, agent, phone_agent, supervisor, administrator, desk, phone)


async def _people(centre: Centre) -> tuple[NewAccount, NewAccount, NewAccount, NewAccount]:
    """Two agents in two queues, one of them with a desk phone, a supervisor with one, and an administrator."""
    async with centre.database.write() as session:
        agent = await accounts.create(session, AccountRequest("Anna Berg", kind=ExtensionKind.WEB), now())
        other = await accounts.create(session, AccountRequest("Ben Okafor", kind=ExtensionKind.SIP), now())
        for name, number in (("Support", _SUPPORT), ("Sales", _SALES)):
            queue_id = await queues.add(session, queues.NewQueue(name, wrap_up_seconds=_WRAP_UP_SECONDS), now())
            for member in (agent, other):
                await memberships.add(session, queue_id, member.user_id)
            await numbers.add(session, number, numbers.Destination(queue_id), None, now())
        boss = AccountRequest("Mona Lindqvist", Role.SUPERVISOR, ExtensionKind.SIP)
        supervisor = await accounts.create(session, boss, now())
        office = await accounts.create(session, AccountRequest("Ingrid Sommer", Role.ADMINISTRATOR), now())
        revision = await session.scalar(select(Extension.revision).where(Extension.number == supervisor.extension))
    assert revision is not None
    assert await revisions.wait_provisioned(centre.database, revision, 10)
    for number in (_SUPPORT, _SALES):
        await add_codes(centre, number, *_CODES)
    return agent, other, supervisor, office
