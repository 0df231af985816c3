"""The cast: one company and its people and customers, made the same way for every test that needs them.

清禾家居 Qinghe Home, two queues (English and Chinese chat), two teams, one person of each role, an outsider team.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import cache

from django.conf import settings
from django.contrib.auth.hashers import make_password

from heartline.common.actors import Actor
from heartline.conversations.actions.contacts import ContactRequest, open_contact
from heartline.conversations.models import Contact, ContactReason
from heartline.customers.actions import create_customer
from heartline.people.models import (
    Brand,
    Capacity,
    OpeningHours,
    Person,
    PersonLanguage,
    PersonSkill,
    Presence,
    Queue,
    Role,
    Site,
    Skill,
    Team,
)

NOON = datetime(2026, 11, 26, 3, 38, tzinfo=UTC)  # Thursday 26 November 2026, 11:38 in Hangzhou
PASSWORD = "plum-blossom-26"
SPOKEN = {
    "grace": ("en", "zh-hans"),
    "tom": ("en",),
    "lina": ("zh-hans",),
    "expert": ("zh-hans",),
    "supervisor": ("en", "zh-hans"),
    "outsider": ("en", "zh-hans"),
}


@dataclass
class Cast:
    """Everybody and everything by name."""

    site: Site
    brand: Brand
    chat_zh: Queue
    chat_en: Queue
    other_queue: Queue
    team: Team
    other_team: Team
    installation: Skill
    grace: Person  # agent, English and Chinese
    tom: Person  # agent, English only
    lina: Person  # agent, Chinese only
    expert: Person
    supervisor: Person
    analyst: Person
    admin: Person
    outsider: Person  # agent of another team
    reason: ContactReason


def assemble(now: datetime = NOON) -> Cast:
    """Create the cast in the current database."""
    site = Site.objects.create(name_en="Hangzhou", name_zh="杭州", time_zone="Asia/Shanghai")
    brand = _brand(site)
    chat_zh, chat_en, other = (_queue(brand, key) for key in ("chat-zh", "chat-en", "other"))
    team = Team.objects.create(name_en="Front line", name_zh="一线班组", site=site)
    team.queues.set([chat_zh, chat_en])
    other_team = Team.objects.create(name_en="Elsewhere", name_zh="别处", site=site)
    other_team.queues.set([other])
    installation = Skill.objects.create(key="installation", name_en="Installation", name_zh="安装")
    reason = _reasons()
    people = {
        "grace": _person("grace", "Grace Okafor", Role.AGENT, site, public="欧嘉怡"),
        "tom": _person("tom", "Tom Reid", Role.AGENT, site),
        "lina": _person("lina", "李娜", Role.AGENT, site, language="zh-hans"),
        "expert": _person("expert", "胡师傅", Role.EXPERT, site, language="zh-hans"),
        "supervisor": _person("supervisor", "Ruth Adeyemi", Role.SUPERVISOR, site),
        "analyst": _person("analyst", "Jonas Kirk", Role.ANALYST, site),
        "admin": _person("admin", "Mia Novak", Role.ADMIN, site),
        "outsider": _person("outsider", "Ben Cole", Role.AGENT, site),
    }
    Person.objects.bulk_create(people.values())
    team.members.add(*(people[name] for name in ("grace", "tom", "lina", "supervisor", "analyst")))
    other_team.members.add(people["outsider"])
    PersonSkill.objects.create(person=people["grace"], skill=installation, level=4)
    _equip(people.values(), now)
    return Cast(site, brand, chat_zh, chat_en, other, team, other_team, installation, reason=reason, **people)


def waiting_contact(
    cast: Cast, *, text: str = "师傅昨天又没来", queue: Queue | None = None, now: datetime = NOON
) -> Contact:
    """Open a web chat contact of a new customer in Chinese, waiting in a queue."""
    customer = create_customer(cast.brand, name="陈雨桐", language="zh-hans", by=None, now=now)
    request = ContactRequest(
        customer=customer,
        queue=queue or cast.chat_zh,
        channel="webchat",
        language="zh-hans",
        text=text,
        want="冰箱没装上",
        client_key="first",
        needs={"language": "zh-hans", "skills": {}},
    )
    return open_contact(request, by=Actor.customer(customer.id, customer.name), now=now)


def _brand(site: Site) -> Brand:
    brand = Brand.objects.create(
        key="qinghe",
        name_en="Qinghe Home",
        name_zh="清禾家居",
        site=site,
        phone="400-555-0142",
        languages=["zh-hans", "en"],
        default_language="zh-hans",
        is_default=True,
    )
    OpeningHours.objects.bulk_create(
        OpeningHours(brand=brand, weekday=weekday, opens=time(8), closes=time(22)) for weekday in range(7)
    )
    return brand


def _queue(brand: Brand, key: str) -> Queue:
    names = {
        "chat-zh": ("Chat, Chinese", "中文会话"),
        "chat-en": ("Chat, English", "英文会话"),
        "other": ("Other", "其他"),
    }
    en, zh = names[key]
    language = {"chat-zh": "zh-hans", "chat-en": "en"}.get(key, "")
    return Queue.objects.create(
        brand=brand, key=key, name_en=en, name_zh=zh, language=language, is_default=key == "chat-en"
    )


def _reasons() -> ContactReason:
    parent = ContactReason.objects.create(key="installation", name_en="Installation", name_zh="安装")
    return ContactReason.objects.create(key="no-show", name_en="No-show", name_zh="师傅未上门", parent=parent)


def _person(key: str, name: str, role: Role, site: Site, *, language: str = "en", public: str = "") -> Person:
    return Person(
        email=f"{key}@example.com",
        password=_hashed_password(settings.PASSWORD_HASHERS[0]),
        name=name,
        role=role,
        site=site,
        language=language,
        public_name=public,
    )


def _equip(people: Iterable[Person], now: datetime) -> None:
    """Give everybody their languages, what they can do at a time, and a place to sit."""
    people = list(people)
    spoken = [(person, language) for person in people for language in SPOKEN.get(person.email.partition("@")[0], ())]
    PersonLanguage.objects.bulk_create(PersonLanguage(person=who, language=language) for who, language in spoken)
    Capacity.objects.bulk_create(
        Capacity(person=person, channel=channel, limit=limit)
        for person in people
        if person.role in (Role.AGENT, Role.SUPERVISOR)
        for channel, limit in (("webchat", 3), ("webform", 4), ("callback", 1))
    )
    Presence.objects.bulk_create(Presence(person=person, since=now) for person in people)


@cache
def _hashed_password(hasher: str) -> str:
    """Hashing is slow on purpose; once is enough for everybody, and for each hasher that a test chooses."""
    return make_password(PASSWORD)
