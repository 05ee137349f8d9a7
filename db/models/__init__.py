"""The tables, one noun a file."""

from db.models.agent import Agent, AgentChange
from db.models.audit import AuditEntry
from db.models.base import Base
from db.models.call import Call, WaitingCall
from db.models.cdr import Cdr, Recording
from db.models.choice import PauseReason, WrapUpCode
from db.models.destination import DestinationRule, DialLimit, OutsideDial
from db.models.event import Event
from db.models.exit import Callback, QueueVisit, Voicemail
from db.models.extension import Extension, Node, Registration, Trunk, TrunkRegistration
from db.models.history_key import HistoryKey
from db.models.menu import Menu, MenuOption
from db.models.participant import Participant
from db.models.quality import CallQuality
from db.models.queue import QUEUE_NAMES, Number, Queue, QueueExit, QueueMember, RemovedQueue
from db.models.schedule import Holiday, OpeningHours, Schedule
from db.models.sip_ban import SipBan, SipPlace
from db.models.skill import AgentSkill, QueueSkill, Skill
from db.models.user import LoginFailure, LoginSession, User

__all__ = [
    "QUEUE_NAMES",
    "Agent",
    "AgentChange",
    "AgentSkill",
    "AuditEntry",
    "Base",
    "Call",
    "CallQuality",
    "Callback",
    "Cdr",
    "DestinationRule",
    "DialLimit",
    "Event",
    "Extension",
    "HistoryKey",
    "Holiday",
    "LoginFailure",
    "LoginSession",
    "Menu",
    "MenuOption",
    "Node",
    "Number",
    "OpeningHours",
    "OutsideDial",
    "Participant",
    "PauseReason",
    "Queue",
    "QueueExit",
    "QueueMember",
    "QueueSkill",
    "QueueVisit",
    "Recording",
    "Registration",
    "RemovedQueue",
    "Schedule",
    "SipBan",
    "SipPlace",
    "Skill",
    "Trunk",
    "TrunkRegistration",
    "User",
    "Voicemail",
    "WaitingCall",
    "WrapUpCode",
]
