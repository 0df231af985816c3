"""Forms of sites, skills, queues and teams."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from heartline.people.models import Queue, Site, Skill, Team

# Shown first; every other zone of the world follows in alphabetical order.
COMMON_ZONES = ("Asia/Shanghai", "Asia/Hong_Kong", "Asia/Singapore", "Europe/London", "Pacific/Auckland", "UTC")
ZERO_TO_FIVE = tuple((str(level), str(level) if level else "–") for level in range(6))


def zones() -> list[tuple[str, str]]:
    """Return the time zones to choose from."""
    others = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "SystemV/")))
    return [(zone, zone) for zone in dict.fromkeys([*COMMON_ZONES, *others])]


class InRows(forms.BaseForm):
    """A form whose fields stand side by side; `rows` names those of each line."""

    rows: tuple[tuple[str, ...], ...] = ()

    def lines(self) -> list[list[forms.BoundField]]:
        """Return the fields of each line, for the page."""
        return [[self[name] for name in names] for names in self.rows]


class SiteForm(InRows, forms.ModelForm):  # type: ignore[type-arg]  # generic for type checkers only
    """A place and its time zone."""

    rows = (("name_en", "name_zh"), ("time_zone",))

    time_zone = forms.ChoiceField(label=gettext_lazy("Time zone"), choices=lazy(zones, list)(), initial="Asia/Shanghai")

    class Meta:
        model = Site
        fields = ["name_en", "name_zh", "time_zone"]


class SkillForm(InRows, forms.ModelForm):  # type: ignore[type-arg]  # generic for type checkers only
    """Something a contact may ask for."""

    rows = (("name_en", "name_zh"), ("key",))

    class Meta:
        model = Skill
        fields = ["name_en", "name_zh", "key"]
        help_texts = {"key": gettext_lazy("Short, in small letters: installation, billing")}


class LevelsMixin(forms.BaseForm):
    """One field for every skill there is: not at all, or a level from 1 to 5."""

    def add_levels(self, standing: dict[int, int], none: str) -> None:
        """Add the fields; `none` is the word for a skill that is not asked for, or not had."""
        for skill in Skill.objects.order_by("name_en"):
            choices = [("0", none), *ZERO_TO_FIVE[1:]]
            self.fields[f"skill_{skill.pk}"] = forms.ChoiceField(
                label=skill.name, choices=choices, required=False, initial=str(standing.get(skill.pk, 0))
            )

    def level_fields(self) -> list[forms.BoundField]:
        """Return the fields of skills, for the page."""
        return [self[name] for name in self.fields if name.startswith("skill_")]

    def levels(self) -> dict[int, int]:
        """Return the chosen levels by skill id, without those that are not chosen."""
        chosen = {name: int(value or 0) for name, value in self.cleaned_data.items() if name.startswith("skill_")}
        return {int(name.removeprefix("skill_")): level for name, level in chosen.items() if level}


class QueueForm(LevelsMixin, InRows, forms.ModelForm):  # type: ignore[type-arg]  # generic for type checkers only
    """What waits together and what it asks for."""

    rows = (
        ("name_en", "name_zh"),
        ("key", "brand", "language"),
        ("is_default",),
        ("answer_within_seconds", "answer_target_percent"),
        ("offer_seconds", "short_abandon_seconds"),
    )

    class Meta:
        model = Queue
        fields = [
            "name_en", "name_zh", "key", "brand", "language", "is_default", "offer_seconds", "answer_within_seconds",
            "answer_target_percent", "short_abandon_seconds",
        ]  # fmt: skip
        labels = {"brand": gettext_lazy("Brand")}
        help_texts = {
            "key": gettext_lazy("Short, in small letters; it names the queue in the API"),
            "language": gettext_lazy("Empty: any language"),
            "short_abandon_seconds": gettext_lazy("Empty: every customer who leaves counts"),
        }

    limits = {"offer_seconds": (5, 600), "answer_within_seconds": (1, 86400), "answer_target_percent": (1, 100)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        standing = dict(self.instance.skills.values_list("skill_id", "level")) if self.instance.pk else {}
        self.add_levels(standing, _("Not asked for"))

    def clean(self) -> dict[str, Any]:
        """Keep numbers within what makes sense."""
        values: dict[str, Any] = super().clean() or {}
        for name, (least, most) in self.limits.items():
            if name in values and not least <= values[name] <= most:
                message = _("Between %(least)s and %(most)s") % {"least": least, "most": most}
                self.add_error(name, message)
        return values


class TeamForm(InRows, forms.ModelForm):  # type: ignore[type-arg]  # generic for type checkers only
    """Who is led together, and what they serve."""

    rows = (("name_en", "name_zh"), ("site",), ("queues",))

    class Meta:
        model = Team
        fields = ["name_en", "name_zh", "site", "queues"]
        widgets = {"queues": forms.CheckboxSelectMultiple}
        labels = {"site": gettext_lazy("Site"), "queues": gettext_lazy("Queues they serve")}
        help_texts = {"queues": gettext_lazy("Members see the work of these queues, and no other")}
