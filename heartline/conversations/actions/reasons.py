"""Changes to the tree of contact reasons: two levels, because deep trees are filled in wrong."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from heartline.common.actors import Actor
from heartline.common.errors import Conflict, Invalid
from heartline.conversations.models import ContactReason
from heartline.ledger.actions import one_change
from heartline.people.setup_actions.settings import note, remove_setting, write

# What nearly every organisation is asked; a new installation starts with it and makes it its own.
USUAL = (
    ("Before buying", "售前咨询", (("Product question", "产品咨询"), ("Offer or coupon", "优惠活动"))),
    (
        "Order and delivery",
        "订单与配送",
        (
            ("Where is it", "物流查询"),
            ("Late delivery", "配送延误"),
            ("Wrong or missing item", "错发漏发"),
            ("Change or cancel an order", "修改或取消订单"),
        ),
    ),
    (
        "Something does not work",
        "故障与使用",
        (("Damaged or faulty", "商品破损或故障"), ("How to use it", "使用帮助"), ("Visit or appointment", "预约上门")),
    ),
    ("Money", "退款与账单", (("Refund", "退款"), ("Bill or charge", "账单扣费"), ("Invoice", "发票"))),
    (
        "Service and staff",
        "服务体验",
        (
            ("Complaint about service", "服务投诉"),
            ("We did not keep our word", "承诺未兑现"),
            ("Praise or suggestion", "表扬与建议"),
        ),
    ),
    ("Something else", "其他", (("Unclear", "不明确"),)),
)


def save_reason(reason: ContactReason, values: Mapping[str, Any], *, by: Actor, now: datetime) -> ContactReason:
    """Add or change a contact reason; a new one goes to the end of its group and keeps its key for ever."""
    parent = values.get("parent", reason.parent)
    if parent and (parent.parent_id or parent.pk == reason.pk or (reason.pk and reason.children.exists())):
        message = _("Reasons have two levels: a group, and what is in it")
        raise Invalid(message, fields={"parent": message})
    with one_change():
        if reason.pk is None:
            last = ContactReason.objects.filter(parent=parent).aggregate(last=Max("order"))["last"]
            values = {**values, "key": free_key(str(values["name_en"])), "order": (last or 0) + 1}
        note("reason", reason, write(reason, values), by=by, now=now)
    return reason


def move_reason(reason: ContactReason, *, up: bool, by: Actor, now: datetime) -> None:
    """Move a reason one place up or down among its own; at the end nothing happens."""
    with one_change():
        siblings = list(ContactReason.objects.filter(parent=reason.parent).order_by("order", "id"))
        place = siblings.index(reason)
        other = place - 1 if up else place + 1
        if not 0 <= other < len(siblings):
            return
        siblings[place], siblings[other] = siblings[other], siblings[place]
        for order, sibling in enumerate(siblings, 1):
            ContactReason.objects.filter(pk=sibling.pk).update(order=order)
        note("reason", reason, ("order",), by=by, now=now)


def remove_reason(reason: ContactReason, *, by: Actor, now: datetime) -> None:
    """Remove a reason that was never chosen; others can only be taken out of use."""
    if reason.wrap_ups.exists():
        raise Conflict(_("%(name)s was chosen before, so it stays. Take it out of use instead") % {"name": reason.name})
    remove_setting("reason", reason, by=by, now=now)


def plant_usual(*, by: Actor, now: datetime) -> int:
    """Start the tree with the reasons nearly everybody has; a tree that is there is left alone."""
    with one_change():
        if ContactReason.objects.exists():
            return 0
        for name_en, name_zh, children in USUAL:
            group = save_reason(ContactReason(), {"name_en": name_en, "name_zh": name_zh}, by=by, now=now)
            for child_en, child_zh in children:
                values = {"name_en": child_en, "name_zh": child_zh, "parent": group}
                save_reason(ContactReason(), values, by=by, now=now)
    return ContactReason.objects.count()


def free_key(name: str) -> str:
    """Return a key made from an English name that no other reason has."""
    wanted = slugify(name)[:50].strip("-") or "reason"
    taken = set(ContactReason.objects.filter(key__startswith=wanted).values_list("key", flat=True))
    return next(key for key in [wanted, *(f"{wanted}-{number}" for number in range(2, 10_000))] if key not in taken)
