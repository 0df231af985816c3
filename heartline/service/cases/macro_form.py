"""What may be typed on the page of a macro: one field for each kind of step, done from top to bottom."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from heartline.conversations import levels
from heartline.conversations.models import Macro
from heartline.conversations.models.case import CaseState
from heartline.conversations.quick_replies.rules import VARIABLES, unknown
from heartline.people.models import Person
from heartline.people.queries import Scope, queues_for
from heartline.service.cases.page_words import snooze_names
from heartline.service.cases.work import may_be_asked

NOTHING = ("", gettext_lazy("Leave as it is"))


class MacroForm(forms.Form):
    """A macro's name, who may use it, and its steps."""

    name = forms.CharField(label=gettext_lazy("Title"), max_length=80)
    level = forms.ChoiceField(label=gettext_lazy("Who may use it"))
    reply = forms.CharField(
        label=gettext_lazy("Reply to the customer"),
        required=False,
        max_length=4000,
        widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy("The variables of quick replies can be used. A reply cannot be taken back"),
    )
    note = forms.CharField(
        label=gettext_lazy("Internal note"), required=False, max_length=4000, widget=forms.Textarea({"rows": 2})
    )
    add = forms.CharField(label=gettext_lazy("Add tags"), required=False, max_length=400)
    remove = forms.CharField(label=gettext_lazy("Take off tags"), required=False, max_length=400)
    owner = forms.ChoiceField(label=gettext_lazy("Owner"), required=False)
    queue = forms.ChoiceField(label=gettext_lazy("Queue"), required=False)
    task = forms.CharField(label=gettext_lazy("Task"), required=False, max_length=300)
    who = forms.ChoiceField(label=gettext_lazy("Who does it"), required=False)
    until = forms.ChoiceField(label=gettext_lazy("Snooze until"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)

    def __init__(self, scope: Scope, person: Person, sent: Any = None, *, macro: Macro | None = None) -> None:
        super().__init__(sent, initial=_initial(macro) if macro else None)
        self._scope, self._person = scope, person
        asked = may_be_asked(scope)
        teams = [(f"team:{row['id']}", row["name"]) for row in asked["teams"]]
        choices: dict[str, list[Any]] = {
            "level": levels.choices(scope),
            "owner": [NOTHING, ("me", gettext_lazy("Whoever uses the macro")), ("nobody", gettext_lazy("Nobody"))],
            "queue": [NOTHING, *((str(queue.pk), queue.name) for queue in queues_for(scope).order_by("id"))],
            "who": [("", "–"), *teams, *((f"person:{row['id']}", row["name"]) for row in asked["people"])],
            "until": [NOTHING, *snooze_names().items()],
            "state": [NOTHING, *CaseState.choices],
        }
        for name, options in choices.items():
            field: Any = self.fields[name]
            field.choices = options

    def clean(self) -> dict[str, Any]:
        """Check what belongs together."""
        data: dict[str, Any] = super().clean() or {}
        for name in ("reply", "note"):
            if wrong := unknown(data.get(name, "")):
                values = {"name": wrong[0], "known": ", ".join(VARIABLES)}
                known = gettext_lazy("There is no variable %(name)s. These can be used: %(known)s")
                self.add_error(name, known % values)
        if data.get("task") and not data.get("who"):
            self.add_error("who", gettext_lazy("Choose who does it"))
        return data

    def values(self) -> dict[str, Any]:
        """Return the fields of the row that was described."""
        data = self.cleaned_data
        owner = levels.fields_for(self._scope, self._person, data["level"])
        return {"name": data["name"], **owner, "steps": list(_steps(data))}


def _steps(data: dict[str, Any]) -> Any:
    """Yield the steps in the order in which they are done: words first, the state last."""
    for name in ("note", "reply"):
        if data[name].strip():
            yield {"do": name, "text": data[name].strip()}
    if data["add"] or data["remove"]:
        yield {"do": "tag", "add": _names(data["add"]), "remove": _names(data["remove"])}
    if data["owner"]:
        yield {"do": "owner", "owner": "me" if data["owner"] == "me" else None}
    if data["queue"]:
        yield {"do": "queue", "queue": int(data["queue"])}
    if data["task"].strip():
        yield {"do": "task", "what": data["task"].strip(), "who": data["who"]}
    if data["until"]:
        yield {"do": "snooze", "until": data["until"]}
    if data["state"]:
        yield {"do": "state", "state": data["state"]}


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.replace("，", ",").replace("、", ",").split(",") if name.strip()]


def _initial(macro: Macro) -> dict[str, Any]:
    found: dict[str, Any] = {"name": macro.name, "level": levels.chosen(macro)}
    for step in macro.steps:
        match step["do"]:
            case "reply" | "note":
                found[step["do"]] = step["text"]
            case "tag":
                found |= {"add": ", ".join(step.get("add", [])), "remove": ", ".join(step.get("remove", []))}
            case "owner":
                found["owner"] = step["owner"] or "nobody"
            case "task":
                found |= {"task": step["what"], "who": step["who"]}
            case "snooze":
                found["until"] = step["until"]
            case name:
                found[name] = str(step[name])
    return found
