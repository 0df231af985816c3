"""The question and what follows from a low answer, in a real browser: by keyboard, without scripts, on a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from heartline.promises.models import FollowUp
from heartline.ui.tests.axe import assert_accessible
from heartline.voice_of_customer.models import Response
from heartline.voice_of_customer.tests.helpers import invited
from tests.cast import PASSWORD, Cast, assemble

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DESKTOP, PHONE, NARROWEST = (1440, 900), (390, 844), (320, 640)
Visit = Callable[..., Page]


@pytest.fixture
def visit(chromium: Browser, live_server: Any) -> Iterator[Visit]:
    """Open a page in a window of its own; fail on any error in its console."""
    contexts, faults = [], []

    def go(path: str, size: tuple[int, int] = DESKTOP, **settings: Any) -> Page:
        context = chromium.new_context(viewport={"width": size[0], "height": size[1]}, **settings)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(live_server.url + path)
        return page

    yield go
    for context in contexts:
        context.close()
    assert [fault for fault in faults if "Failed to load resource" not in fault] == []


@pytest.fixture
def cast() -> Cast:
    from heartline.common import clock

    return assemble(clock.now())


def question(cast: Cast) -> str:
    from heartline.common import clock

    return f"/rate/{invited(cast, now=clock.now())[1]}/"


@pytest.mark.parametrize(("size", "scheme"), [(DESKTOP, "light"), (PHONE, "dark"), (NARROWEST, "light")])
def test_the_question_is_answered_by_keyboard(cast: Cast, visit: Visit, size: tuple[int, int], scheme: str) -> None:
    page = visit(question(cast), size, color_scheme=scheme)
    assert_accessible(page)
    page.get_by_role("radio", name="非常满意").focus()
    for _ in range(4):
        page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="非常不满意")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.type("等了三天")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="谢谢您直说")).to_be_visible()
    expect(page.get_by_text("欧嘉怡会在")).to_be_visible()
    assert_accessible(page)
    assert (Response.objects.get().score, Response.objects.get().comment) == (1, "等了三天")


def test_without_scripts_and_cookies_it_works_the_same(cast: Cast, visit: Visit) -> None:
    page = visit(question(cast), PHONE, java_script_enabled=False)
    page.context.route("**/*", lambda route: route.continue_(headers={**route.request.headers, "cookie": ""}))
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("请选一项")).to_be_visible()
    page.get_by_text("不满意", exact=True).click()
    page.get_by_role("button", name="提交").click()
    page.get_by_label("能告诉我们哪里最让您失望吗").fill("没有人回电话")
    page.get_by_label("您希望我们打给您吗").fill("138 0013 8000")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("138****8000")).to_be_visible()
    assert FollowUp.objects.get().phone == "+8613800138000"


def test_a_link_that_no_longer_works_leads_to_a_person(cast: Cast, visit: Visit) -> None:
    page = visit("/rate/" + "x" * 32 + "/", locale="en-GB")
    expect(page.get_by_role("heading", name="This link no longer works")).to_be_visible()
    expect(page.get_by_role("link", name="400-555-0142")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("main").get_by_role("link", name="Talk to us").click()
    page.wait_for_url(lambda address: "/rate/" not in address)


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_what_is_owed_is_closed_with_words(cast: Cast, visit: Visit, size: tuple[int, int]) -> None:
    asking = visit(question(cast), PHONE)
    asking.get_by_text("不满意", exact=True).click()
    asking.get_by_role("button", name="提交").click()
    expect(asking.get_by_role("heading", name="谢谢您直说")).to_be_visible()
    page = visit("/account/login/?next=/desk/follow-ups/", size, locale="en-GB")
    page.get_by_label("E-mail").fill("grace@example.com")
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("All in time")
    assert_accessible(page)
    page.locator("summary", has_text="Done").click()
    page.get_by_label("What came of it").fill("—")
    page.get_by_role("button", name="Close with this outcome").click()
    expect(page.get_by_text("Write what came of it")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("What came of it").fill("Called, installed on Saturday")
    page.get_by_role("button", name="Close with this outcome").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You owe nobody anything")
    assert FollowUp.objects.get().outcome == "Called, installed on Saturday"
