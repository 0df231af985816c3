"""Which language and time zone a page speaks: the person's, then the visitor's choice, then the browser's wish."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from heartline.people.middleware import PreferredLanguage
from tests.cast import Cast

PAGE = "/account/login/"


def language_of(client: Client, **headers: str) -> str:
    response = client.get(PAGE, headers=headers)
    assert f'lang="{ {"en": "en", "zh-hans": "zh-Hans"}[response.headers["Content-Language"]] }"' in (
        response.content.decode()
    )
    return str(response.headers["Content-Language"])


@pytest.mark.parametrize(
    ("wish", "language"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-hans"),
        ("zh", "zh-hans"),
        ("zh-TW", "zh-hans"),
        ("zh-Hans-CN", "zh-hans"),
        ("en-NZ,en;q=0.9", "en"),
        ("fr-FR, zh;q=0.5, en;q=0.4", "zh-hans"),
        ("fr", "en"),
        ("*", "en"),
        ("", "en"),
        ("🙂" * 50, "en"),
        ("zh-" + "x" * 600, "en"),
    ],
)
def test_a_visitor_is_spoken_to_as_their_browser_asks(db: None, wish: str, language: str) -> None:
    assert language_of(Client(), **{"accept-language": wish}) == language


def test_a_visitors_choice_outlasts_the_browsers_wish(db: None) -> None:
    client = Client()
    assert client.post("/language", {"language": "zh-hans", "next": PAGE}).headers["Location"] == PAGE
    assert language_of(client, **{"accept-language": "en"}) == "zh-hans"
    client.post("/language", {"language": "xx", "next": PAGE})
    assert language_of(client) == "zh-hans"


def test_a_persons_language_goes_before_cookie_and_wish(cast: Cast, signed_in) -> None:
    client = signed_in(cast.lina)
    client.cookies["heartline_language"] = "en"
    assert client.get("/account/", headers={"accept-language": "en"}).headers["Content-Language"] == "zh-hans"


def test_a_person_who_chooses_keeps_the_choice_on_every_device(cast: Cast, signed_in) -> None:
    signed_in(cast.grace).post("/language", {"language": "zh-hans", "next": "/account/"})
    cast.grace.refresh_from_db()
    assert cast.grace.language == "zh-hans"
    assert signed_in(cast.grace).get("/account/").headers["Content-Language"] == "zh-hans"


def test_choosing_a_language_leads_nowhere_else(db: None) -> None:
    answer = Client().post("/language", {"language": "en", "next": "//evil.example/"})
    assert "evil" not in answer.headers["Location"]
    assert Client().get("/language").status_code == 405


def test_a_persons_pages_are_in_their_sites_time(cast: Cast, rf: RequestFactory) -> None:
    zones: list[str] = []

    def page(request) -> HttpResponse:
        zones.append(timezone.get_current_timezone_name())
        return HttpResponse()

    middleware: Any = PreferredLanguage(page)
    for person in (cast.grace, None):
        request = rf.get("/")
        if person:
            request.COOKIES["heartline_session"] = "x"
            request.user = person
        middleware(request)
    assert zones == ["Asia/Shanghai", "UTC"]
    assert timezone.get_current_timezone_name() == "UTC", "what was set for one request does not leak into the next"


def test_a_visitors_page_looks_nobody_up(cast: Cast, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(1) as seen:  # the brand, whose phone number stands on every page for customers
        Client().get("/a-page-that-is-not-there")
    assert not any(table in query["sql"] for query in seen for table in ("django_session", "people_person"))
