"""The figures in a real browser: fit for every kind of reader, and a number opens to its rows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from heartline.common.actors import Actor
from heartline.common.clock import now
from heartline.conversations.actions.contacts import abandon_contact, answer_contact
from heartline.insight.kept.reading import READER
from heartline.people.actions import actor_for
from heartline.ui.tests.axe import assert_accessible
from tests.cast import Cast, assemble, waiting_contact
from tests.visits import Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cast() -> Cast:
    moment = now()
    cast = assemble(moment)
    for seconds in (5, 20, 45, 70, 200):
        contact = waiting_contact(cast, now=moment)
        answer_contact(contact, cast.grace, by=actor_for(cast.grace), now=moment + timedelta(seconds=seconds))
    gone = waiting_contact(cast, now=moment)
    abandon_contact(gone, "left", by=Actor.customer(gone.customer_id, ""), now=moment + timedelta(seconds=40))
    return cast


@pytest.mark.parametrize(
    ("size", "theme", "language"),
    [
        ("desktop", "light", "zh-hans"),
        ("desktop", "dark", "en"),
        ("phone", "light", "en"),
        ("phone", "dark", "zh-hans"),
    ],
)
def test_every_page_of_figures_is_fit_for_every_reader(
    visit: Visit, cast: Cast, size: str, theme: str, language: str
) -> None:
    page = visit(cast.supervisor, "/insight/", size=size, theme=theme, language=language)
    assert_accessible(page)
    for path in (
        "mine/",
        "service_level/",
        "satisfied/",
        "definitions/",
        "definitions/speed_of_answer/",
        "?day=2020-02-29",
    ):
        page.goto(page.url.partition("/insight/")[0] + "/insight/" + path)
        assert_accessible(page)


def test_a_number_opens_to_the_contacts_that_made_it(visit: Visit, cast: Cast) -> None:
    page = visit(cast.supervisor, "/insight/")
    page.locator(".figure-big").first.click()
    page.wait_for_url("**/insight/service_level/")
    expect(page.locator("h1")).to_have_text("Service level: 50 %")
    expect(page.locator("tbody tr")).to_have_count(6)
    page.get_by_role("link", name="Answered within the limit").click()
    expect(page.locator("tbody tr")).to_have_count(3)
    with page.expect_download() as download:
        page.get_by_role("link", name="Spreadsheet").click()
    assert download.value.suggested_filename.startswith("heartline-service_level-")
    page.get_by_role("link", name="How it is counted").click()
    expect(page.locator("h1")).to_have_text("Service level")


def test_a_period_is_told_apart_opened_and_taken_along_by_keyboard(cast: Cast, visit: Visit) -> None:
    READER.forget()
    page = visit(cast.supervisor, "/insight/over-time/", size="phone", language="zh-hans")
    assert_accessible(page)
    page.get_by_label("分组").focus()
    page.get_by_label("分组").select_option("queue")
    page.get_by_role("button", name="查看").press("Enter")
    expect(page.get_by_role("heading", name="按队列")).to_be_visible()
    page.locator(".past-table a.opens").first.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("请求量")
    assert f"queue={cast.chat_zh.id}" in page.url
    assert_accessible(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").press("Enter")
    assert download.value.suggested_filename.startswith("heartline-offered-")
    READER.forget()
