"""What may be typed on the page of a rule."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from heartline.people.models import Team
from heartline.people.queries import Scope, queues_for, teams_for
from heartline.service.alerts.models import Kind, Rule

FIELDS = (
    "name", "kind", "threshold", "window_minutes", "at_least", "quiet_from", "quiet_until", "cool_down_minutes",
    "by_browser", "by_mail", "is_on",
)  # fmt: skip
MOST = {Kind.ABANDONED: 100, Kind.LOW_RATING: 5}


class RuleForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for type checkers only
    """A rule, and what it is about."""

    about = forms.ChoiceField(label=gettext_lazy("About"))

    class Meta:
        model = Rule
        fields = list(FIELDS)
        widgets = {name: forms.TimeInput({"type": "time"}, format="%H:%M") for name in ("quiet_from", "quiet_until")}
        help_texts = {
            "window_minutes": gettext_lazy("Only for how many leave"),
            "at_least": gettext_lazy("Only for how many leave: one of two is no half"),
            "quiet_from": gettext_lazy(
                "By the site’s clock. What is open already stays open; figures that differ are told at any hour"
            ),
            "cool_down_minutes": gettext_lazy("So that what comes and goes does not ring each time"),
            "by_mail": gettext_lazy("To the supervisors it concerns; where there are none, to administrators"),
        }

    def __init__(self, scope: Scope, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._scope = scope
        about: Any = self.fields["about"]
        about.choices = _choices(scope)
        kind: Any = self.fields["kind"]
        kind.choices = Kind.choices
        rule = self.instance
        if rule.pk:
            self.initial["about"] = f"queue:{rule.queue_id}" if rule.queue_id else f"team:{rule.team_id or 0}"

    def clean(self) -> dict[str, Any]:
        """Check the limit against its kind, and that a quiet time has two ends."""
        given: dict[str, Any] = super().clean() or {}
        kind, limit = given.get("kind"), given.get("threshold")
        if kind == Kind.FIGURES_DIFFER and given.get("about", "team:0") != "team:0":
            self.add_error("about", _("Figures are of the whole house: administrators set this for all queues"))
        if kind and limit is not None and not 1 <= limit <= MOST.get(Kind(kind), limit):
            self.add_error("threshold", _("Write a limit from 1 to %(most)s") % {"most": MOST.get(Kind(kind), 86400)})
        if bool(given.get("quiet_from")) != bool(given.get("quiet_until")):
            self.add_error("quiet_until", _("Write both ends of the quiet time, or none"))
        return given

    def values(self) -> dict[str, Any]:
        """Return the fields of the row that was described."""
        what, _colon, id = self.cleaned_data["about"].partition(":")
        queue = queues_for(self._scope).filter(id=id).first() if what == "queue" else None
        team = Team.objects.filter(id=id).first() if what == "team" else None
        return {**{name: self.cleaned_data[name] for name in FIELDS}, "queue": queue, "team": team}


def _choices(scope: Scope) -> list[tuple[str, str]]:
    whole = [("team:0", _("All queues"))] if scope.everything else []
    by_team = [
        (f"team:{team.id}", _("Team %(name)s") % {"name": team.name}) for team in teams_for(scope).order_by("id")
    ]
    by_queue = [(f"queue:{queue.id}", queue.name) for queue in queues_for(scope).order_by("id")]
    return [*whole, *by_team, *by_queue]
