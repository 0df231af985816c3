"""What everything in a plan is called, where it stands in the plan and what it means, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from heartline.customers.models import Tier
from heartline.people.models import Queue, Site, Skill, Team
from heartline.people.models.organisation import CHANNELS
from heartline.routing.plans.reading import WEEKDAYS as DAY_KEYS
from heartline.ui.formats import span_of

ORDER = {
    "live": (gettext_lazy("The customer is there"), gettext_lazy("Chats and calls that are due, against messages")),
    "handed_over": (gettext_lazy("Handed over to us here"), ""),
    "repeat": (gettext_lazy("Each earlier contact about the matter"), ""),
    "repeat_at_most": (gettext_lazy("Earlier contacts together, at most"), ""),
    "complaint": (gettext_lazy("An open complaint"), ""),
    "broken_promise": (gettext_lazy("A promise we broke"), ""),
    "vulnerable": (gettext_lazy("Needs particular care"), ""),
    "overdue_at_most": (
        gettext_lazy("Past the time we named, at most"),
        gettext_lazy("Each second past it counts twice, up to this"),
    ),
    "raised_at_most": (gettext_lazy("Raised by a supervisor, at most"), ""),
}
PEOPLE = {
    "named_for": (gettext_lazy("Who was asked for by name is waited for"), ""),
    "not_again_for": (gettext_lazy("Who declined or let lapse is not asked again for"), ""),
    "load": (gettext_lazy("Units a person carries at once"), gettext_lazy("0: only the limits of each channel count")),
}
CALLS = {
    "attempts": (
        gettext_lazy("Attempts at most"),
        gettext_lazy("After the last one the customer is told, and may choose another time"),
    ),
    "first_gap": (gettext_lazy("Again after the first attempt that reached nobody"), ""),
    "later_gap": (gettext_lazy("Again after each later one"), ""),
    "engaged_gap": (gettext_lazy("Again when the line was engaged"), ""),
}
WAY = {
    "most_per_person": (gettext_lazy("Of this queue at most, for one person"), gettext_lazy("0: as many as they take")),
    "reserved": (gettext_lazy("People kept free from other queues’ work"), ""),
    "reserved_for": (gettext_lazy("They are kept free for at most (age of the other contact)"), ""),
}
CHOICES: dict[str, Mapping[str, Any]] = {
    "choose": {
        "longest_without": gettext_lazy("whoever has gone longest without an offer"),
        "least_loaded": gettext_lazy("whoever carries least"),
        "most_proficient": gettext_lazy("whoever knows best what it asks for"),
    },
    "keep_for": {
        "": gettext_lazy("nobody in particular"),
        "last": gettext_lazy("whoever helped last time"),
        "owner": gettext_lazy("the owner of the case"),
    },
    "asked": {
        "must": gettext_lazy("must be there"),
        "prefer": gettext_lazy("preferred"),
        "any": gettext_lazy("not asked for"),
    },
    "language": {
        "must": gettext_lazy("must be theirs"),
        "prefer": gettext_lazy("preferred"),
        "any": gettext_lazy("any"),
    },
    "who": {
        "queue": gettext_lazy("the teams of this queue"),
        "house": gettext_lazy("everybody in the house who serves"),
    },
}
NAMES = {
    "seed": gettext_lazy("Seed of chance"),
    "turns_by_load": gettext_lazy("Who carries more is asked more often"),
    "choose": gettext_lazy("Of those who can, it goes to"),
    "known_first": gettext_lazy("Whoever helped last time goes before that, when free"),
    "until": gettext_lazy("Lasts until the contact is so old"),
    "keep_for": gettext_lazy("Kept for"),
    "asked": gettext_lazy("Skills that the contact and its queue ask for"),
    "skills": gettext_lazy("Skills needed here besides"),
    "wishes": gettext_lazy("Skills preferred here"),
    "language": gettext_lazy("The customer’s language"),
    "who": gettext_lazy("Who may take it"),
    "teams": gettext_lazy("Only these teams"),
    "sites": gettext_lazy("Only these sites"),
    "open_sites_only": gettext_lazy("Only where it is within hours"),
    "experts": gettext_lazy("Experts outside the centre too"),
    "tell": gettext_lazy("The customer is told"),
    "offer_callback": gettext_lazy("Offer to call them"),
    "lender": gettext_lazy("Helpers come from"),
    "start": gettext_lazy("when somebody here has waited"),
    "stop": gettext_lazy("and go when nobody has waited more than"),
    "lender_wait": gettext_lazy("while nobody there waits longer than"),
    "lender_free": gettext_lazy("and so many there are free"),
    "steps": gettext_lazy("Steps"),
    "borrow": gettext_lazy("Help from other queues"),
    "interrupts": gettext_lazy("May come on top"),
    "weights": gettext_lazy("Weight of one"),
    "closed": gettext_lazy("Closed on"),
    "like": gettext_lazy("Open like another weekday on"),
}
IN_SECONDS = frozenset(
    {
        *ORDER,
        "tiers",
        "named_for",
        "not_again_for",
        "reserved_for",
        "until",
        "start",
        "stop",
        "lender_wait",
        "first_gap",
        "later_gap",
        "engaged_gap",
    }
)


@dataclass(frozen=True)
class Things:
    """What keys are called: queues, teams, sites, skills, channels and tiers, each by key in the reader's language."""

    queues: dict[str, str]
    teams: dict[str, str]
    sites: dict[str, str]
    zones: dict[str, str]
    skills: dict[str, str]
    channels: dict[str, str]
    tiers: dict[str, str]


