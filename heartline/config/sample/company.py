"""Who the sample company is: two brands, two sites, teams, queues, skills, sixteen people, a tree of reasons."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from django.contrib.auth.hashers import make_password

from heartline.common.actors import Actor
from heartline.config.sample.logins import make_password as make_shared_password
from heartline.config.sample.prepared import prepare
from heartline.conversations.models import ContactReason
from heartline.people.models import Brand, Person, Queue, Role, Site, Skill, Team
from heartline.people.setup_actions.brands import add_holiday, save_brand, set_hours
from heartline.people.setup_actions.persons import Abilities, save_person
from heartline.people.setup_actions.settings import note, save_setting, write
from heartline.people.setup_actions.work import save_queue, save_team

BY = Actor.system("sample_company")
BOTH = ("zh-hans", "en")
CHATS = {"webchat": 3, "webform": 4, "callback": 1}
WRITING = {"webchat": 1, "webform": 8, "callback": 3}
EVERY_DAY = range(7)

# key, name, name for customers, role, site, team keys, languages, skills with levels, limits, shift (local hours)
PEOPLE: tuple[tuple[str, str, str, Role, str, str, tuple[str, ...], dict[str, int], dict[str, int], tuple[int, int]], ...] = (
    ("grace", "Grace Okafor", "欧嘉怡", Role.AGENT, "hangzhou", "mandarin english", BOTH, {"installation": 4, "refunds": 3}, CHATS, (8, 18)),
    ("lina", "李娜", "李娜", Role.AGENT, "hangzhou", "mandarin", ("zh-hans",), {"refunds": 4, "appliances": 3}, CHATS, (8, 17)),
    ("zhaomin", "赵敏", "赵敏", Role.AGENT, "hangzhou", "mandarin", ("zh-hans",), {"appliances": 4}, CHATS, (10, 20)),
    ("sunhao", "孙浩", "孙浩", Role.AGENT, "hangzhou", "mandarin", ("zh-hans",), {"installation": 2, "refunds": 2}, CHATS, (12, 22)),
    ("wanglei", "王磊", "王磊", Role.AGENT, "hangzhou", "mandarin messages", ("zh-hans",), {"installation": 3}, CHATS, (13, 22)),
    ("hanwei", "韩伟", "韩伟", Role.AGENT, "hangzhou", "messages mandarin", BOTH, {"appliances": 3}, WRITING, (8, 18)),
    ("sofia", "Sofia Berg", "索菲亚", Role.AGENT, "hangzhou", "messages english", BOTH, {"appliances": 2}, WRITING, (13, 22)),
    ("omar", "Omar Haddad", "", Role.AGENT, "hangzhou", "english messages", ("en",), {"refunds": 3}, CHATS, (8, 18)),
    ("tom", "Tom Reid", "", Role.AGENT, "auckland", "english mandarin loom", BOTH, {"installation": 1}, CHATS, (8, 18)),
    ("aroha", "Aroha Tane", "", Role.AGENT, "auckland", "english loom", ("en",), {"refunds": 2}, CHATS, (12, 22)),
    ("ana", "Ana Duarte", "", Role.AGENT, "auckland", "loom english", ("en",), {}, CHATS, (0, 10)),
    ("ben", "Ben Cole", "", Role.AGENT, "auckland", "loom english", ("en",), {"refunds": 1}, CHATS, (18, 4)),
    ("ruth", "Ruth Adeyemi", "", Role.SUPERVISOR, "hangzhou", "mandarin english messages loom", BOTH, {}, {}, (9, 18)),
    ("hu", "胡师傅", "胡师傅", Role.EXPERT, "hangzhou", "", ("zh-hans",), {"installation": 5}, {}, (8, 17)),
    ("jonas", "Jonas Kirk", "", Role.ANALYST, "hangzhou", "mandarin english messages loom", (), {}, {}, (9, 18)),
    ("mia", "Mia Novak", "", Role.ADMIN, "hangzhou", "", BOTH, {}, {}, (9, 18)),
)  # fmt: skip

QUEUES: tuple[tuple[str, str, str, str, str, bool, dict[str, int]], ...] = (
    ("chat-zh", "Chat, Mandarin", "中文会话", "qinghe", "zh-hans", False, {}),
    ("chat-en", "Chat, English", "英文会话", "qinghe", "en", True, {}),
    ("installation", "Installation", "安装与上门", "qinghe", "", False, {"installation": 2}),
    ("loom", "Loom & Larch", "织木小筑", "loom", "", True, {}),
)
SITES = (
    ("hangzhou", "Hangzhou", "杭州", "Asia/Shanghai"),
    ("auckland", "Auckland", "奥克兰", "Pacific/Auckland"),
)
BRANDS = ("qinghe", "loom")
TEAMS = (
    ("mandarin", "Mandarin chat", "中文会话班组", "hangzhou", "chat-zh installation"),
    ("english", "English chat", "英文会话班组", "hangzhou", "chat-en installation"),
    ("messages", "Messages and callbacks", "留言与回电班组", "hangzhou", "chat-zh chat-en"),
    ("loom", "Loom & Larch", "织木小筑班组", "auckland", "loom"),
)
SKILLS = (
    ("installation", "Installation", "安装"),
    ("refunds", "Refunds", "退款"),
    ("appliances", "Appliances", "家电"),
)
REASONS = (
    ("delivery", "Order and delivery", "订单与配送", (
        ("delivery-status", "Where is it", "物流查询"), ("delivery-late", "Late delivery", "配送延误"),
        ("wrong-item", "Wrong or missing item", "错发漏发"), ("change-details", "Change details", "修改资料"),
        ("cancel-order", "Cancel an order", "取消订单"),
    )),
    ("visits", "Installation and visits", "安装与上门", (
        ("appointment", "Visit or appointment", "预约上门"), ("no-show", "No-show", "师傅未上门"),
    )),
    ("product", "Product", "商品与使用", (
        ("item-damaged", "Damaged or faulty", "商品破损或故障"), ("technical-help", "How to, or not working", "使用帮助"),
        ("product-question", "Product question", "产品咨询"), ("safety", "Danger", "安全"),
    )),
    ("money", "Money", "退款与账单", (
        ("refund-status", "Refund progress", "退款进度"), ("refund-request", "Wants a refund", "要求退款"),
        ("return-exchange", "Return or exchange", "退换货"), ("billing", "Bill or charge", "账单扣费"),
        ("payment-failed", "Payment failed", "支付失败"), ("invoice", "Invoice", "发票"),
        ("promotion", "Offer or coupon", "优惠活动"),
    )),
    ("account", "Account and privacy", "账号与隐私", (
        ("account-access", "Sign-in", "登录与账号"), ("cancel-service", "Leave or close", "退订销户"),
        ("fraud-report", "Fraud", "被骗或盗用"), ("privacy", "Personal information", "个人信息"),
    )),
    ("service", "Service and staff", "服务体验", (
        ("broken-promise", "We did not keep our word", "承诺未兑现"),
        ("hard-to-reach", "Could not reach a person", "联系不上"),
        ("agent-conduct", "Complaint about service", "服务投诉"), ("praise", "Praise", "表扬"),
        ("suggestion", "Suggestion", "建议"),
    )),
    ("other", "Something else", "其他", (("unclear", "Unclear", "不明确"),)),
)  # fmt: skip


@dataclass
class Company:
    """Everything by its key."""

    sites: dict[str, Site] = field(default_factory=dict)
    brands: dict[str, Brand] = field(default_factory=dict)
    skills: dict[str, Skill] = field(default_factory=dict)
    queues: dict[str, Queue] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    reasons: dict[str, ContactReason] = field(default_factory=dict)
    shifts: dict[str, tuple[int, int]] = field(default_factory=dict)


def found(now: datetime) -> Company:
    """Create the sample company; `now` is when it was set up."""
    company = Company()
    with ThreadPoolExecutor(1) as other:  # hashing takes as long as all the rest, and another core
        secret = other.submit(make_password, make_shared_password())
        _sites_and_skills(company, now)
        _brands(company, now)
        _queues_and_teams(company, now)
        _reasons(company, now)
        _people(company, secret.result(), now)
    prepare(company.people["mia"], by=BY, now=now)
    return company


def recall() -> Company:
    """Return the sample company that was founded in a house of its own, where every key was free."""
    reasons = [(key, *(child for child, _en, _zh in children)) for key, _en, _zh, children in REASONS]
    return Company(
        sites={key: Site.objects.get(name_en=en, is_sample=True) for key, en, _zh, _zone in SITES},
        brands=_by_key(Brand, BRANDS),
        skills=_by_key(Skill, [skill[0] for skill in SKILLS]),
        queues=_by_key(Queue, [queue[0] for queue in QUEUES]),
        teams={key: Team.objects.get(name_en=en, is_sample=True) for key, en, *_rest in TEAMS},
        people={one[0]: Person.objects.get(email=_email(one[0]), is_sample=True) for one in PEOPLE},
        reasons=_by_key(ContactReason, [key for group in reasons for key in group]),
        shifts={one[0]: one[-1] for one in PEOPLE},
    )


def _by_key(table: Any, keys: Iterable[str]) -> dict[str, Any]:
    return {key: table.objects.get(key=key, is_sample=True) for key in keys}


def _email(key: str) -> str:
    return f"{key}@qinghe.example"


def _sites_and_skills(company: Company, now: datetime) -> None:
    for key, en, zh, zone in SITES:
        values: dict[str, Any] = {"name_en": en, "name_zh": zh, "time_zone": zone}
        company.sites[key] = save_setting("site", Site(is_sample=True), values, by=BY, now=now)
    for key, en, zh in SKILLS:
        values = {"key": _free(Skill, key), "name_en": en, "name_zh": zh}
        company.skills[key] = save_setting("skill", Skill(is_sample=True), values, by=BY, now=now)


def _brands(company: Company, now: datetime) -> None:
    first = not Brand.objects.exists()
    qinghe = {
        "key": _free(Brand, "qinghe"),
        "name_en": "Qinghe Home",
        "name_zh": "清禾家居",
        "site": company.sites["hangzhou"],
        "phone": "400-555-0142",
        "languages": list(BOTH),
        "default_language": "zh-hans",
        "greeting_en": "Hello, this is Qinghe Home. What can we put right for you?",
        "greeting_zh": "您好，这里是清禾家居，您想办什么事？",
        "message_reply_hours": 2,
        "allowed_origins": ["https://www.qinghe.example"],
        "is_default": first,
    }
    loom = {
        "key": _free(Brand, "loom"),
        "name_en": "Loom & Larch",
        "name_zh": "织木小筑",
        "site": company.sites["auckland"],
        "phone": "+64 9 555 0127",
        "languages": ["en", "zh-hans"],
        "default_language": "en",
        "accent": "#1f5f54",
        "accent_dark": "#8fd0c1",
        "greeting_en": "Kia ora, Loom & Larch here. How can we help?",
        "greeting_zh": "您好，这里是织木小筑，有什么可以帮您？",
        "message_reply_hours": 4,
    }
    for key, values in zip(BRANDS, (qinghe, loom), strict=True):
        company.brands[key] = save_brand(Brand(is_sample=True), values, by=BY, now=now)
    set_hours(company.brands["qinghe"], [(day, time(8), time(22)) for day in EVERY_DAY], by=BY, now=now)
    set_hours(company.brands["loom"], [(day, time(0), time(0)) for day in EVERY_DAY], by=BY, now=now)
    _spring_festival(company.brands["qinghe"], now)


def open_round_the_clock(company: Company, now: datetime) -> None:
    """Keep the doors open from now on: whoever tries the sample company at night meets an open house."""
    set_hours(company.brands["qinghe"], [(day, time(0), time(0)) for day in EVERY_DAY], by=BY, now=now)


def _spring_festival(brand: Brand, now: datetime) -> None:
    """The coming new year's first day is closed, as everywhere in China."""
    first = now.date().replace(year=now.year + 1, month=1, day=1)
    add_holiday(brand, first, first, name_en="New Year’s Day", name_zh="元旦", works_like_weekday=None, by=BY, now=now)


