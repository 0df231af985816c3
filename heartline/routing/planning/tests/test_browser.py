"""The plan written in a real browser: by keyboard, saving itself, tried and published; fit for every reader."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from heartline.common import clock
from heartline.routing.planning import days
from heartline.routing.plans.queries import current_plan, draft, forget
from heartline.ui.tests.axe import assert_accessible
from tests.cast import Cast, assemble, waiting_contact
from tests.visits import Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cast() -> Cast:
    forget()
    return assemble()


def test_a_plan_is_drafted_tried_and_published_by_keyboard(visit: Visit, cast: Cast) -> None:
    page = visit(cast.admin, "/setup/routing/edit/queues.chat-zh/")
    page.get_by_label("This queue goes its own way").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Add a step").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".plan-steps > li")).to_have_count(2)
    until = page.get_by_label("Lasts until the contact is so old")
    until.fill("soon")
    expect(page.locator("[data-error$='steps.0.until']")).to_contain_text("Write a whole number")
    expect(until).to_have_attribute("aria-invalid", "true")
    until.fill("45")
    expect(page.locator("[data-error$='steps.0.until']")).to_be_hidden()
    page.get_by_label("Who may take it").nth(1).select_option("house")
    expect(page.locator("[data-saved]")).to_contain_text("Saved in the draft")
    assert_accessible(page)
    page.get_by_role("link", name="What would change").click()
    expect(page.locator(".plan-draft")).to_contain_text("45 s")
    assert_accessible(page)
    page.get_by_role("link", name="Try it on a day").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Nobody came on this day")
    page.go_back()
    page.get_by_label("What changes").fill("The house helps after 45 seconds")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("decides who gets what")
    first, last = current_plan().of(cast.chat_zh.id).steps
    assert (first.until, last.anywhere) == (45, True)


def test_what_somebody_else_saved_is_told_and_nothing_is_lost(visit: Visit, cast: Cast) -> None:
    mine, theirs = (visit(cast.admin, "/setup/routing/edit/order/") for _ in range(2))
    theirs.get_by_label("An open complaint").fill("500")
    expect(theirs.locator("[data-saved]")).to_contain_text("Saved")
    mine.get_by_label("An open complaint").fill("700")
    expect(mine.locator("[data-conflict]")).to_contain_text("changed elsewhere")
    mine.get_by_role("button", name="Save mine over it").click()
    expect(mine.get_by_label("An open complaint")).to_have_value("700")
    standing = draft()
    assert standing
    assert standing.content["order"]["complaint"] == 700


@pytest.mark.parametrize(("size", "theme", "language"), [("phone", "light", "zh-hans"), ("desktop", "dark", "zh-hans")])
def test_the_pages_are_fit_for_every_reader(visit: Visit, cast: Cast, size: str, theme: str, language: str) -> None:
    page = visit(cast.admin, "/setup/routing/", size=size, theme=theme, language=language)
    base = page.url.split("/setup/")[0]
    for address in ("", "edit/order/", "edit/queues.chat-zh/", "edit/sites/", "edit/calls/", "preview/"):
        page.goto(f"{base}/setup/routing/{address}")
        assert_accessible(page)


def test_a_long_day_leads_to_its_result_by_itself(visit: Visit, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(days, "QUICK", 0)
    cache.clear()
    waiting_contact(cast, now=clock.now() - timedelta(days=1))
    page = visit(cast.admin, "/setup/routing/preview/")
    expect(page.locator("h1")).to_have_text("The plan in use, on a day that was")
    expect(page.get_by_role("row", name="Everybody")).to_be_visible()
