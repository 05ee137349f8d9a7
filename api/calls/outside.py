"""Numbers as agents type them: telephones outside that may be called, and colleagues by their extensions."""

from uuid import UUID

from api.web.errors import RefusedError
from db.core.engine import AnySession
from db.dialling_rules import destinations
from db.phones import extensions


async def number(session: AnySession, text: str, region: str) -> str:
    """The number in E.164. Raises RefusedError with the reason when it may not be called."""
    decision = await destinations.decide(session, text, region)
    if decision.number is not None:
        return decision.number
    if await extensions.holder(session, text) is not None:
        raise RefusedError(
            f"{text} is a colleague's extension. Colleagues are reached from a call: by Consult or by Transfer."
        )
    raise RefusedError(decision.sentence)


async def number_or_colleague(session: AnySession, text: str, region: str) -> tuple[str | None, UUID | None]:
    """The number in E.164, or the colleague whose extension it is. Raises RefusedError when it may not be called."""
    decision = await destinations.decide(session, text, region)
    if decision.number is not None:
        return decision.number, None
    colleague = await extensions.holder(session, text)
    if colleague is None:
        raise RefusedError(decision.sentence)
    return None, colleague
