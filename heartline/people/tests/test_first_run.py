"""The first run: one form makes an empty installation somebody's own, once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from heartline.conversations.models import ContactReason
from heartline.people.models import Brand, Person, Queue, Team
from heartline.people.queries import calendar_of, needs_first_setup
from tests.cast import Cast

FORM: dict[str, Any] = {
    "name": "Mia Novak",
    "email": "Mia@Example.com",
    "password": "plum-blossom-26",
    "brand_en": "Qinghe Home",
    "brand_zh": "清禾家居",
    "phone": "400-555-0142",
    "languages": ["zh-hans", "en"],
    "place": "Hangzhou",
    "time_zone": "Asia/Shanghai",
    "workdays": "09:00-12:00, 13:30-18:00",
    "weekend": "",
}


@pytest.mark.django_db
def test_one_form_and_customers_can_be_served() -> None:
    client = Client()
    assert needs_first_setup()
    assert client.get("/setup/").headers["Location"] == "/setup/first/"
    assert client.get("/desk/").headers["Location"] == "/setup/first/"
    assert client.get("/setup/first/").status_code == 200
    assert client.post("/setup/first/", FORM).headers["Location"] == "/setup/"
    mia, brand, queue, team = Person.objects.get(), Brand.objects.get(), Queue.objects.get(), Team.objects.get()
    assert (mia.email, mia.role, mia.is_sample) == ("mia@example.com", "admin", False)
    assert mia.check_password(FORM["password"])
    assert (brand.key, brand.is_default, brand.languages) == ("qinghe-home", True, ["zh-hans", "en"])
    assert len(calendar_of(brand).spans) == 10
    assert queue.is_default
    assert list(team.queues.all()) == [queue]
    assert list(team.members.all()) == [mia]
    assert mia.capacities.count() == 3
    assert ContactReason.objects.filter(parent=None).count() >= 5, "wrap-up asks for a reason"
    page = client.get("/setup/")
    assert page.context["missing"] == []


@pytest.mark.django_db
def test_then_never_again(cast: Cast) -> None:
    client = Client()
    assert client.get("/setup/first/").status_code == 404
    assert client.post("/setup/first/", FORM).status_code == 404
    Person.objects.filter(role="admin").update(is_active=False)
    assert client.get("/setup/first/").status_code == 404, "an administrator who may not sign in is still one"
    assert not Person.objects.filter(email="mia@example.com").exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("password", "short"),
        ("password", "1234567890"),
        ("password", "mia@example.com"),
        ("email", "mia"),
        ("name", ""),
        ("brand_en", ""),
        ("phone", ""),
        ("languages", []),
        ("time_zone", "Mars/Olympus"),
        ("workdays", "nine to five"),
        ("weekend", "9-9"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_kept(field: str, value: Any) -> None:
    answer = Client().post("/setup/first/", {**FORM, field: value})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not Person.objects.exists()
    assert not Brand.objects.exists()


@pytest.mark.django_db
def test_a_name_without_latin_letters_gets_an_address_too() -> None:
    Client().post("/setup/first/", {**FORM, "brand_en": "清禾家居"})
    assert Brand.objects.get().key == "home"


@pytest.mark.django_db(transaction=True)
def test_of_several_who_try_at_once_one_becomes_administrator() -> None:
    def attempt(number: int) -> int:
        try:
            return Client().post("/setup/first/", {**FORM, "email": f"mia{number}@example.com"}).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        codes = sorted(pool.map(attempt, range(8)))
    assert codes == [302, *[404] * 7]
    assert Person.objects.count() == Brand.objects.count() == 1
