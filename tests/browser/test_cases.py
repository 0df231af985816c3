"""Working with cases in a real browser, by keyboard: tags, snooze, tasks, split and merge, macros, several at once."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from heartline.ui.tests.axe import assert_accessible
from tests.browser.desks import SLOW, Colleague, Customers, ready, take
from tests.running import Running

pytestmark = pytest.mark.browser


def take_back(desk: Page) -> None:
    """Press the key that undoes, once the page says that it can: what was done is often seen a moment before."""
    expect(desk.locator(".toast button").last).to_be_visible(timeout=SLOW)
    desk.keyboard.press("z")


def press(desk: Page, key: str) -> None:
    """Press a letter where no field takes it."""
    desk.locator("conversation-pane h1").focus()
    desk.keyboard.press(key)


def dialog(desk: Page) -> None:
    """Wait for a dialog that is there for everybody."""
    expect(desk.locator("dialog[open]")).to_be_visible()


def toast(desk: Page, words: str) -> None:
    """Wait for words said in passing."""
    expect(desk.locator("#toasts")).to_contain_text(words, timeout=SLOW)


def test_an_agent_tags_snoozes_and_is_reminded(customer: Customers, colleague: Colleague, house: Running) -> None:
    guest = customer("Dana Ruiz", "The lamp flickers at night", language="en")
    desk = colleague("omar")
    take(desk, "The lamp flickers at night")
    press(desk, "l")
    dialog(desk)
    desk.keyboard.type("lamp, night shift")
    desk.keyboard.press("Enter")
    expect(desk.locator(".case-tags .chip")).to_have_text(["lamp", "night shift"])
    take_back(desk)
    expect(desk.locator(".case-tags .chip")).to_have_count(0)

    press(desk, "s")
    dialog(desk)
    assert_accessible(desk)
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("case-bar")).to_contain_text("Snoozed until tomorrow 09:00")
    desk.keyboard.press("1")
    mine = desk.locator("inbox-list a.case").filter(has_text="Dana Ruiz")
    expect(mine).to_have_count(0)
    guest.say("OK, thank you!")
    desk.keyboard.press("3")
    expect(mine).to_contain_text("Snoozed until", timeout=SLOW)
    guest.say("It has gone out completely now")
    expect(desk.locator("case-bar")).to_contain_text("Back: the customer wrote", timeout=SLOW)
    desk.keyboard.press("1")
    expect(mine).to_contain_text("Back: the customer wrote")
    assert_accessible(desk)
    desk.get_by_role("button", name="Dealt with").click()
    expect(desk.locator("case-bar")).not_to_contain_text("Back: the customer wrote")


def test_a_task_goes_to_a_colleague_and_keeps_the_case_open(customer: Customers, colleague: Colleague) -> None:
    customer("Ilse Brandt", "Which invoice is the right one?", language="en")
    desk = colleague("omar")
    take(desk, "Which invoice is the right one?")
    press(desk, "w")
    dialog(desk)
    desk.keyboard.type("Look up invoice 4711")
    desk.keyboard.press("Enter")
    expect(desk.locator("case-bar")).to_contain_text("Look up invoice 4711")
    press(desk, "f")
    toast(desk, "You hear of this case from now on")
    desk.goto("/desk/tasks/")
    expect(desk.locator("main")).to_contain_text("Look up invoice 4711")
    assert_accessible(desk)
    desk.get_by_text("Close this task").last.click()
    desk.get_by_label("What came of it").last.fill("It is 4711")
    desk.get_by_role("button", name="Done").last.click()
    desk.goto("/desk/tasks/?view=done")
    expect(desk.locator("main")).to_contain_text("It is 4711")


def test_cases_are_linked_and_a_macro_shows_first_what_it_does(customer: Customers, colleague: Colleague) -> None:
    customer("Nora Lind", "Please register my oven", language="en")
    desk = colleague("omar")
    case = take(desk, "Please register my oven")
    number = re.findall(r"\d+", case)[0]
    desk.goto("/desk/macros/new/")
    desk.get_by_label("Title").fill("Registered")
    desk.get_by_label("Reply to the customer").fill("Dear {{customer.name}}, case {{case.number}} is registered")
    desk.get_by_label("Add tags").fill("registered")
    assert_accessible(desk)
    desk.get_by_role("button", name="Save").click()
    expect(desk.locator("main")).to_contain_text("Registered")
    desk.goto(case)
    ready(desk)
    press(desk, "m")
    lines = desk.locator("dialog[open] .macro-lines")
    expect(lines).to_contain_text(f"Dear Nora Lind, case {number} is registered")
    expect(lines).to_contain_text("cannot be taken back")
    assert_accessible(desk)
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("thread-view")).to_contain_text(f"case {number} is registered", timeout=SLOW)
    expect(desk.locator(".case-tags .chip")).to_have_text(["registered"])
    take_back(desk)
    expect(desk.locator(".case-tags .chip")).to_have_count(0)
    desk.locator(".case-more summary").click()
    desk.get_by_role("button", name="Link a case").click()
    dialog(desk)
    desk.keyboard.type("1")
    desk.keyboard.press("Enter")
    expect(desk.locator(".case-belongs")).to_contain_text("Case 1")


def test_several_cases_change_at_once_by_keyboard(colleague: Colleague) -> None:
    desk = colleague("wanglei", "/desk/cases/?view=queues&state=any")
    desk.wait_for_selector("#case-list[data-ready]")
    assert_accessible(desk)
    for key in ("j", "x", "j", "x"):
        desk.keyboard.press(key)
    expect(desk.locator("tr.is-chosen")).to_have_count(2)
    expect(desk.locator("#bulk-bar")).to_contain_text("已选 2 个")
    desk.keyboard.press("l")
    dialog(desk)
    desk.keyboard.type("抽查")
    desk.keyboard.press("Enter")
    expect(desk.locator("tr .chip").filter(has_text="抽查")).to_have_count(2, timeout=SLOW)
    assert_accessible(desk)
    take_back(desk)
    expect(desk.locator("tr .chip").filter(has_text="抽查")).to_have_count(0, timeout=SLOW)
