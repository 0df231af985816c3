"""The contact page: a person one step away, honest waits, nothing asked twice."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from urllib.parse import parse_qs, urlparse

import pytest
from django.test import Client

from heartline.conversations.models import Case
from heartline.people.models import Brand
from heartline.reception.tests.browsing import Page, page, send, ways
from tests.cast import NOON, Cast


def crawl(client: Client, start: list[str]) -> dict[str, Page]:
    """Open every page that can be reached by links, staff rooms aside."""
    seen: dict[str, Page] = {}
    waiting = list(start)
    while waiting:
        address = waiting.pop()
        path = urlparse(address).path
        if address in seen or not path.startswith("/") or path.startswith(("/static", "/language")):
            continue
        answer = client.get(address)
        if answer.get("Content-Type", "").startswith("text/html") and answer.status_code < 300:
            seen[address] = Page(answer.content.decode())
            links = (link.partition("#")[0] for link in seen[address].links)
            waiting += [link for link in links if link.startswith("/") and not link.startswith(("/desk", "/floor"))]
        assert len(seen) < 200, "the crawl does not end"
    return seen


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("phone", ["400-555-0142", ""])
@pytest.mark.parametrize("hour", [0, 12])
def test_every_public_page_has_a_person_one_step_away(
    cast: Cast, visitor: Client, at_noon, language: str, phone: str, hour: int
) -> None:
    at_noon.move_to(NOON + timedelta(hours=hour))
    Brand.objects.update(phone=phone)
    client = Client(headers={"Accept-Language": language})
    case = send(visitor, "/b/qinghe/message", text="冰箱没装上")["Location"]
    found = crawl(client, ["/", "/b/qinghe/", "/?want=师傅没来", case, "/account/login/", "/chat/qinghe/"])
    assert {urlparse(address).path for address in found} >= {
        "/",
        "/b/qinghe/",
        "/b/qinghe/message",
        "/b/qinghe/complaint",
        "/b/qinghe/call-me",
        "/chat/qinghe/",
    }
    for address, one in found.items():
        if address.startswith("/account"):
            continue
        assert ways(one) & {"phone", "callback"}, f"no voice to be heard from {address}"
        assert ways(one) & {"chat", "message", "contact page"}, f"nowhere to write to from {address}"
        assert bool(phone) == ("phone" in ways(one)), address


@pytest.mark.parametrize("address", ["/nowhere", "/b/nobody/", "/case/wrong", "/chat/nobody/"])
def test_where_there_is_nothing_there_is_still_a_way_to_us(cast: Cast, visitor: Client, address: str) -> None:
    answer = visitor.get(address)
    assert answer.status_code == 404
    assert "contact page" in ways(Page(answer.content.decode()))


# The contact page


def test_a_new_house_leads_to_its_set_up(db: None, client: Client) -> None:
    assert client.get("/")["Location"] == "/setup/first/"


def test_the_phone_number_comes_before_everything(cast: Cast, visitor: Client) -> None:
    html = page(visitor, "/").text
    assert html.index("tel:400-555-0142") < html.index("<main") < html.index("<h1")


def test_it_speaks_the_language_asked_for_and_only_its_own(cast: Cast) -> None:
    assert page(Client(headers={"Accept-Language": "zh-CN"}), "/").lang == "zh-Hans"
    assert page(Client(headers={"Accept-Language": "en"}), "/").lang == "en"
    Brand.objects.update(languages=["zh-hans"])
    only = page(Client(headers={"Accept-Language": "en"}), "/")
    assert only.lang == "zh-Hans"
    assert 'name="language"' not in only.text


def test_an_open_house_says_no_wait_it_cannot_know(cast: Cast, visitor: Client) -> None:
    html = page(visitor, "/").text
    assert "can’t give a fair estimate" in html
    assert not re.search(r"About \d+ to \d+ minutes", html)


def test_a_closed_house_says_when_it_opens(cast: Cast, visitor: Client, at_noon) -> None:
    at_noon.move_to(NOON + timedelta(hours=12))
    html = page(visitor, "/").text
    assert "We’re closed until tomorrow 08:00" in html
    assert "A person answers from tomorrow 08:00" in html


def test_a_brand_that_is_never_open_does_not_break(cast: Cast, visitor: Client) -> None:
    cast.brand.hours.all().delete()
    assert "Closed for now" in page(visitor, "/").text
    for form in ("message", "complaint", "call-me"):
        page(visitor, f"/b/qinghe/{form}")


def test_what_was_typed_travels_in_every_link(cast: Cast, visitor: Client) -> None:
    found = page(visitor, "/?want=师傅没来 %26 more")
    form = next(link for link in found.links if "/message" in link)
    assert parse_qs(urlparse(form).query)["want"] == ["师傅没来 & more"]
    told = re.search(r'id="chat-settings" type="application/json">(.*?)</script>', found.text)
    assert told
    assert json.loads(told[1])["want"] == "师傅没来 & more"


def test_an_opened_suggestion_is_noted_and_not_offered_again(cast: Cast, visitor: Client) -> None:
    first = page(visitor, "/?want=师傅没来")
    suggestion = next(link for link in first.links if "about=no-show" in link)
    second = page(visitor, suggestion)
    assert "About: <b>No-show</b>" in second.text
    assert not [link for link in second.links if "about=installation" in link and "no-show" not in link]
    offered = [link for link in second.links if link.startswith("/?") and "about=no-show" in link]
    assert not offered
    form = next(link for link in second.links if "/message" in link)
    send(visitor, form, text="等了一天")
    case = Case.objects.get()
    assert (case.reason, case.wants) == (cast.reason, "师傅没来")
    assert list(case.tried.values_list("kind", "key")) == [("step", "reason:no-show")]


@pytest.mark.parametrize(
    "query", ["?about=nothing", "?about=%00", "?tried=,,x,%00", "?want=" + "x" * 5000, "?want=%FF%FE", "?want[]=1"]
)
def test_strange_links_are_harmless(cast: Cast, visitor: Client, query: str) -> None:
    page(visitor, f"/{query}")


def test_markup_that_was_typed_stays_text(cast: Cast, visitor: Client) -> None:
    html = page(visitor, "/", query_params={"want": "</script><img src=x onerror=alert(1)>{{7*7}}"}).text
    assert "<img src=x" not in html
    assert "{{7*7}}" in html


def test_brand_colours_come_in_a_style_with_a_nonce(cast: Cast, visitor: Client) -> None:
    Brand.objects.update(accent="#005a4e")
    answer = visitor.get("/")
    nonce = re.search(r'<style nonce="([^"]+)">\s*:root \{ --accent: #005a4e', answer.content.decode())
    assert nonce
    assert f"'nonce-{nonce[1]}'" in answer["Content-Security-Policy"]
    assert "unsafe-inline" not in answer["Content-Security-Policy"]
    assert " style=" not in answer.content.decode()
