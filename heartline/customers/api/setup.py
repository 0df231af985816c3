"""What is asked about customers, the rules of their tiers, and how long things are kept, for programs."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.forms import model_to_dict
from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import BaseModel, Field

from heartline.common import clock
from heartline.common.errors import NotFound
from heartline.common.filled import checked
from heartline.common.rows import row_of
from heartline.common.schemas import Asked, Done, Id, Moved, Sent
from heartline.customers.actions import attributes as of_attributes
from heartline.customers.actions import tiers as of_tiers
from heartline.customers.actions.keeping import set_retention, would_go
from heartline.customers.forms import AttributeForm, RuleForm, whats
from heartline.customers.models import Attribute, RetentionRule, TierRule
from heartline.customers.models.keeping import KEPT
from heartline.people.actions import actor_for
from heartline.people.requests import StaffRequest

router = Router(tags=["Set-up"])

Name = Annotated[str, Field(min_length=1, max_length=120)]
NameToo = Annotated[str, Field(max_length=120)]
Choices = Annotated[list[Annotated[str, Field(min_length=1, max_length=80)]], Field(max_length=100)]
Days = Annotated[int, Field(ge=30, le=36_500)]
KeptOf = Annotated[str, Field(max_length=20)]


class AttributeSent(Sent):
    """Something to know of customers. Personal ones are hidden from analysts, and go when a customer is erased."""

    name_en: Name
    name_zh: NameToo = ""
    kind: Literal["text", "number", "date", "choice", "yes_no"] = "text"
    choices: Choices = []
    is_personal: bool = True
    is_active: bool = True


class AttributeChanges(AttributeSent):
    """What to change of an attribute; what is left out stays."""

    name_en: Name = "-"


class AttributeShown(BaseModel):
    """Something to know of customers; values stand under `key`."""

    id: int
    key: str
    name_en: str
    name_zh: str
    kind: str
    choices: list[str]
    is_personal: bool
    is_active: bool


class AttributesShown(BaseModel):
    """All attributes, in their order."""

    items: list[AttributeShown]


class ConditionSent(Sent):
    """One condition: `customer_since` or `attribute:<key>`, a test that fits its kind, and what it is compared with."""

    what: Annotated[str, Field(min_length=1, max_length=60)]
    test: Literal["at_least", "at_most", "within_days", "not_within_days", "is", "is_not", "filled", "empty"]
    value: Annotated[str, Field(max_length=80)] = ""


class TierRuleSent(Sent):
    """Which customers belong to a tier: all conditions must hold. Without any, everybody who comes to this rule does."""

    tier: Literal["top", "big", "medium", "small", "inactive", "prospect"]
    conditions: Annotated[list[ConditionSent], Field(max_length=RuleForm.LINES)]


class TierRuleShown(BaseModel):
    """A rule of tiers."""

    id: int
    tier: str
    conditions: list[ConditionSent]


class TierRulesShown(BaseModel):
    """The rules in the order they are asked: the first that fits decides."""

    items: list[TierRuleShown]


class KeptShown(BaseModel):
    """For how many days the words of ended contacts of a channel are kept; null: for ever."""

    channel: str
    days: int | None


class RetentionShown(BaseModel):
    """How long things are kept, by channel."""

    items: list[KeptShown]


class RetentionSent(Sent):
    """For how many days; null keeps everything."""

    days: Days | None


class PreviewAsked(Asked):
    """For how many days."""

    days: Days


class WouldGo(BaseModel):
    """From how many contacts words would go by now."""

    contacts: int


@router.get("/setup/attributes", response=AttributesShown)
def list_attributes(request: StaffRequest) -> AttributesShown:
    """Return what is asked about customers."""
    return AttributesShown(items=[_attribute(row) for row in Attribute.objects.all()])


@router.post("/setup/attributes", response={201: AttributeShown})
def add_attribute(request: StaffRequest, sent: AttributeSent) -> AttributeShown:
    """Add something to know of customers; its key is made from its English name and stays."""
    return _save_attribute(request, Attribute(), sent.model_dump())


@router.patch("/setup/attributes/{attribute_id}", response=AttributeShown)
def change_attribute(request: StaffRequest, attribute_id: Id, sent: AttributeChanges) -> AttributeShown:
    """Change an attribute."""
    row = row_of(Attribute, attribute_id)
    standing = model_to_dict(row, AttributeForm.Meta.fields) | {"choices": row.choices}
    return _save_attribute(request, row, standing | sent.model_dump(exclude_unset=True))


@router.delete("/setup/attributes/{attribute_id}", response=Done)
def remove_attribute(request: StaffRequest, attribute_id: Id) -> Done:
    """Remove an attribute of which nothing is known of anybody."""
    of_attributes.remove_attribute(row_of(Attribute, attribute_id), by=actor_for(request.user), now=clock.now())
    return Done()


@router.get("/setup/tier-rules", response=TierRulesShown)
def list_tier_rules(request: StaffRequest) -> TierRulesShown:
    """Return the rules of tiers in the order they are asked."""
    return TierRulesShown(items=[_rule(row) for row in TierRule.objects.all()])


@router.post("/setup/tier-rules", response={201: TierRuleShown})
def add_tier_rule(request: StaffRequest, sent: TierRuleSent) -> TierRuleShown:
    """Add a rule, asked last; customers are asked about again in the next minutes."""
    return _save_rule(request, TierRule(), sent)


@router.put("/setup/tier-rules/{rule_id}", response=TierRuleShown)
def change_tier_rule(request: StaffRequest, rule_id: Id, sent: TierRuleSent) -> TierRuleShown:
    """Put another rule in the place of one."""
    return _save_rule(request, row_of(TierRule, rule_id), sent)


@router.post("/setup/tier-rules/{rule_id}/move", response=TierRulesShown)
def move_tier_rule(request: StaffRequest, rule_id: Id, sent: Moved) -> TierRulesShown:
    """Ask a rule earlier or later."""
    row, by = row_of(TierRule, rule_id), actor_for(request.user)
    of_tiers.move_rule(row, up=sent.to == "up", by=by, now=clock.now())
    return list_tier_rules(request)


@router.delete("/setup/tier-rules/{rule_id}", response=Done)
def remove_tier_rule(request: StaffRequest, rule_id: Id) -> Done:
    """Remove a rule."""
    of_tiers.remove_rule(row_of(TierRule, rule_id), by=actor_for(request.user), now=clock.now())
    return Done()


@router.get("/setup/retention", response=RetentionShown)
def list_retention(request: StaffRequest) -> RetentionShown:
    """Return how long the words of each channel are kept."""
    held = dict(RetentionRule.objects.values_list("channel", "days"))
    return RetentionShown(items=[KeptShown(channel=key, days=held.get(key)) for key, _word in KEPT])


@router.put("/setup/retention/{channel}", response=RetentionShown)
def change_retention(request: StaffRequest, channel: KeptOf, sent: RetentionSent) -> RetentionShown:
    """Set how long the words of a channel are kept; older ones go for good in the next hours."""
    set_retention(_channel(channel), sent.days, by=actor_for(request.user), now=clock.now())
    return list_retention(request)


@router.get("/setup/retention/{channel}/preview", response=WouldGo)
def preview_retention(request: StaffRequest, channel: KeptOf, asked: Query[PreviewAsked]) -> WouldGo:
    """Return from how many contacts words would go; nothing is changed."""
    return WouldGo(contacts=would_go(_channel(channel), asked.days, now=clock.now()))


def _channel(channel: str) -> str:
    if channel not in dict(KEPT):
        raise NotFound(_("There is no such channel"))
    return channel


def _save_attribute(request: StaffRequest, row: Attribute, given: dict[str, Any]) -> AttributeShown:
    listed = "\n".join(" ".join(choice.split()) for choice in given.pop("choices"))
    form = AttributeForm(given | {"listed": listed}, instance=row_of(Attribute, row.pk) if row.pk else None)
    checked(form, {"listed": "choices"})
    return _attribute(of_attributes.save_attribute(row, form.values(), by=actor_for(request.user), now=clock.now()))


def _save_rule(request: StaffRequest, row: TierRule, sent: TierRuleSent) -> TierRuleShown:
    """Save a rule as its page would, each condition a line of the form."""
    typed: dict[str, str] = {"tier": sent.tier}
    called: dict[str, str] = {}
    for line, one in enumerate(sent.conditions):
        for name, value in one.model_dump().items():
            typed[f"{name}_{line}"], called[f"{name}_{line}"] = value, f"conditions.{line}.{name}"
    kept = checked(RuleForm(typed, whats(), {}), called)["conditions"]
    return _rule(of_tiers.save_rule(row, sent.tier, kept, by=actor_for(request.user), now=clock.now()))


def _attribute(row: Attribute) -> AttributeShown:
    return AttributeShown(**{name: getattr(row, name) for name in AttributeShown.model_fields})


def _rule(row: TierRule) -> TierRuleShown:
    return TierRuleShown(id=row.pk, tier=row.tier, conditions=[ConditionSent(**one) for one in row.conditions])
