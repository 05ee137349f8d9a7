from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from db.models.base import Base, Key


class Menu(Base):
    """A choice by key before a queue. `prompt` are names of Asterisk's sounds, spoken one after the other."""

    __tablename__ = "menus"

    id: Mapped[Key]
    name: Mapped[str]
    prompt: Mapped[list[str]] = mapped_column(ARRAY(Text))
    repeats: Mapped[int] = mapped_column(server_default="3")
    patience_seconds: Mapped[int] = mapped_column(server_default="6")
    otherwise_queue_id: Mapped[UUID | None] = mapped_column(ForeignKey("queues.id", ondelete="SET NULL"))

    __table_args__ = (Index("uq_menus_name", text("lower(name)"), unique=True),)


class MenuOption(Base):
    """The queue behind a key of a menu."""

    __tablename__ = "menu_options"

    menu_id: Mapped[UUID] = mapped_column(ForeignKey("menus.id", ondelete="CASCADE"), primary_key=True)
    digit: Mapped[str] = mapped_column(primary_key=True)
    queue_id: Mapped[UUID] = mapped_column(ForeignKey("queues.id", ondelete="CASCADE"))
