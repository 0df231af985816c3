"""Tables of what is said."""

from heartline.conversations.models.case import Case, ContactReason, Tried, WrapUp
from heartline.conversations.models.case_type import CaseField, CaseType, CaseValue
from heartline.conversations.models.contact import Assignment, Contact, HandoverCard, Participant
from heartline.conversations.models.deed import CaseLink, Deed
from heartline.conversations.models.macro import Macro
from heartline.conversations.models.marks import Snooze, Tag, Tagged
from heartline.conversations.models.mention import Mention
from heartline.conversations.models.message import Attachment, Draft, Message
from heartline.conversations.models.outgoing import Outgoing, WritingSettings
from heartline.conversations.models.quick_reply import QuickReply
from heartline.conversations.models.task import Task, Watcher

__all__ = [
    "Assignment",
    "Attachment",
    "Case",
    "CaseField",
    "CaseLink",
    "CaseType",
    "CaseValue",
    "Contact",
    "ContactReason",
    "Deed",
    "Draft",
    "HandoverCard",
    "Macro",
    "Mention",
    "Message",
    "Outgoing",
    "Participant",
    "QuickReply",
    "Snooze",
    "Tag",
    "Tagged",
    "Task",
    "Tried",
    "Watcher",
    "WrapUp",
    "WritingSettings",
]
