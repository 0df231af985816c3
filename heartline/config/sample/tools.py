"""What the sample company works with: kinds of cases, macros, a view of the inbox, an alert."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from heartline.common.actors import Actor
from heartline.config.sample.company import BY, Company
from heartline.config.sample.stage import Stage
from heartline.config.sample.words import Work
from heartline.conversations.actions.tags import change_tags
from heartline.conversations.case_types.actions import save_field, save_type, set_case_fields
from heartline.conversations.macros.actions import save_macro
from heartline.conversations.models import Case, CaseField, CaseType, Macro
from heartline.people.queries import scope_of
from heartline.service.alerts.actions import save_rule
from heartline.service.alerts.models import Kind, Rule
from heartline.service.inbox.views import save_view
from heartline.service.models import InboxView

APPLIANCES = (
    ("Fridge", "冰箱"),
    ("Washing machine", "洗衣机"),
    ("Water heater", "热水器"),
    ("Water filter", "净水器"),
    ("Dishwasher", "洗碗机"),
    ("Air conditioner", "空调"),
)
TIMES = (("Morning", "上午"), ("Afternoon", "下午"), ("Evening", "晚上"))
WAYS = (("Original payment", "原路退回"), ("Voucher", "代金券"))
# English, Chinese, fields: English, Chinese, kind, choices, whether wrap-up asks for it
TYPES: tuple[tuple[str, str, tuple[tuple[str, str, str, tuple[tuple[str, str], ...], bool], ...]], ...] = (
    ("Home visit", "上门服务", (
        ("Appliance", "电器", "choice", APPLIANCES, False),
        ("Day of the visit", "上门日期", "date", (), True),
        ("Part of the day", "时段", "choice", TIMES, False),
        ("Old one taken away", "旧机带走", "yes_no", (), False),
    )),
    ("Refund", "退款", (
        ("Order number", "订单号", "text", (), False),
        ("Amount", "金额", "number", (), True),
        ("Paid back by", "退回方式", "choice", WAYS, False),
    )),
)  # fmt: skip


def write_down(company: Company, now: datetime) -> None:
    """Set up what the company's people work with, as its administrator did."""
    for en, zh, fields in TYPES:
        _case_type(en, zh, fields, now)
    scope = scope_of(company.people["mia"])
    for name, steps in _macros(company):
        save_macro(scope, Macro(is_sample=True), {"name": name, "steps": steps}, by=BY, now=now)
    view = {"name": "金卡客户 · Gold", "filters": {"tier": "big"}, "team": company.teams["mandarin"], "person": None}
    save_view(scope, InboxView(is_sample=True), view, by=BY, now=now)
    waits = {"name": "等了太久 · Waits too long", "kind": Kind.LONGEST_WAIT, "threshold": 300}
    save_rule(scope, Rule(), {**waits, "queue": company.queues["chat-zh"], "team": None}, by=BY, now=now)


def note_work(stage: Stage, case: Case, work: Work, *, by: Actor, now: datetime) -> None:
    """Note on a case what whoever served it noted: what kind it is, what is asked of that kind, tags."""
    if work.kind:
        case_type = CaseType.objects.get(key=work.kind, is_sample=True)
        typed = {name: _said(stage, text) for name, text in work.fields.items()}
        set_case_fields(case, case_type, typed, by=by, now=now)
    if work.tags:
        change_tags(case, add=work.tags, by=by, now=now)


def _said(stage: Stage, text: str) -> str:
    """Return a value; `+3` is the day three days from the present, as the sample company's clock shows it."""
    if not text.startswith("+"):
        return text
    return (stage.end.astimezone(ZoneInfo("Asia/Shanghai")) + timedelta(days=int(text))).date().isoformat()


def _case_type(en: str, zh: str, fields: tuple[Any, ...], now: datetime) -> None:
    case_type = save_type(CaseType(is_sample=True), {"name_en": en, "name_zh": zh}, by=BY, now=now)
    for name, chinese, kind, choices, is_needed in fields:
        values = {
            "name_en": name,
            "name_zh": chinese,
            "kind": kind,
            "choices": [{"en": english, "zh": han} for english, han in choices],
            "is_needed": is_needed,
        }
        save_field(CaseField(type=case_type, is_sample=True), values, by=BY, now=now)


def _macros(company: Company) -> list[tuple[str, list[dict[str, Any]]]]:
    """What is done again and again; words to customers are quick replies, which know both languages."""
    back_office = f"team:{company.teams['messages'].pk}"
    expert = f"person:{company.people['hu'].pk}"
    return [
        (
            "师傅失约 · Missed visit",
            [
                {"do": "tag", "add": ["师傅失约"], "remove": []},
                {"do": "note", "text": "师傅失约：先道歉，当天定下新时间，误工按规定补偿。"},
                {"do": "task", "who": expert, "what": "核实失约原因，今天定下补装时间"},
                {"do": "owner", "owner": "me"},
            ],
        ),
        (
            "退款转后台 · Refund to the back office",
            [
                {"do": "tag", "add": ["退款"], "remove": []},
                {"do": "task", "who": back_office, "what": "办理退款，到账后告诉客户"},
                {"do": "state", "state": "waiting_internal"},
            ],
        ),
        (
            "等客户照片 · Waiting for a photo",
            [
                {"do": "tag", "add": ["等照片"], "remove": []},
                {"do": "state", "state": "waiting_customer"},
                {"do": "snooze", "until": "tomorrow"},
            ],
        ),
    ]
