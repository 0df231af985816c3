"""The first run: the administrator, the brand, and enough of an organisation that a customer can be served at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from django.db import connection
from django.dispatch import Signal
from django.utils.text import slugify
from django.utils.translation import gettext as _

from heartline.common.actors import Actor
from heartline.common.errors import NotFound
from heartline.ledger.actions import one_change
from heartline.people.actions import actor_for
from heartline.people.models import Brand, Person, Queue, Role, Site, Team
from heartline.people.queries import needs_first_setup
from heartline.people.setup_actions.brands import save_brand, set_hours
from heartline.people.setup_actions.persons import USUAL_LIMITS, Abilities, save_person
from heartline.people.setup_actions.settings import save_setting
from heartline.people.setup_actions.work import save_queue, save_team

FIRST_RUN_LOCK = 0x46495253  # "FIRS": any number that nothing else uses as an advisory lock

# Higher folders plant here what a new installation needs of theirs, in the same transaction.
first_run_done = Signal()


@dataclass(frozen=True, kw_only=True)
class FirstRun:
    """What the one form asks."""

    name: str
    email: str
    password: str
    language: str
    brand_en: str
    brand_zh: str
    phone: str
    languages: tuple[str, ...]
    place: str
    time_zone: str
    workdays: list[tuple[time, time]]
    weekend: list[tuple[time, time]]


def set_up(wishes: FirstRun, *, now: datetime) -> Person:
    """Make the installation the caller's; raises NotFound when somebody was first."""
    by = Actor.system("first_run")
    with one_change():
        _one_at_a_time()
        if not needs_first_setup():
            raise NotFound(_("This installation has an administrator already. Sign in, or ask them to add you"))
        site = save_setting(
            "site", Site(), {"name_en": wishes.place, "name_zh": "", "time_zone": wishes.time_zone}, by=by, now=now
        )
        brand = _brand(wishes, site, by=by, now=now)
        team = _team(brand, by=by, now=now)
        admin = _admin(wishes, site, team, by=by, now=now)
        first_run_done.send(sender=set_up, brand=brand, by=actor_for(admin), now=now)
    return admin


def _one_at_a_time() -> None:
    """Let no two first runs pass the check together; SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FIRST_RUN_LOCK])


def _brand(wishes: FirstRun, site: Site, *, by: Actor, now: datetime) -> Brand:
    values = {
        "key": _free_key(wishes.brand_en),
        "name_en": wishes.brand_en,
        "name_zh": wishes.brand_zh,
        "site": site,
        "phone": wishes.phone,
        "languages": list(wishes.languages),
        "default_language": wishes.language if wishes.language in wishes.languages else wishes.languages[0],
        "is_default": True,
    }
    brand = save_brand(Brand(), values, by=by, now=now)
    days = [*((day, wishes.workdays) for day in range(5)), *((day, wishes.weekend) for day in (5, 6))]
    set_hours(brand, [(day, *span) for day, spans in days for span in spans], by=by, now=now)
    return brand


def _team(brand: Brand, *, by: Actor, now: datetime) -> Team:
    queue = save_queue(
        Queue(),
        {
            "name_en": "General",
            "name_zh": "综合咨询",
            "key": f"{brand.key[:30]}-general",
            "brand": brand,
            "is_default": True,
        },
        levels={},
        by=by,
        now=now,
    )
    values = {"name_en": "Front line", "name_zh": "一线班组", "site": brand.site}
    return save_team(Team(), values, queues=[queue], by=by, now=now)


def _admin(wishes: FirstRun, site: Site, team: Team, *, by: Actor, now: datetime) -> Person:
    values = {
        "name": wishes.name,
        "email": wishes.email.lower(),
        "role": Role.ADMIN,
        "language": wishes.language,
        "site": site,
    }
    abilities = Abilities(teams=[team], languages=wishes.languages, limits=USUAL_LIMITS)
    admin = save_person(Person(), values, abilities, by=by, now=now)
    admin.set_password(wishes.password)
    admin.save(update_fields=["password"])
    return admin


def _free_key(name: str) -> str:
    """Return a key for a brand's address; names without Latin letters get a plain one."""
    wanted = slugify(name)[:40].strip("-") or "home"
    taken = set(Brand.objects.values_list("key", flat=True))
    return next(key for key in [wanted, *(f"{wanted[:36]}-{n}" for n in range(2, 999))] if key not in taken)
