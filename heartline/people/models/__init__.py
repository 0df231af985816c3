"""Tables of our side of the conversation."""

from heartline.people.models.limit import RateCount
from heartline.people.models.organisation import Brand, Holiday, OpeningHours, Queue, QueueSkill, Site, Skill, Team
from heartline.people.models.person import Capacity, InvitationLink, Person, PersonLanguage, PersonSkill, Role
from heartline.people.models.presence import Presence, PresenceState

__all__ = [
    "Brand",
    "Capacity",
    "Holiday",
    "InvitationLink",
    "OpeningHours",
    "Person",
    "PersonLanguage",
    "PersonSkill",
    "Presence",
    "PresenceState",
    "Queue",
    "QueueSkill",
    "RateCount",
    "Role",
    "Site",
    "Skill",
    "Team",
]
