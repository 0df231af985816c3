"""Types of cases in a real browser, by keyboard: an administrator sets one up, an agent fills it in and finishes with it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from heartline.ui.tests.axe import assert_accessible
from tests.browser.desks import Colleague, Customers, take

pytestmark = pytest.mark.browser


def add_field(page: Page, name: str, chinese: str, kind: str, *, choices: str = "", needed: bool = False) -> None:
    """Add a field to the type whose page of a new field is open, or can be reached from the list."""
    page.locator("[name=name_en]").fill(name)
    page.locator("[name=name_zh]").fill(chinese)
    page.locator("[name=kind]").select_option(kind)
    page.locator("[name=listed]").fill(choices)
    page.locator("[name=is_needed]").set_checked(needed)
    page.get_by_role("button", name="Save").press("Enter")
    expect(page.get_by_role("link", name=name, exact=True)).to_be_visible()


def test_a_type_is_set_up_filled_in_and_found(customer: Customers, colleague: Colleague) -> None:
    admin = colleague("mia", "/setup/case-types/")
    assert_accessible(admin)
    admin.get_by_role("link", name="Add a case type").focus()
    admin.keyboard.press("Enter")
    admin.locator("[name=name_en]").fill("Installation")
    admin.locator("[name=name_zh]").fill("安装")
    admin.keyboard.press("Enter")
    expect(admin.get_by_role("heading", name="Add a field")).to_be_visible()
    add_field(admin, "Device", "设备", "choice", choices="Fridge | 冰箱\nOven | 烤箱", needed=True)
    admin.get_by_role("link", name="Add a field to Installation").focus()
    admin.keyboard.press("Enter")
    expect(admin.get_by_role("heading", name="Add a field")).to_be_visible()
    assert_accessible(admin)
    add_field(admin, "Visit on", "上门日期", "date")
    admin.get_by_role("button", name="Move Visit on up").focus()
    admin.keyboard.press("Enter")
    expect(admin.locator(".reasons").last.locator("a").first).to_have_text("Visit on")

    guest = customer("Noor Aziz", "When will the oven be built in?", language="en")
    desk = colleague("omar")
    take(desk, "When will the oven be built in?")
    desk.get_by_role("button", name="Choose a type").focus()
    desk.keyboard.press("Enter")
    desk.locator("dialog[open]").get_by_label("Type of case").select_option(label="Installation")
    expect(desk.locator("dialog[open]").get_by_label("Visit on")).to_be_visible()
    assert_accessible(desk)
    desk.get_by_label("Visit on").fill("2026-12-01")
    desk.keyboard.press("Control+Enter")
    facts = desk.locator(".case-facts")
    expect(facts).to_contain_text("2026-12-01")
    expect(facts).to_contain_text("1 still to fill in")
    assert_accessible(desk)

    guest.leave()
    form = desk.locator("wrap-up-form form")
    form.locator("[name=reason_id]").select_option(index=1)
    form.get_by_label("Solved", exact=True).check()
    desk.keyboard.press("Control+Enter")
    expect(form.get_by_role("alert")).to_contain_text("Fill in first: Device")
    form.get_by_label("Device").select_option("Oven")
    assert_accessible(desk)
    form.get_by_role("button", name="Finish").click()
    expect(desk.locator("wrap-up-form form")).to_have_count(0)

    desk.goto("/desk/cases/?view=queues&state=any")
    desk.get_by_label("Type of case").select_option(label="Installation")
    desk.get_by_role("button", name="Filter").click()
    desk.get_by_label("Field", exact=True).select_option(label="Device")
    desk.get_by_label("What the field holds").fill("oven")
    desk.keyboard.press("Enter")
    expect(desk.locator(".cases-table tbody tr")).to_have_count(1)
    assert_accessible(desk)