def things() -> Things:
    """Return what there is in the house to name in a plan."""
    sites = list(Site.objects.order_by("id"))
    return Things(
        queues={queue.key: queue.name for queue in Queue.objects.order_by("id")},
        teams={team.key: team.name for team in Team.objects.order_by("id")},
        sites={site.key: site.name for site in sites},
        zones={site.key: site.time_zone for site in sites},
        skills={skill.key: skill.name for skill in Skill.objects.order_by("name_en")},
        channels={key: str(name) for key, name in CHANNELS},
        tiers={key: str(name) for key, name in Tier.choices},
    )


def place(path: str, known: Things) -> str:
    """Return where something stands in a plan, in words: the queue, the step, and its name."""
    words = [_segment(part, before, known) for before, part in _with_table(path.split("."))]
    return " · ".join(word for word in words if word)


def value(path: str, found: Any, known: Things) -> str:
    """Return a value of a plan in words."""
    parts = path.split(".")
    name = parts[-1]
    if isinstance(found, bool):
        return _("yes") if found else _("no")
    if found is None or found in ("", [], {}):
        return str(CHOICES.get(name, {}).get("", "")) or pgettext("nothing there", "none")
    if isinstance(found, int):
        return span(found) if name in IN_SECONDS or "tiers" in parts else str(found)
    if isinstance(found, list):
        return ", ".join(value(f"{path}.{at}", one, known) for at, one in enumerate(found))
    if isinstance(found, Mapping):
        return ", ".join(
            f"{_segment(str(key), name, known)} {value(f'{path}.{key}', one, known)}" for key, one in found.items()
        )
    is_in_table = len(parts) > 1 and (name.isdecimal() or parts[-2] == "like")
    table = parts[-2] if is_in_table else name
    return str(CHOICES.get(name, {}).get(found) or _called(str(found), table, known))


def span(seconds: int) -> str:
    """Return seconds as people say them."""
    return span_of(seconds, language=get_language() or "en") if seconds else "0 s"


def weekday_names() -> dict[str, str]:
    """Return the names of the weekdays by their keys."""
    return {key: str(WEEKDAYS[number]) for number, key in enumerate(DAY_KEYS)}


def _with_table(parts: list[str]) -> list[tuple[str, str]]:
    """Return each part of a place after the table whose key it is; empty where the plan itself gives the name.

    A queue may have any key: `order`, `steps` or `webchat` is then a queue, and nothing else.
    """
    named = parts[0] in ("queues", "sites")
    before = ["", *parts[:-1]]
    tables = ["" if (named and at == 2) or (part == "sites" and at > 1) else part for at, part in enumerate(before)]
    return list(zip(tables, parts, strict=True))


def _segment(part: str, before: str, known: Things) -> str:
    if before in _KEYED:
        return _called(part, before, known)
    if part.isdecimal():
        return _numbered(int(part) + 1, before)
    groups = {
        "order": _("Order"),
        "people": _("People"),
        "calls": _("Calls back"),
        "everywhere": _("Every other queue"),
        "en": _("in English"),
        "zh": _("in Chinese"),
    }
    if part in ("queues", "tiers", "steps", "borrow", "tell"):
        return str(NAMES["tell"]) if part == "tell" else ""
    if part == "sites" and not before:
        return _("Site hours")
    for table in (ORDER, PEOPLE, CALLS, WAY):
        if part in table:
            return str(table[part][0])
    return str(weekday_names().get(part) or NAMES.get(part) or groups.get(part, part))


def _numbered(number: int, before: str) -> str:
    if before == "steps":
        return _("Step %(number)s") % {"number": number}
    return _("Help %(number)s") % {"number": number} if before == "borrow" else str(number)


# Tables whose names are keys that somebody else gave.
_KEYED = frozenset({"queues", "sites", "tiers", "weights", "skills", "wishes", "like"})


def _called(key: str, table: str, known: Things) -> str:
    tables: dict[str, Mapping[str, str]] = {
        "queues": known.queues,
        "lender": known.queues,
        "teams": known.teams,
        "sites": known.sites,
        "skills": known.skills,
        "wishes": known.skills,
        "weights": known.channels,
        "in_hand": known.channels,
        "incoming": known.channels,
        "tiers": known.tiers,
        "like": weekday_names(),
    }
    return tables.get(table, {}).get(key, key)
