"""What people decide for themselves, and where they are signed in."""

from __future__ import annotations

import pytest

from heartline.ledger.models import Entry
from heartline.people.devices import device
from heartline.people.models import Person
from heartline.people.tests.test_signing_in import sign_in
from tests.cast import Cast


def test_the_name_customers_see_is_ones_own_affair(cast: Cast, signed_in) -> None:
    client = signed_in(cast.tom)
    assert client.post("/account/", {"public_name": "汤姆"}).status_code == 302
    cast.tom.refresh_from_db()
    assert cast.tom.customer_sees == "汤姆"
    entry = Entry.objects.filter(kind="people.person_changed").get()
    assert entry.body["changed"] == ["public_name"]
    assert entry.actor_id == cast.tom.pk


def test_nothing_else_can_be_changed_there(cast: Cast, signed_in) -> None:
    fields = [field.name for field in Person._meta.get_fields() if field.concrete]
    client = signed_in(cast.tom)
    before = Person.objects.filter(pk=cast.tom.pk).values().get()
    client.post("/account/", dict.fromkeys(fields, "1") | {"public_name": "", "role": "admin"})
    after = Person.objects.filter(pk=cast.tom.pk).values().get()
    assert before == after


def test_a_session_elsewhere_can_be_ended_from_here(cast: Cast) -> None:
    here, there = sign_in(cast.grace.email)[0], sign_in(cast.grace.email)[0]
    rows = here.get("/account/").context["sessions"]
    assert [is_here for _session, _words, is_here in rows].count(True) == 1
    other = next(session for session, _words, is_here in rows if not is_here)
    here.post(f"/account/sessions/{other.pk}/end/")
    assert here.get("/account/").status_code == 200
    assert there.get("/account/").status_code == 302


def test_sessions_of_others_are_not_there(cast: Cast) -> None:
    here, other = sign_in(cast.grace.email)[0], sign_in(cast.tom.email)[0]
    session = other.get("/account/").context["sessions"][0][0]
    assert here.post(f"/account/sessions/{session.pk}/end/").status_code == 302
    assert other.get("/account/").status_code == 200


def test_signing_out_everywhere_includes_here(cast: Cast) -> None:
    here, there = sign_in(cast.grace.email)[0], sign_in(cast.grace.email)[0]
    assert here.post("/account/sessions/end-all/").headers["Location"] == "/account/login/"
    assert [client.get("/account/").status_code for client in (here, there)] == [302, 302]


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36", ("Chrome", "Linux")),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Safari/537.36 Edg/130.0", ("Edge", "Windows")),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_2 like Mac OS X) Version/18 Safari/604.1", ("Safari", "iPhone")),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/130 Safari/537 MicroMessenger/8.0", ("WeChat", "Android")),
        ("<script>alert(1)</script>", ("", "")),
        ("", ("", "")),
    ],
)
def test_devices_have_names_people_know(agent: str, words: tuple[str, str]) -> None:
    assert device(agent) == words
