"""The floor, whole: what a supervisor sees on a wall and does from the floor, and what the desks hear of it."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from heartline.ui.tests.axe import assert_accessible
from tests.browser.desks import Colleague, Customers

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
    picture(wall, "wallboard")
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
