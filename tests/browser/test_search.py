"""Finding things in a real browser: from any page, by keyboard alone, in Chinese as in English."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from heartline.ui.tests.axe import assert_accessible
from tests.browser.customers import Customer
from tests.running import Running

pytestmark = pytest.mark.browser
Colleague = Callable[..., Page]


def test_anything_is_found_from_any_page_by_keyboard(colleague: Colleague) -> None:
    desk = colleague("grace")
    desk.keyboard.press("Control+k")
    quick = desk.get_by_role("dialog", name="Search anything")
    expect(quick).to_be_visible()
    field = quick.get_by_role("combobox")
    expect(field).to_be_focused()
    field.press_sequentially("冰箱没有按时")
    first = quick.get_by_role("option").first
    expect(first.locator("mark")).to_have_text("冰箱没有按时")
    expect(first).to_have_attribute("aria-selected", "true")
    assert_accessible(desk)
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/desk/case/*/")
    expect(desk.locator("conversation-pane")).to_contain_text("冰箱没有按时安装")


def test_pages_and_actions_are_found_at_once(colleague: Colleague) -> None:
    page = colleague("ruth", "/desk/")
    page.keyboard.press("Control+k")
    page.keyboard.type("flo")
    floor = page.locator("#quick-search a.quick-hit[href$='/floor/']")
    expect(floor).to_be_visible()
    while floor.get_attribute("aria-selected") != "true":
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/floor/")
    page.keyboard.press("Control+k")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Search anything")).to_be_hidden()


def test_what_a_customer_says_is_found_within_a_second_or_so(colleague: Colleague, house: Running) -> None:
    customer = Customer(house, "Nora Quist", "My samovar whistles at night")
    page = colleague("grace", "/search/")
    field = page.get_by_role("searchbox")
    expect(field).to_be_focused()
    page.wait_for_timeout(1500)
    field.fill("samovra")  # a slip of the fingers
    page.keyboard.press("Enter")
    expect(page.locator("mark", has_text="samovar").first).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="Messages", exact=True).click()
    expect(page.locator(".hit-text", has_text="samovar whistles")).to_be_visible()
    customer.leave()


def test_on_a_phone_the_search_is_the_page(visitor: Callable[..., Page], colleague: Colleague) -> None:
    desk = colleague("grace")
    desk.set_viewport_size({"width": 390, "height": 844})
    desk.locator("[data-quick-search]").click()
    quick = desk.get_by_role("dialog", name="Search anything")
    box = quick.bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) == (390, 844)
    assert_accessible(desk)
