"""The tables, one noun a file."""

from db.models.agent import Agent
from db.models.base import Base
from db.models.call import Call, WaitingCall
from db.models.cdr import Cdr, Recording
from db.models.event import Event
from db.models.extension import Extension, Node, Trunk
from db.models.queue import Number, Queue, QueueMember
from db.models.user import LoginFailure, Session, User

__all__ = [
    "Agent",
    "Base",
    "Call",
    "Cdr",
    "Event",
    "Extension",
    "LoginFailure",
    "Node",
    "Number",
    "Queue",
    "QueueMember",
    "Recording",
    "Session",
    "Trunk",
    "User",
    "WaitingCall",
]
