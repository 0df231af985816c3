"""The floor in a real browser: fit for every reader, and acting from it changes what it shows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from heartline.common.clock import now
from heartline.conversations.actions.contacts import answer_contact
from heartline.conversations.models import Contact
from heartline.people.actions import actor_for, set_presence
from heartline.people.models import Person
from heartline.ui.tests.axe import assert_accessible
from tests.cast import Cast, assemble, waiting_contact
from tests.visits import Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cast() -> Cast:
    """Two wait in Chinese, one of them for longer than we told; Grace serves somebody."""
    moment = now()
    cast = assemble(moment - timedelta(minutes=30))
    set_presence(cast.grace, "available", by=actor_for(cast.grace), now=moment)
    late = waiting_contact(cast, now=moment - timedelta(minutes=9))
    Contact.objects.filter(id=late.id).update(told_wait_low=1, told_wait_high=3)
    waiting_contact(cast, now=moment - timedelta(seconds=20))
    served = waiting_contact(cast, now=moment - timedelta(minutes=4))
    answer_contact(served, cast.grace, by=actor_for(cast.grace), now=moment - timedelta(minutes=3))
    return cast


@pytest.mark.parametrize(
    ("size", "theme", "language"),
    [
        ("desktop", "light", "en"),
        ("desktop", "dark", "zh-hans"),
        ("phone", "light", "zh-hans"),
        ("phone", "dark", "en"),
    ],
)
def test_the_floor_is_fit_for_every_reader(visit: Visit, cast: Cast, size: str, theme: str, language: str) -> None:
    page = visit(cast.supervisor, "/floor/", size=size, theme=theme, language=language)
    expect(page.locator(".hot")).to_have_count(1)
    page.locator("summary", has_text="Grace").click()
    assert_accessible(page)
    page.locator("[data-part=waiting] [data-floor-give]").first.click()
    expect(page.locator("#floor-give")).to_be_visible()
    assert_accessible(page)


def test_giving_a_contact_takes_it_off_the_list_and_into_the_hands(visit: Visit, cast: Cast) -> None:
    page = visit(cast.supervisor, "/floor/")
    rows = page.locator("[data-part=waiting] li")
    expect(rows).to_have_count(2)
    first = rows.first.get_attribute("id") or ""
    opened = page.locator("summary", has_text="Grace")
    opened.click()
    rows.first.locator("[data-floor-give]").click()
    dialog = page.locator("#floor-give")
    expect(dialog.locator("input:focus")).to_have_count(1)
    dialog.locator("label", has_text="Grace").click()
    dialog.get_by_label("Why").fill("You know this fridge")
    dialog.get_by_role("button", name="Give it to them").click()
    expect(page.locator(".toast")).to_contain_text("Given to Grace Okafor")
    page.mouse.move(2, 2)
    expect(page.locator(f"#{first}")).to_have_count(0)
    expect(page.locator(f"#{first.replace('contact', 'hand')}")).to_be_visible()
    assert opened.locator("xpath=..").get_attribute("open") is not None, "what a hand opened stays open"


def test_a_refusal_stands_in_the_dialog_and_keeps_what_was_chosen(visit: Visit, cast: Cast) -> None:
    page = visit(cast.supervisor, "/floor/")
    page.locator("summary", has_text="Grace").click()
    page.locator(f"#person-{cast.grace.id} [data-floor-presence]").click()
    dialog = page.locator("#floor-presence")
    expect(dialog).to_contain_text("Grace Okafor")
    set_presence(cast.grace, "on_break", by=actor_for(cast.grace), now=now() - timedelta(minutes=9))
    Person.objects.get(id=cast.grace.id).presence.__class__.objects.filter(person=cast.grace).update(seen_at=None)
    dialog.get_by_label("Available").check()
    dialog.get_by_role("button", name="Set presence").click()
    expect(dialog.get_by_role("alert")).to_contain_text("has no desk open")
    expect(dialog.get_by_label("Available")).to_be_checked()
    dialog.get_by_label("Not ready").check()
    dialog.get_by_role("button", name="Set presence").click()
    expect(dialog).to_be_hidden()
    expect(page.locator(f"#person-{cast.grace.id}")).to_contain_text("takes no more")


def test_joining_leads_to_the_case_on_the_desk(visit: Visit, cast: Cast) -> None:
    page = visit(cast.supervisor, "/floor/")
    page.locator("summary", has_text="Grace").click()
    page.locator("[data-floor-join]").click()
    page.wait_for_url("**/desk/case/*/")
    contact = Contact.objects.get(state="active")
    assert contact.participants.get(left_at=None).person == cast.supervisor


def test_the_page_says_when_it_can_no_longer_be_right(visit: Visit, cast: Cast) -> None:
    page = visit(cast.supervisor, "/floor/")
    page.route("**/floor/api/state*", lambda route: route.abort())
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("#floor-stale")).to_be_visible()
    page.unroute("**/floor/api/state*")
    expect(page.locator("#floor-stale")).to_be_hidden(timeout=9000)


def test_pieces_are_changed_in_place(visit: Visit, cast: Cast) -> None:
    page = visit(cast.supervisor, "/floor/")
    result = page.evaluate(
        """async () => {
            const { morphChildren } = await import("/static/floor/morph.js");
            const box = document.createElement("ul");
            box.innerHTML = '<li id="a">one<button>x</button></li><li id="b" class="hot">two</li><li id="c">three</li>';
            document.querySelector("main").append(box);
            const [a, , c] = box.children;
            a.querySelector("button").focus();
            const told = document.createElement("p");
            told.setAttribute("data-keep", "");
            c.append(told);
            const next = document.createElement("template");
            next.innerHTML = '<li id="c">THREE</li><li id="d">new</li><li id="a" class="hot">one<button>x</button></li>';
            morphChildren(box, next.content);
            return [box.textContent, box.children[0] === c, box.children[2] === a, a.className,
                document.activeElement === a.querySelector("button"), told.isConnected];
        }"""
    )
    assert result == ["THREEnewonex", True, True, "hot", True, True]