def _queues_and_teams(company: Company, now: datetime) -> None:
    for key, en, zh, brand, language, is_default, levels in QUEUES:
        values: dict[str, Any] = {
            "key": _free(Queue, key),
            "name_en": en,
            "name_zh": zh,
            "brand": company.brands[brand],
            "language": language,
            "is_default": is_default,
            "short_abandon_seconds": 10,
        }
        wanted = {company.skills[skill].pk: level for skill, level in levels.items()}
        company.queues[key] = save_queue(Queue(is_sample=True), values, levels=wanted, by=BY, now=now)
    for key, en, zh, site, queues in TEAMS:
        values = {"name_en": en, "name_zh": zh, "site": company.sites[site]}
        serving = [company.queues[queue] for queue in queues.split()]
        company.teams[key] = save_team(Team(is_sample=True), values, queues=serving, by=BY, now=now)


def _people(company: Company, secret: str, now: datetime) -> None:
    """Everybody has the same password, hashed once: sixteen times would be felt at the first start."""
    for key, name, public, role, site, teams, languages, skills, limits, shift in PEOPLE:
        values = {
            "name": name,
            "public_name": public,
            "email": _email(key),
            "role": role,
            "site": company.sites[site],
            "language": "zh-hans" if languages == ("zh-hans",) or key == "hanwei" else "en",
        }
        abilities = Abilities(
            teams=[company.teams[team] for team in teams.split()],
            levels={company.skills[skill].pk: level for skill, level in skills.items()},
            languages=languages,
            limits=limits,
        )
        person = save_person(Person(is_sample=True), values, abilities, by=BY, now=now)
        Person.objects.filter(pk=person.pk).update(password=secret, joined_at=now)
        person.password = secret
        company.people[key], company.shifts[key] = person, shift


def _reasons(company: Company, now: datetime) -> None:
    for place, (key, en, zh, children) in enumerate(REASONS, 1):
        group = _reason(company, key, en, zh, place, None, now)
        for child_place, (child, child_en, child_zh) in enumerate(children, 1):
            _reason(company, child, child_en, child_zh, child_place, group, now)


def _reason(
    company: Company, key: str, en: str, zh: str, order: int, parent: ContactReason | None, now: datetime
) -> ContactReason:
    """Return a reason of the tree; one that the organisation has already is used as it is."""
    standing = ContactReason.objects.filter(key=key, is_active=True).first()
    if standing is None:
        standing = ContactReason(is_sample=True)
        values = {"key": _free(ContactReason, key), "name_en": en, "name_zh": zh, "order": order, "parent": parent}
        note("reason", standing, write(standing, values), by=BY, now=now)
    company.reasons[key] = standing
    return standing


def _free(table: Any, key: str) -> str:
    """Return a key that nothing else in a table has."""
    taken = set(table.objects.filter(key__startswith=key).values_list("key", flat=True))
    return next(free for free in [key, *(f"{key}-sample{n}" for n in ("", *range(2, 99)))] if free not in taken)
