"""Controls in a real browser: fit for every reader, by keyboard, told at once to who has a page open."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from playwright.sync_api import expect

from heartline.common.clock import now
from heartline.people.actions import actor_for, set_presence
from heartline.people.models import OpeningHours
from heartline.routing.controls.models import ContactControl, QueuePause
from heartline.ui.tests.axe import assert_accessible
from tests.cast import Cast, assemble, waiting_contact
from tests.visits import Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cast() -> Cast:
    moment = now()
    cast = assemble(moment - timedelta(minutes=30))
    OpeningHours.objects.update(opens=time(0), closes=time(0))  # whenever the test runs
    set_presence(cast.grace, "available", by=actor_for(cast.grace), now=moment)
    return cast


@pytest.mark.parametrize(
    ("size", "theme", "language"),
    [("desktop", "light", "en"), ("desktop", "dark", "zh-hans"), ("phone", "light", "zh-hans")],
)
def test_how_a_contact_stands_is_fit_for_every_reader(
    visit: Visit, cast: Cast, size: str, theme: str, language: str
) -> None:
    contact = waiting_contact(cast, now=now() - timedelta(minutes=9))
    page = visit(cast.supervisor, f"/floor/contacts/{contact.id}/", size=size, theme=theme, language=language)
    expect(page.locator(".rank-table")).to_be_visible()
    assert_accessible(page)
    page.goto(page.url.split("/floor/")[0] + "/floor/controls/")
    assert_accessible(page)
    page.goto(page.url.split("/floor/")[0] + f"/floor/people/{cast.grace.id}/")
    assert_accessible(page)


def test_a_contact_is_raised_and_undone_by_keyboard(visit: Visit, cast: Cast) -> None:
    contact = waiting_contact(cast, now=now() - timedelta(minutes=2))
    page = visit(cast.supervisor, "/floor/")
    page.get_by_role("link", name="How it stands").focus()
    page.keyboard.press("Enter")
    page.get_by_label("How much").focus()
    page.keyboard.type("by 15")
    page.keyboard.press("Tab")
    page.keyboard.type("Their child is ill")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Raised")
    expect(page.locator(".rank-table")).to_contain_text("A supervisor raised it: counts as 15 min more")
    assert ContactControl.objects.get().manual_seconds == 900
    page.get_by_role("button", name="Undo").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Undone")
    assert ContactControl.objects.get(contact=contact).manual_seconds == 0


def test_a_pause_and_an_emergency_are_on_the_contact_page_with_every_way_to_a_person(visit: Visit, cast: Cast) -> None:
    lead = visit(cast.supervisor, f"/floor/controls/?queue={cast.chat_zh.id}")
    lead.get_by_role("button", name="Pause it").click()
    expect(lead.locator(f"#pause-{cast.chat_zh.id}")).to_be_visible()
    lead.get_by_label("What customers are told, in Chinese").last.fill("请勿使用 H2 取暖器")
    lead.get_by_role("button", name="Tell everybody now").click()
    expect(lead.get_by_role("heading", level=1)).to_contain_text("One message is shown")
    assert_accessible(lead)
    hall = visit(None, "/", size="phone", language="zh-hans")
    expect(hall.locator(".status")).to_contain_text("请勿使用 H2 取暖器")
    expect(hall.locator(".shut")).to_contain_text("恢复接待")
    for way in ("打电话", "在线客服", "我们打给您", "留言"):
        expect(hall.locator(".people").get_by_text(way, exact=True)).to_be_visible()
    assert_accessible(hall)
    lead.get_by_role("button", name="Go on now").click()
    expect(lead.get_by_role("status").first).to_contain_text("goes on")
    assert QueuePause.objects.get().ended_by == cast.supervisor
