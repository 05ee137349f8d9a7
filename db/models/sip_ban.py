from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Moment


class SipBan(Base):
    """An address from which SIP passwords were guessed: kept out until a moment, and remembered for longer."""

    __tablename__ = "sip_bans"

    address: Mapped[str] = mapped_column(primary_key=True)
    extension: Mapped[str]
    """What was tried last."""
    times: Mapped[int]
    """How often it was banned in a row."""
    banned_at: Mapped[Moment]
    until: Mapped[Moment]
    lifted_at: Mapped[Moment | None]


class SipPlace(Base):
    """An address from which a phone of ours has proved its password, so nobody's guessing there keeps it out."""

    __tablename__ = "sip_places"

    address: Mapped[str] = mapped_column(primary_key=True)
    seen_at: Mapped[Moment]
