"""What may be typed on the pages of this folder."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from heartline.common.errors import HeartlineError
from heartline.common.schemas import BIGGEST
from heartline.customers.actions.attributes import wrong_value
from heartline.customers.models import (
    Attribute,
    AttributeKind,
    Customer,
    Organisation,
    RetentionRule,
    Tier,
)
from heartline.customers.queries import Wanted
from heartline.customers.rules.tiers import NEEDS_VALUE, TESTS, Condition
from heartline.customers.rules.values import read_value
from heartline.people.models.organisation import LANGUAGES

DATE = forms.DateInput({"type": "date"}, "%Y-%m-%d")


class FindForm(forms.Form):
    """Which customers to show; whatever makes no sense is left out."""

    q = forms.CharField(label=gettext_lazy("Name, address or number"), required=False, max_length=200)
    tier = forms.ChoiceField(
        label=gettext_lazy("Tier"), required=False, choices=[("", gettext_lazy("All tiers")), *Tier.choices]
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"), required=False, choices=[("", gettext_lazy("All languages")), *LANGUAGES]
    )
    organisation = forms.IntegerField(required=False, min_value=1, max_value=BIGGEST, widget=forms.HiddenInput())
    quiet = forms.BooleanField(label=gettext_lazy("Do not contact"), required=False)

    def wanted(self) -> Wanted:
        """Return what is looked for."""
        self.is_valid()
        found = self.cleaned_data
        return Wanted(
            text=found.get("q", ""),
            tier=found.get("tier", ""),
            language=found.get("language", ""),
            organisation=found.get("organisation"),
            do_not_contact=bool(found.get("quiet")),
        )

    def kept(self) -> dict[str, str]:
        """Return what is looked for as an address's query."""
        self.is_valid()
        parts = {name: str(value) for name, value in self.cleaned_data.items() if value}
        return {name: ("on" if name == "quiet" else value) for name, value in parts.items()}


class CustomerForm(forms.Form):
    """What is known about a customer, their attributes included."""

    name = forms.CharField(label=gettext_lazy("Name"), required=False, max_length=200)
    form_of_address = forms.CharField(label=gettext_lazy("Form of address"), required=False, max_length=60)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=LANGUAGES)
    organisation = forms.CharField(label=gettext_lazy("Organisation"), required=False, max_length=200)
    place = forms.CharField(label=gettext_lazy("Place"), required=False, max_length=120)
    customer_since = forms.DateField(label=gettext_lazy("Customer since"), required=False, widget=DATE)
    tier = forms.ChoiceField(label=gettext_lazy("Tier"), choices=Tier.choices)
    tier_by_hand = forms.BooleanField(
        label=gettext_lazy("Keep this tier"),
        required=False,
        help_text=gettext_lazy("Rules leave it alone. Otherwise they decide when what we know changes"),
    )
    about = forms.CharField(
        label=gettext_lazy("About"), required=False, max_length=4000, widget=forms.Textarea({"rows": 3})
    )
    do_not_contact = forms.BooleanField(
        label=gettext_lazy("Do not contact"),
        required=False,
        help_text=gettext_lazy("We answer when they write, and never start by ourselves; no questions afterwards"),
    )
    needs_care = forms.BooleanField(
        label=gettext_lazy("Needs particular care"),
        required=False,
        help_text=gettext_lazy("Their contacts count for more in the order in which we answer"),
    )
    email = forms.CharField(label=gettext_lazy("Add an e-mail address"), required=False, max_length=254)
    phone = forms.CharField(label=gettext_lazy("Add a phone number"), required=False, max_length=40)
    external = forms.CharField(label=gettext_lazy("Add a customer number"), required=False, max_length=254)

    ADDRESSES = ("email", "phone", "external")

    def __init__(self, data: Any, attributes: list[Attribute], customer: Customer | None) -> None:
        super().__init__(data, initial=_known(customer))
        self.attributes = attributes
        for attribute in attributes:
            held = customer.attributes.get(attribute.key, "") if customer else ""
            self.fields[f"attribute_{attribute.key}"] = _field_of(attribute, held)

    def lines(self) -> list[list[forms.BoundField]]:
        """Return the fields of each line, for the page."""
        names = (("name", "form_of_address"), ("organisation", "place"), ("language", "customer_since"))
        return [[self[name] for name in line] for line in names]

    def attribute_fields(self) -> list[forms.BoundField]:
        """Return the fields of attributes."""
        return [self[f"attribute_{attribute.key}"] for attribute in self.attributes]

    def raw_attributes(self) -> dict[str, str]:
        """Return what was typed for each attribute."""
        return {one.key: str(self.cleaned_data.get(f"attribute_{one.key}") or "") for one in self.attributes}


def _known(customer: Customer | None) -> dict[str, Any]:
    if customer is None:
        return {"tier": Tier.PROSPECT, "language": "zh-hans"}
    names = "name form_of_address language place customer_since tier tier_by_hand about do_not_contact needs_care"
    known = {name: getattr(customer, name) for name in names.split()}
    return {**known, "organisation": customer.organisation.name if customer.organisation else ""}


