"""Chen Yutong's fridge: two missed installations, a hand-over, and what is owed to her now."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from heartline.common.actors import Actor
from heartline.config.sample.stage import Part, Stage, Story
from heartline.config.sample.stories import newcomer, speak
from heartline.config.sample.tools import note_work
from heartline.config.sample.words import Work
from heartline.conversations.actions.back_office import open_task, watch_case
from heartline.conversations.actions.cases import Wrapping, finish_contact, note_tried
from heartline.conversations.actions.contacts import ContactRequest, end_contact, open_contact
from heartline.conversations.actions.messages import mark_seen
from heartline.conversations.models import Case, Contact
from heartline.customers.actions import add_identity, change_customer
from heartline.customers.models import Customer
from heartline.customers.outside.actions import Told, tell_event
from heartline.promises.actions import finish_follow_up, open_follow_up
from heartline.promises.models import FollowUp
from heartline.routing.actions import take_contact, transfer_contact
from heartline.voice_of_customer.actions import invite, respond

ZONE = ZoneInfo("Asia/Shanghai")
WEEKDAYS = "一二三四五六日"


def fridge(stage: Stage, today: datetime) -> Story:
    """Tell the story so that its last chat ended a few minutes before `today`."""
    ordered, first_miss = today - timedelta(days=17), today - timedelta(days=9)
    yield ordered
    customer = _yutong(stage, now=ordered)
    _tell(customer, "订单", "下单：冰箱 BX-420", "含送货、安装", "5180", now=ordered)
    delivered = ordered + timedelta(days=3)
    yield delivered
    _tell(customer, "送货", "已送达：冰箱 BX-420", "放在厨房门口，未拆箱，等安装", now=delivered)
    first = first_miss.replace(minute=40)
    yield first
    contact = yield from _first_chat(stage, customer, first, today)
    missed = today - timedelta(hours=23)
    yield missed
    _tell(customer, "上门", "上门未完成：7 号站", "车辆故障，未联系客户", now=missed)
    yield today - timedelta(minutes=27)
    yield from _second_chat(stage, contact.case, today)


def _tell(customer: Customer, what: str, title: str, text: str, amount: str = "", *, now: datetime) -> None:
    """Put what the shop's own system knows on her timeline."""
    told = Told(
        source="清禾商城",
        key=f"QH-20811-{what}-{customer.pk}",
        what=what,
        title=title,
        text=text,
        amount=Decimal(amount) if amount else None,
        currency="CNY" if amount else "",
        happened_at=now,
    )
    tell_event(customer, told, by=Actor.system("shop"), now=now)


def _yutong(stage: Stage, *, now: datetime) -> Customer:
    customer = newcomer(stage, "陈雨桐", "zh-hans", "qinghe", now=now)
    by = Actor.system("shop")
    known = {
        "form_of_address": "陈女士",
        "tier": "big",
        "place": "杭州",
        "customer_since": now.date().replace(year=2019, day=1),
        "about": "冰箱 BX-420，¥5,180",
    }
    change_customer(customer, known, by=by, now=now)
    add_identity(customer, "phone", "16000000142", verified=False, by=by, now=now)
    add_identity(customer, "email", "yutong.chen@example.com", verified=False, by=by, now=now)
    return customer


def _ask(stage: Stage, customer: Customer, text: str, want: str, case: Case | None, *, now: datetime) -> Contact:
    request = ContactRequest(
        customer=customer,
        queue=stage.company.queues["chat-zh"],
        channel="webchat",
        language="zh-hans",
        text=text,
        want=want,
        case=case,
        came_from="https://www.qinghe.example/track",
        client_key=stage.key(),
        told_wait=(1, 3),
        needs={"language": "zh-hans", "skills": {}},
    )
    return open_contact(request, by=Actor.customer(customer.id, customer.name), now=now)


