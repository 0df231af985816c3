"""The floor, whole: what a supervisor sees on a wall and does from the floor, and what the desks hear of it."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from heartline.ui.tests.axe import assert_accessible
from tests.browser import pictures
from tests.browser.desks import Colleague, Customers, field, take

pytestmark = pytest.mark.browser
SOON = 15_000


def test_a_wall_stands_by_itself_and_says_when_it_cannot_be_right(
    colleague: Colleague, customer: Customers, picture: Callable[[Page, str], None]
) -> None:
    wall = colleague("ruth", "/floor/wall/")
    assert_accessible(wall)
    before = int(wall.locator(".wall-figures dd").first.inner_text().split()[0])
    customer("周晓燕", "洗衣机一直响")
    expect(wall.locator(".wall-figures dd").first).to_contain_text(str(before + 1), timeout=SOON)
    assert "周晓燕" not in wall.content()
    if pictures.wanted():
        _a_busy_hour(colleague, customer)
    picture(wall, "wallboard-en")
    wall.context.set_offline(True)
    expect(wall.locator("#wall-lost")).to_contain_text("No connection since", timeout=40_000)
    wall.context.set_offline(False)
    expect(wall.locator("#wall-fresh")).to_have_attribute("data-state", "live", timeout=20_000)
    wall.mouse.move(40, 40)
    wall.get_by_text("Choose").click()
    wall.get_by_role("link", name="Chat, English").click()
    expect(wall.locator(".wall-title")).to_have_text("Chat, English")
    expect(wall.locator(".wall-queues tbody tr")).not_to_have_count(0)
    wall.keyboard.press("Escape")
    wall.wait_for_url("**/floor/")


def test_a_supervisor_whispers_announces_is_alerted_and_takes_over(colleague: Colleague, customer: Customers) -> None:
    floor = colleague("ruth", "/floor/alerts/rules/new/")
    floor.get_by_label("Name").fill("Nobody waits")
    floor.get_by_label("Limit").fill("1")
    floor.get_by_role("button", name="Save").click()
    expect(floor.locator("main")).to_contain_text("Nobody waits is saved")
    waiting = customer("陈雨桐", "冰箱还没装好")
    floor.goto("/floor/")
    desk = colleague("grace")
    served = customer("周晓燕", "洗衣机一直响")
    path = take(desk, "洗衣机")

    # a whisper: on the desk of who serves, and nowhere where the customer looks
    _in_hand(floor, "Whisper")
    floor.locator("#floor-whisper textarea").fill("先道歉，她昨天等了一天")
    floor.keyboard.press("Tab")
    floor.keyboard.press("Tab")
    floor.keyboard.press("Enter")
    expect(floor.locator(".toast")).to_contain_text("Only Grace Okafor sees it")
    whisper = desk.locator(".whisper")
    expect(whisper).to_contain_text("先道歉，她昨天等了一天", timeout=SOON)
    expect(whisper).to_contain_text("the customer does not see this")
    assert "道歉" not in " ".join(served.heard()) + str(served.state)
    assert_accessible(desk)
    whisper.get_by_role("button").click()
    expect(whisper.get_by_role("button")).to_have_count(0)

    # an alert: a banner on the floor, and a number at the bell
    alert = floor.locator(".floor-alert").filter(has_text="has waited")
    expect(alert.first).to_be_visible(timeout=40_000)
    expect(floor.locator("alert-bell [data-count]")).to_be_visible()
    assert_accessible(floor)
    alert.first.get_by_role("button", name="I look at it").click()
    expect(floor.locator(".floor-alert").filter(has_text="Ruth Adeyemi looks at it").first).to_be_visible()

    # an announcement: on desks until read
    floor.get_by_role("link", name="Announce").click()
    floor.get_by_label("What they should know").fill("Line 2 is down until noon")
    assert_accessible(floor)
    floor.get_by_role("button", name="Announce").click()
    told = desk.locator(".floor-notice").filter(has_text="Line 2 is down")
    expect(told).to_be_visible(timeout=SOON)
    told.get_by_role("button", name="I have read it").focus()
    desk.keyboard.press("Enter")
    expect(told).to_have_count(0)
    floor.reload()
    expect(floor.locator("main")).to_contain_text("1 have read it")

    # taking over: one act, with a card
    floor.goto("/floor/")
    _in_hand(floor, "Take over")
    expect(floor.get_by_label("What the customer wants")).to_have_value("洗衣机一直响")
    floor.get_by_label("What was promised").fill("今天六点前回电")
    floor.get_by_role("button", name="Take it over").click()
    floor.wait_for_url(f"**{path}")
    expect(field(floor)).to_be_visible()
    expect(floor.locator(".hand").filter(has_text="今天六点前回电")).to_be_visible()
    waiting.leave()


def _a_busy_hour(colleague: Colleague, customer: Customers) -> None:
    """Let people work and customers wait, as on a wall that is worth a picture."""
    for who, name, text in (
        ("omar", "Rosa Duarte", "My kettle arrived without its lid"),
        ("sofia", "Ines Roth", "Do you deliver to islands"),
        ("ana", "Jan Novak", "Is the oven in stock"),
    ):
        customer(name, text, language="en")
        desk = colleague(who)
        if who != "ana":
            take(desk, text)
        desk.locator("presence-menu summary").click()
        desk.get_by_role("menuitemradio", name="Training" if who == "sofia" else "Available").click()
    time.sleep(50)
    for name, text in (("许晴", "能送到海南吗"), ("刘洋", "烘干机什么时候能修")):
        customer(name, text)
        time.sleep(15)


def _in_hand(floor: Page, act: str) -> None:
    """Open what Grace has in hand and press a button there."""
    row = floor.locator("summary").filter(has_text="Grace")
    expect(row).to_contain_text("1 contact", timeout=SOON)
    button = floor.get_by_role("button", name=act, exact=True)
    if not button.is_visible():
        row.click()
    button.click()
