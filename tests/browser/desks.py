"""The desk as colleagues use it in a browser: what every journey at the desk does and looks at."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser.customers import Customer

Colleague = Callable[..., Page]
Customers = Callable[..., Customer]
SLOW = 15_000
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def take(desk: Page, words: str) -> str:
    """Pull a waiting contact from the list; returns the case's path."""
    ready(desk)
    desk.locator("inbox-list nav button").nth(1).click()
    desk.locator("inbox-list a.case").filter(has_text=words).click()
    expect(desk.locator("thread-view")).to_contain_text(words)
    desk.locator(".talk-waits .btn-primary").click()
    expect(field(desk)).to_be_visible()
    return re.sub(r"^https?://[^/]+", "", desk.url)


def ready(desk: Page) -> None:
    """Wait until the desk's script has drawn it and the stream is live."""
    desk.wait_for_selector("main[data-ready=yes]")
    expect(desk.locator(".top [data-live]")).to_have_attribute("data-state", "live", timeout=SLOW)


def field(desk: Page, mode: str = "reply") -> Locator:
    """Return the field for replies or notes."""
    return desk.locator(f"message-composer textarea[data-mode={mode}]")


def said(desk: Page, words: str) -> Locator:
    """Return messages in the conversation that say something."""
    return desk.locator("thread-view .msg").filter(has_text=words)