def _field_of(attribute: Attribute, held: str) -> forms.Field:
    label = attribute.name
    if attribute.kind == AttributeKind.CHOICE:
        known = [(choice, choice) for choice in dict.fromkeys([*attribute.choices, *([held] if held else [])])]
        return forms.ChoiceField(label=label, required=False, choices=[("", "–"), *known], initial=held)
    widget = forms.DateInput({"type": "date"}) if attribute.kind == AttributeKind.DATE else forms.TextInput()
    return forms.CharField(label=label, required=False, max_length=500, initial=held, widget=widget)


class OrganisationForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for type checkers only
    """An organisation that customers belong to."""

    class Meta:
        model = Organisation
        fields = ["name", "place", "about"]
        widgets = {"about": forms.Textarea({"rows": 3})}

    def validate_unique(self) -> None:
        """Two with the same name are refused when they are saved, with a sentence of ours."""


class AttributeForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for type checkers only
    """Something to know of customers."""

    listed = forms.CharField(
        label=gettext_lazy("Choices, one on each line"), required=False, widget=forms.Textarea({"rows": 4})
    )

    class Meta:
        model = Attribute
        fields = ["name_en", "name_zh", "kind", "is_personal", "is_active"]
        help_texts = {
            "is_personal": gettext_lazy("Hidden from analysts, and gone when a customer is erased"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["listed"].initial = "\n".join(self.instance.choices)

    def values(self) -> dict[str, Any]:
        """Return what is to be saved."""
        found = dict(self.cleaned_data)
        lines = [line.strip()[:80] for line in found.pop("listed", "").splitlines()]
        return {**found, "choices": list(dict.fromkeys(line for line in lines if line))[:100]}


class RuleForm(forms.Form):
    """A tier rule: three lines, of which empty ones are left out."""

    LINES = 3
    tier = forms.ChoiceField(label=gettext_lazy("Tier"), choices=Tier.choices)

    def __init__(self, data: Any, whats: list[tuple[str, str, str]], initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        self.kinds = {what: kind for what, _name, kind in whats}
        choices = [("", _("Nothing more")), *((what, name) for what, name, _kind in whats)]
        for line in range(self.LINES):
            self.fields[f"what_{line}"] = forms.ChoiceField(label=_("What we know"), choices=choices, required=False)
            self.fields[f"test_{line}"] = forms.ChoiceField(label=_("Test"), choices=list(test_words().items()))
            self.fields[f"test_{line}"].required = False
            self.fields[f"value_{line}"] = forms.CharField(label=_("Value"), required=False, max_length=80)

    def lines(self) -> list[list[forms.BoundField]]:
        """Return the fields of each condition."""
        return [[self[f"{name}_{line}"] for name in ("what", "test", "value")] for line in range(self.LINES)]

    def clean(self) -> dict[str, Any]:
        """Put the conditions, in the form they are kept in, beside what was typed."""
        found = [one for line in range(self.LINES) if (one := self._condition(line))]
        return self.cleaned_data | {"conditions": found}

    def _condition(self, line: int) -> Condition | None:
        what, test = self.cleaned_data.get(f"what_{line}", ""), self.cleaned_data.get(f"test_{line}", "")
        if not what:
            return None
        kind, value = self.kinds[what], self.cleaned_data.get(f"value_{line}", "")
        if test not in TESTS[kind]:
            self.add_error(f"test_{line}", _("This test does not fit what is known here"))
            return None
        reads_as = "number" if test.endswith("within_days") or kind == "number" else "text"
        try:
            kept = read_value(reads_as, value) if test in NEEDS_VALUE else ""
        except ValueError as error:
            self.add_error(f"value_{line}", wrong_value(str(error)))
            return None
        if test in NEEDS_VALUE and not kept:
            self.add_error(f"value_{line}", _("Write a value"))
        return Condition(what, test, kept)


def whats() -> list[tuple[str, str, str]]:
    """Return what rules can ask: name of the fact, its words, its kind."""
    own = [(f"attribute:{row.key}", row.name, row.kind) for row in Attribute.objects.filter(is_active=True)]
    return [("customer_since", _("Customer since"), "date"), *own]


def test_words() -> dict[str, str]:
    """Return the tests in words."""
    return {
        "at_least": _("is at least"),
        "at_most": _("is at most"),
        "within_days": _("is within the last … days"),
        "not_within_days": _("is longer ago than … days"),
        "is": _("is"),
        "is_not": _("is not"),
        "filled": _("is known"),
        "empty": _("is not known"),
    }


class RetentionForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for type checkers only
    """How long what is said on a channel is kept."""

    class Meta:
        model = RetentionRule
        fields = ["days"]


def refuse(form: forms.BaseForm, error: HeartlineError) -> None:
    """Put a refusal where it belongs: at its fields, or above the form."""
    placed = {name: text for name, text in error.fields.items() if name in form.fields}
    for name, text in placed.items():
        form.add_error(name, str(text))
    if not placed:
        form.add_error(None, str(error.message))
