"""The pages of set-up: what is sent is checked, saved, recorded; what cannot be is said where it stands."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest
from django.test import Client

from heartline.ledger.models import Entry
from heartline.people.models import Brand, Holiday, Person, Queue, Site, Skill, Team
from tests.cast import Cast

BRAND = {
    "name_en": "Loom & Larch",
    "name_zh": "织木小筑",
    "key": "loom",
    "phone": "+64 9 555 0127",
    "languages": ["en"],
    "default_language": "en",
    "greeting_en": "Hello",
    "greeting_zh": "",
    "accent": "#1f5f54",
    "accent_dark": "#8fd0c1",
    "message_reply_hours": "4",
    "allowed_origins": "https://www.loom.example\nshop.loom.example\n\nhttps://www.loom.example/",
}
PERSON = {
    "name": "Aroha Tane",
    "public_name": "",
    "email": "Aroha@Example.com",
    "role": "agent",
    "language": "en",
    "languages": ["en"],
    "limit_webchat": "3",
    "limit_webform": "",
    "limit_callback": "0",
}


@pytest.fixture
def admin(cast: Cast, signed_in) -> Client:
    client: Client = signed_in(cast.admin)
    return client


def changes() -> list[tuple[str, Any]]:
    """Return what the record says was set up."""
    found = Entry.objects.filter(kind="people.settings_changed").order_by("id")
    return [(entry.body["what"], entry.body["changed"]) for entry in found]


def errors(response) -> dict[str, Any]:
    assert response.status_code == 422, response.status_code
    return dict(response.context["form"].errors)


# Brands


def test_a_brand_is_added_and_its_hours_are_asked_for_next(cast: Cast, admin: Client) -> None:
    answer = admin.post("/setup/brands/new/", {**BRAND, "site": cast.site.pk})
    brand = Brand.objects.get(key="loom")
    assert answer.headers["Location"] == f"/setup/brands/{brand.pk}/hours/"
    assert brand.allowed_origins == ["https://www.loom.example", "https://shop.loom.example"]
    assert not brand.is_default
    assert not brand.is_sample
    assert changes() == [("brand", ["added"])]
    assert Entry.objects.filter(kind="people.settings_changed").get().actor_id == cast.admin.pk


def test_saving_what_is_already_so_records_nothing(cast: Cast, admin: Client) -> None:
    admin.post("/setup/brands/new/", {**BRAND, "site": cast.site.pk})
    brand = Brand.objects.get(key="loom")
    admin.post(f"/setup/brands/{brand.pk}/", {**BRAND, "site": cast.site.pk})
    admin.post(f"/setup/brands/{brand.pk}/", {**BRAND, "site": cast.site.pk, "phone": "+64 9 555 0199"})
    assert changes() == [("brand", ["added"]), ("brand", ["phone"])]


def test_there_is_always_exactly_one_first_brand(cast: Cast, admin: Client) -> None:
    admin.post("/setup/brands/new/", {**BRAND, "site": cast.site.pk, "is_default": "on"})
    assert list(Brand.objects.filter(is_default=True).values_list("key", flat=True)) == ["loom"]
    loom = Brand.objects.get(key="loom")
    admin.post(f"/setup/brands/{loom.pk}/", {**BRAND, "site": cast.site.pk})  # the box is not ticked
    assert list(Brand.objects.filter(is_default=True).values_list("key", flat=True)) == ["loom"]
    answer = admin.post(f"/setup/brands/{loom.pk}/remove/", follow=True)
    assert "first address" in answer.content.decode()
    assert Brand.objects.filter(pk=loom.pk).exists()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("accent", "#c99ab9", "contrast is 1.9"),
        ("accent", "#ffffff", "contrast is 1.0 to 1"),
        ("accent_dark", "#1f5f54", "4.5 to 1 is needed"),
        ("accent", "red", "#7a2a60"),
        ("accent", "#7a2a60;}body{display:none", ""),
        ("key", "qinghe", ""),
        ("key", "Two words", ""),
        ("name_en", "", ""),
        ("languages", [], ""),
        ("languages", ["fr"], ""),
        ("default_language", "zh-hans", "languages you serve in"),
        ("message_reply_hours", "0", "720"),
        ("message_reply_hours", "-1", ""),
        ("allowed_origins", "javascript:alert(1)", "web site"),
        ("allowed_origins", "https://a.example/path", "web site"),
        ("allowed_origins", "https://user@a.example", "web site"),
        ("allowed_origins", "*", "web site"),
        ("allowed_origins", "https://*.example", "web site"),
        ("allowed_origins", "http://a.example", "https://"),
        ("allowed_origins", "https://[::1", "web site"),
        ("site", "999", ""),
    ],
)
def test_a_brand_that_cannot_be_is_refused_where_it_is_wrong(
    cast: Cast, admin: Client, field: str, value: Any, words: str
) -> None:
    before = Brand.objects.count()
    found = errors(admin.post("/setup/brands/new/", {**BRAND, "site": cast.site.pk, field: value}))
    assert field in found
    assert words in str(found[field])
    assert Brand.objects.count() == before
    assert changes() == []


def test_our_own_colours_pass_the_check_they_are_held_to(cast: Cast, admin: Client) -> None:
    page = admin.get("/setup/brands/new/").content.decode()
    for colour in ("#7a2a60", "#e3a5cc"):
        assert colour in page
    ours = {**BRAND, "site": cast.site.pk, "accent": "#7A2A60", "accent_dark": "#E3A5CC"}
    assert admin.post("/setup/brands/new/", ours).status_code == 302


def test_the_brands_page_gives_the_one_line_for_its_web_site(cast: Cast, admin: Client) -> None:
    page = admin.get(f"/setup/brands/{cast.brand.pk}/").context["script_tag"]
    assert page.startswith('<script src="http://testserver/widget.js" ')
    assert 'data-brand="qinghe"' in page


# Hours and holidays


def week(**days: str) -> dict[str, str]:
    return {f"day_{day}": "" for day in range(7)} | {f"day_{name[1]}": text for name, text in days.items()}


def test_hours_are_written_as_people_write_them(cast: Cast, admin: Client) -> None:
    address = f"/setup/brands/{cast.brand.pk}/hours/"
    assert admin.post(address, week(d0="8-12，13:30至22:00", d5="22:00-02:00")).status_code == 302
    assert list(cast.brand.hours.values_list("weekday", "opens", "closes")) == [
        (0, time(8), time(12)),
        (0, time(13, 30), time(22)),
        (5, time(22), time(2)),
    ]
    assert changes() == [("brand", ["hours"])]
    admin.post(address, week(d0="08:00–12:00, 13:30–22:00", d5="22:00–02:00"))
    assert len(changes()) == 1


@pytest.mark.parametrize(
    ("days", "wrong"),
    [
        ({"d0": "nine"}, "day_0"),
        ({"d2": "8-12, 11-13"}, "day_2"),
        ({"d6": "22-3", "d0": "1-5"}, "day_6"),
        ({"d1": "8-25"}, "day_1"),
    ],
)
def test_hours_that_cannot_be_change_nothing(cast: Cast, admin: Client, days: dict[str, str], wrong: str) -> None:
    found = errors(admin.post(f"/setup/brands/{cast.brand.pk}/hours/", week(**days)))
    assert list(found) == [wrong]
    assert cast.brand.hours.count() == 7


def test_holidays_and_make_up_workdays(cast: Cast, admin: Client) -> None:
    address = f"/setup/brands/{cast.brand.pk}/holidays/"
    holiday = {"first": "2027-02-06", "last": "2027-02-12", "like": "", "name_en": "New Year", "name_zh": "春节"}
    assert admin.post(address, holiday).status_code == 302
    assert cast.brand.holidays.filter(works_like_weekday=None).count() == 7
    workday = {"first": "2027-02-06", "last": "", "like": "4", "name_en": "Make-up workday", "name_zh": "调休上班"}
    assert admin.post(address, workday).status_code == 302
    assert cast.brand.holidays.get(date=date(2027, 2, 6)).works_like_weekday == 4
    page = admin.get(f"/setup/brands/{cast.brand.pk}/hours/").content.decode()
    assert "Open like Friday" in page
    gone = cast.brand.holidays.all()[0]
    admin.post(f"/setup/brands/{cast.brand.pk}/holidays/{gone.pk}/remove/")
    assert not Holiday.objects.filter(pk=gone.pk).exists()
    assert len(changes()) == 3


@pytest.mark.parametrize(
    "changed", [{"last": "2027-02-01"}, {"last": "2027-12-31"}, {"first": "soon"}, {"name_en": ""}, {"like": "9"}]
)
def test_days_that_cannot_be_are_refused(cast: Cast, admin: Client, changed: dict[str, str]) -> None:
    days = {"first": "2027-02-06", "last": "", "like": "", "name_en": "x", "name_zh": ""}
    assert admin.post(f"/setup/brands/{cast.brand.pk}/holidays/", {**days, **changed}).status_code == 422
    assert not Holiday.objects.exists()


def test_a_holiday_of_another_brand_is_not_removed_by_guessing(cast: Cast, admin: Client) -> None:
    other = Brand.objects.create(key="other", name_en="Other", site=cast.site, phone="1", languages=["en"])
    day = Holiday.objects.create(brand=other, date=date(2027, 1, 1), name_en="x")
    admin.post(f"/setup/brands/{cast.brand.pk}/holidays/{day.pk}/remove/")
    assert Holiday.objects.filter(pk=day.pk).exists()


# Queues, teams, skills, sites


def queue_form(cast: Cast, **changed: Any) -> dict[str, Any]:
    return {
        "name_en": "Repairs",
        "name_zh": "维修",
        "key": "repairs",
        "brand": cast.brand.pk,
        "language": "",
        "offer_seconds": "25",
        "answer_within_seconds": "60",
        "answer_target_percent": "80",
        "short_abandon_seconds": "",
        f"skill_{cast.installation.pk}": "3",
    } | changed


def test_a_queue_asks_for_skills(cast: Cast, admin: Client) -> None:
    assert admin.post("/setup/queues/new/", queue_form(cast)).status_code == 302
    queue = Queue.objects.get(key="repairs")
    assert list(queue.skills.values_list("skill__key", "level")) == [("installation", 3)]
    unasked = queue_form(cast, **{f"skill_{cast.installation.pk}": "0"})
    admin.post(f"/setup/queues/{queue.pk}/", unasked)
    assert not queue.skills.exists()
    assert changes() == [("queue", ["added", "skills"]), ("queue", ["skills"])]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("offer_seconds", "4"),
        ("offer_seconds", "601"),
        ("answer_target_percent", "101"),
        ("answer_target_percent", "0"),
        ("answer_within_seconds", "0"),
        ("short_abandon_seconds", "-1"),
        ("brand", "999"),
        ("key", "chat-zh"),
        ("language", "fr"),
    ],
)
def test_a_queue_that_cannot_be_is_refused(cast: Cast, admin: Client, field: str, value: str) -> None:
    assert list(errors(admin.post("/setup/queues/new/", queue_form(cast, **{field: value})))) == [field]


def test_a_level_that_does_not_exist_is_refused(cast: Cast, admin: Client) -> None:
    wrong = queue_form(cast, **{f"skill_{cast.installation.pk}": "6"})
    assert admin.post("/setup/queues/new/", wrong).status_code == 422


def test_a_brand_has_one_queue_for_everything_else(cast: Cast, admin: Client) -> None:
    admin.post("/setup/queues/new/", queue_form(cast, is_default="on"))
    assert list(Queue.objects.filter(brand=cast.brand, is_default=True).values_list("key", flat=True)) == ["repairs"]


def test_a_team_serves_queues_and_its_members_see_them_at_once(cast: Cast, admin: Client, signed_in) -> None:
    form = {"name_en": "Front line", "name_zh": "一线班组", "site": cast.site.pk, "queues": [cast.other_queue.pk]}
    assert admin.post(f"/setup/teams/{cast.team.pk}/", form).status_code == 302
    assert list(cast.team.queues.all()) == [cast.other_queue]
    told = Entry.objects.filter(kind="people.person_changed").values_list("person_id", flat=True)
    assert set(told) == set(cast.team.members.values_list("pk", flat=True))


@pytest.mark.parametrize("kind", ["sites", "skills", "queues", "teams", "brands"])
def test_what_is_in_use_stays_and_says_why(cast: Cast, admin: Client, kind: str) -> None:
    things: dict[str, Any] = {
        "sites": cast.site,
        "skills": cast.installation,
        "queues": cast.chat_zh,
        "teams": cast.team,
        "brands": cast.brand,
    }
    from tests.cast import waiting_contact

    waiting_contact(cast)
    answer = admin.post(f"/setup/{kind}/{things[kind].pk}/remove/", follow=True)
    still_there = type(things[kind]).objects.filter(pk=things[kind].pk).exists()
    # a skill or a team is only a link: it goes with its links; the others carry work, people or brands
    assert still_there is (kind not in ("skills", "teams"))
    if still_there and kind != "brands":
        assert "Still in use" in answer.content.decode()
        assert changes() == []


def test_a_site_needs_a_time_zone_of_this_world(cast: Cast, admin: Client) -> None:
    assert admin.post("/setup/sites/new/", {"name_en": "Mars", "time_zone": "Mars/Olympus"}).status_code == 422
    admin.post("/setup/sites/new/", {"name_en": "Auckland", "name_zh": "奥克兰", "time_zone": "Pacific/Auckland"})
    assert Site.objects.get(name_en="Auckland").name_in("zh-hans") == "奥克兰"


def test_fields_that_are_not_on_the_page_change_nothing(cast: Cast, admin: Client) -> None:
    hostile = {"is_sample": "on", "id": "999", "pk": "999"}
    admin.post("/setup/skills/new/", {"name_en": "Billing", "key": "billing", **hostile})
    skill = Skill.objects.get(key="billing")
    assert not skill.is_sample
    assert skill.pk != 999


@pytest.mark.parametrize(
    "hostile", ["<script>alert(1)</script>", "{{7*7}}", "{% debug %}", "'; DROP TABLE--", "\u202eevil\x00"]
)
def test_hostile_names_are_shown_as_typed(cast: Cast, admin: Client, hostile: str) -> None:
    admin.post("/setup/teams/new/", {"name_en": hostile, "site": cast.site.pk})
    assert Team.objects.filter(name_en=hostile.strip("\u202e\x00")).exists() or "\x00" in hostile
    assert not Team.objects.filter(name_en__contains="\u202e").exists()
    page = admin.get("/setup/teams/").content.decode()
    assert "<script>alert" not in page
    assert "49" not in page.split("<tbody>")[1] or "{{7*7}}" in page


# People


def test_a_person_is_added_with_a_link_that_is_shown_once(cast: Cast, admin: Client) -> None:
    form = {**PERSON, "site": cast.site.pk, "teams": [cast.team.pk], f"skill_{cast.installation.pk}": "4"}
    answer = admin.post("/setup/people/new/", form, follow=True)
    person = Person.objects.get(email="aroha@example.com")
    link = answer.context["link"]
    assert link.startswith("http://testserver/account/invitation/")
    assert not person.has_usable_password()
    assert list(person.teams.all()) == [cast.team]
    assert list(person.skills.values_list("skill__key", "level")) == [("installation", 4)]
    assert dict(person.capacities.values_list("channel", "limit")) == {"webchat": 3}
    assert list(person.languages.values_list("language", flat=True)) == ["en"]
    assert person.presence.state == "offline"
    assert admin.get(f"/setup/people/{person.pk}/").context["link"] == ""
    assert link not in str(list(Entry.objects.values_list("body", flat=True)))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "GRACE@example.com"),
        ("email", "nobody"),
        ("email", ""),
        ("name", ""),
        ("role", "owner"),
        ("role", ""),
        ("limit_webchat", "-1"),
        ("limit_webchat", "999"),
        ("language", "fr"),
        ("languages", ["fr"]),
        ("teams", ["999"]),
        ("site", "999"),
    ],
)
def test_a_person_who_cannot_be_is_refused(cast: Cast, admin: Client, field: str, value: Any) -> None:
    before = Person.objects.count()
    found = errors(admin.post("/setup/people/new/", {**PERSON, "site": cast.site.pk, field: value}))
    assert field in found
    assert Person.objects.count() == before


def form_of(person: Person, **changed: Any) -> dict[str, Any]:
    kept = {name: getattr(person, name) for name in ("name", "public_name", "email", "role", "language")}
    return {**kept, "site": person.site_id, "teams": list(person.teams.values_list("pk", flat=True)), **changed}


def test_a_changed_role_is_recorded_and_holds_at_once(cast: Cast, admin: Client, signed_in) -> None:
    tom = signed_in(cast.tom)
    admin.post(f"/setup/people/{cast.tom.pk}/", form_of(cast.tom, role="supervisor"))
    body = Entry.objects.filter(kind="people.person_changed").latest("id").body
    assert body["role"] == "supervisor"
    assert "role" in body["changed"]
    assert tom.get("/floor/").status_code == 200


def test_there_is_always_an_administrator(cast: Cast, admin: Client) -> None:
    page = admin.post(f"/setup/people/{cast.admin.pk}/", form_of(cast.admin, role="agent"))
    assert "only administrator" in page.content.decode()
    page = admin.post(f"/setup/people/{cast.admin.pk}/may-sign-in/", {"may": "no"}, follow=True)
    assert "only administrator" in page.content.decode()
    cast.admin.refresh_from_db()
    assert (cast.admin.role, cast.admin.is_active) == ("admin", True)


def test_a_person_is_deactivated_and_comes_back(cast: Cast, admin: Client, signed_in) -> None:
    tom, address = signed_in(cast.tom), f"/setup/people/{cast.tom.pk}/may-sign-in/"
    admin.post(address, {"may": "no"})
    assert tom.get("/account/").status_code == 302
    admin.post(address, {"may": "yes"})
    cast.tom.refresh_from_db()
    assert cast.tom.is_active


def test_an_administrator_ends_somebodys_sessions(cast: Cast, admin: Client, signed_in) -> None:
    tom = signed_in(cast.tom)
    admin.post(f"/setup/people/{cast.tom.pk}/sessions/")
    assert tom.get("/account/").status_code == 302
    assert admin.get("/setup/").status_code == 200
    assert Entry.objects.filter(kind="people.person_changed").latest("id").body["changed"] == ["sessions"]


# Overview


def test_the_overview_says_what_a_customer_would_run_into(cast: Cast, admin: Client) -> None:
    def missing() -> list[str]:
        return [words for words, _address in admin.get("/setup/").context["missing"]]

    assert missing() == []
    cast.brand.hours.all().delete()
    cast.team.queues.remove(cast.chat_zh)
    Brand.objects.create(key="new", name_en="New", site=cast.site, phone="1", languages=["en"])
    cast.tom.teams.clear()
    assert sorted(missing()) == [
        "New has no queue to wait in",
        "New is never open: it has no hours",
        "Nobody can serve Chat, Chinese",
        "Qinghe Home is never open: it has no hours",
        "Tom Reid is in no team and sees no work",
    ]


@pytest.mark.parametrize(
    "path",
    [
        "",
        "brands/",
        "brands/new/",
        "queues/",
        "queues/new/",
        "teams/",
        "skills/",
        "sites/",
        "people/",
        "people/new/",
        "audit/",
    ],
)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_opens_in_both_languages(cast: Cast, admin: Client, path: str, language: str) -> None:
    Person.objects.filter(pk=cast.admin.pk).update(language=language)
    page = admin.get(f"/setup/{path}")
    assert page.status_code == 200
    assert page.headers["Content-Language"] == language