def _first_chat(stage: Stage, customer: Customer, now: datetime, today: datetime) -> Part[Contact]:
    visit = _day(today - timedelta(days=1))
    contact = _ask(
        stage, customer, "今天约好上午装冰箱，等到现在没人来，也没人打电话", "冰箱没有按时安装", None, now=now
    )
    yield from _take(stage, contact, "lina", now + timedelta(seconds=38))
    for minutes, speaker, text in (
        (1, "a", "陈女士，让您白等了，对不起。我查到安装站漏派了单"),
        (3, "a", f"给您改约 {visit} 上午，由 7 号站上门，前一天会先打电话"),
        (4, "c", "好吧，这次别再忘了"),
    ):
        at = now + timedelta(minutes=minutes)
        yield at
        speak(stage, contact, "lina", speaker, text, now=at)
    at = now + timedelta(minutes=6)
    yield at
    _end(stage, contact, "lina", now=at)
    asked = invite(contact, by=stage.by("lina"), now=at)
    wrapping = Wrapping(
        reason=stage.company.reasons["no-show"],
        resolution="solved",
        root_cause="process",
        told_to_expect="今天上午上门安装",
        what_happened="没有人来，也没有通知",
    )
    yield at + timedelta(seconds=50)
    finish_contact(contact, wrapping, by=stage.by("lina"), now=at + timedelta(seconds=50))
    yield at + timedelta(hours=9)
    by = Actor.customer(customer.id, customer.name)
    if asked:
        respond(asked[0], 2, "等了一整天没人来", came_by="chat", by=by, now=at + timedelta(hours=9))
    yield at + timedelta(hours=22)
    owed = FollowUp.objects.select_related("case").get(case=contact.case, kind="low_score")
    finish_follow_up(owed, f"致电致歉。{visit} 上午补装，由我跟进", by=stage.by("ruth"), now=at + timedelta(hours=22))
    return contact


def _second_chat(stage: Stage, case: Case, today: datetime) -> Story:
    case.refresh_from_db()
    now = today - timedelta(minutes=27)
    saturday = _next_saturday(today)
    text = (
        "师傅昨天又没来，我请了半天假在家等，这已经是第二次了。"
        "我不想再重新预约，只想知道到底哪天能装好。另外，180元安装费请退给我。"
    )
    contact = _ask(stage, case.customer, text, "定下安装日期，退 180 元安装费", case, now=now)
    by = Actor.customer(case.customer_id, case.customer.name)
    note_tried(case, "step", "rebook-online", "网上改约", outcome="名额没保住", by=by, now=now)
    note_tried(case, "step", "rebook-online", "网上改约", by=by, now=now)
    note_tried(case, "article", "track-installation", "查看安装进度", outcome="没有帮助", by=by, now=now)
    yield from _take(stage, contact, "tom", now + timedelta(seconds=52))
    yield from _say(
        stage,
        contact,
        "tom",
        now,
        5,
        "a",
        "陈女士，非常抱歉让您白等了两次。我现在就和安装站核实，今天给您准确的上门时间。",
    )
    yield now + timedelta(minutes=8)
    note_tried(
        case,
        "step",
        "station-7",
        "电话联系 7 号站",
        outcome="没人接",
        by=stage.by("tom"),
        now=now + timedelta(minutes=8),
    )
    yield from _say(
        stage, contact, "tom", now, 10, "n",
        f"Station 7: the van broke down. Mr Hu can do {saturday:%a %d %b}, 09:00–11:00 if we confirm before 14:00. "
        "My limit is ¥100; Grace’s covers the fee.",
    )  # fmt: skip
    yield now + timedelta(minutes=12)
    contact.refresh_from_db()
    transfer_contact(
        contact,
        to_queue=stage.company.queues["installation"],
        to_person=stage.person("grace"),
        wants="定下安装日期，退 180 元安装费",
        tried="网上改约（名额没保住）、7 号站、进度页面",
        promised="今天告诉她准确的上门时间",
        do_not_ask="地址、订单号、照片",
        by=stage.by("tom"),
        now=now + timedelta(minutes=12),
    )
    yield from _take(stage, contact, "grace", now + timedelta(minutes=13))
    yield from _say(stage, contact, "grace", now, 15, "c", "好的，那我等您消息。退款也麻烦一起处理，谢谢。")
    reply = (
        f"陈女士，已为您约好{_day(saturday)}上午9:00–11:00，由胡师傅上门安装。180元安装费今天退回原支付账户，"
        "最晚下周二到账。装好那天12:00前我会打电话和您确认。"
    )
    yield from _say(stage, contact, "grace", now, 19, "a", reply)
    yield from _say(stage, contact, "grace", now, 21, "c", "谢谢，那就等周六")
    yield from _close(stage, contact, saturday, now + timedelta(minutes=22))


