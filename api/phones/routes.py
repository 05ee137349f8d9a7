from aiohttp import ClientError
from fastapi import APIRouter
from starlette.websockets import WebSocket

from api.access.visitors import SignedIn
from api.live.hub import Connection
from api.openapi.refusals import Refusal, told
from api.phones.carrier import SUBPROTOCOL, Line, carry, dial
from api.phones.gate import Gate
from api.portal import Portal, ThePortal
from api.web.errors import BadRequestError, RefusedError, UnavailableError
from api.web.schemas import Outgoing
from db.phones import extensions
from db.phones.extensions import Phone
from db.users.sessions import Visitor
from domain.agents.agent import ExtensionKind
from domain.phones.realm import REALM

router = APIRouter(tags=["phone"])

_PATH = "/phone/ws"
_DESK_PHONE = "Your extension is a SIP phone, so this browser cannot be it."


class PhoneCredentials(Outgoing):
    """What the browser's phone registers with. It is void after log-out and after a newer log-in."""

    uri: str
    username: str
    ha1: str
    """MD5 of username, realm and secret, as SIP digest authentication uses it."""
    realm: str
    ws_path: str
    """Where SIP is spoken over a websocket, on the portal's own origin."""


@router.get("/api/v1/phone", responses=told(Refusal.of(RefusedError, "The user's phone is no browser.", _DESK_PHONE)))
async def get_phone(visitor: SignedIn, portal: ThePortal) -> PhoneCredentials:
    """What the browser needs to be the agent's phone; refused to agents with a SIP phone."""
    phone = await _web_phone(portal, visitor)
    return PhoneCredentials(
        uri=f"sip:{phone.number}@{REALM}", username=phone.number, ha1=phone.digest, realm=REALM, ws_path=_PATH
    )


@router.websocket(_PATH)
async def carry_phone(websocket: WebSocket, visitor: SignedIn, portal: ThePortal) -> None:
    """Carries the browser's SIP to Asterisk, whose own port no browser can reach."""
    if SUBPROTOCOL not in websocket.scope["subprotocols"]:
        raise BadRequestError("This websocket speaks SIP only.")
    phone = await _web_phone(portal, visitor)
    try:
        asterisk = await dial(portal.http, portal.config.asterisk_websocket)
    except (ClientError, TimeoutError) as error:
        raise UnavailableError("The telephone exchange does not answer. Try again in a moment.") from error
    connection = Connection(visitor)
    portal.hub.attach(connection)
    try:
        await websocket.accept(subprotocol=SUBPROTOCOL)
        calls = portal.phone_calls.of(visitor.token_hash)
        await carry(Line(websocket, asterisk, connection, Gate(phone.number, calls), calls))
    finally:
        portal.hub.detach(connection)
        await asterisk.close()


async def _web_phone(portal: Portal, visitor: Visitor) -> Phone:
    async with portal.database.read() as session:
        phone = await extensions.phone_of(session, visitor.user_id)
    if phone is None or phone.kind is not ExtensionKind.WEB:
        raise RefusedError(_DESK_PHONE)
    return phone