def _take(stage: Stage, contact: Contact, who: str, now: datetime) -> Story:
    yield now
    contact.refresh_from_db()
    take_contact(contact, stage.person(who), by=stage.by(who), now=now)


def _say(stage: Stage, contact: Contact, who: str, start: datetime, minutes: int, speaker: str, text: str) -> Story:
    now = start + timedelta(minutes=minutes)
    yield now
    contact.refresh_from_db()
    speak(stage, contact, who, speaker, text, now=now)


def _close(stage: Stage, contact: Contact, saturday: datetime, now: datetime) -> Story:
    """End the chat with the promise noted: the thank-you closes nothing."""
    yield now
    contact.refresh_from_db()
    _end(stage, contact, "grace", now=now)
    wrapping = Wrapping(
        reason=stage.company.reasons["no-show"],
        resolution="promised",
        root_cause="process",
        told_to_expect="昨天上午补装",
        what_happened="师傅第二次失约",
        note="周六装好后退款单一并关闭",
    )
    now = now + timedelta(seconds=55)
    yield now
    finish_contact(contact, wrapping, by=stage.by("grace"), now=now)
    _settle(stage, contact.case, saturday, now)
    open_follow_up(
        contact.case,
        "callback",
        contact=contact,
        owner=stage.person("grace"),
        what="12:00 前打电话确认冰箱装好",
        due_at=saturday.astimezone(ZONE).replace(hour=12, minute=0, second=0, microsecond=0),
        phone="+8616000000142",
        by=stage.by("grace"),
        now=now,
    )


def _settle(stage: Stage, case: Case, saturday: datetime, now: datetime) -> None:
    """Note the visit on the case, and ask the back office for what has to happen before it."""
    visit = {
        "appliance": "Fridge",
        "day-of-the-visit": saturday.date().isoformat(),
        "part-of-the-day": "Morning",
    }
    by = stage.by("grace")
    note_work(stage, case, Work(kind="home-visit", fields=visit, tags=("师傅失约", "二次上门")), by=by, now=now)
    ready_by = (saturday - timedelta(days=1)).replace(hour=17, minute=0, second=0, microsecond=0)
    due = ready_by if ready_by > now else saturday.replace(hour=8, minute=0, second=0, microsecond=0)
    van, refund = "核实 7 号站的车修好了，没修好就派 3 号站", "180 元安装费原路退回，附到账截图"
    open_task(case, van, owner=stage.person("hu"), team=None, due_at=due, by=by, now=now)
    open_task(case, refund, owner=None, team=stage.company.teams["messages"], due_at=due, by=by, now=now)
    watch_case(case, stage.person("ruth"), watching=True, by=stage.by("ruth"), now=now)


def _end(stage: Stage, contact: Contact, who: str, *, now: datetime) -> None:
    last = contact.messages.order_by("-id").values_list("id", flat=True)[0]
    by = Actor.customer(contact.customer_id, contact.customer.name)
    mark_seen(contact, last, seen="read", side="customer", by=by, now=now)
    end_contact(contact, ended_by="person", by=stage.by(who), now=now)


def _day(moment: datetime) -> str:
    local = moment.astimezone(ZONE)
    return f"{local.month}月{local.day}日（周{WEEKDAYS[local.weekday()]}）"


def _next_saturday(moment: datetime) -> datetime:
    local = moment.astimezone(ZONE)
    return local + timedelta(days=(5 - local.weekday()) % 7 or 7)
