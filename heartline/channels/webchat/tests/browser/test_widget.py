"""The widget on another site."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from heartline.channels.webchat.tests.browser.hands import Visit, answered, reply, write
from heartline.channels.webchat.tests.serving import site
from heartline.conversations.models import Contact, Message
from heartline.people.models import Brand
from heartline.ui.tests.axe import assert_accessible
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shop(address: str) -> Iterator[str]:
    html = f"""<!doctype html><html lang="en"><title>Shop</title><meta name="viewport" content="width=device-width">
        <h1>Shop</h1><script src="{address}/widget.js" data-brand="qinghe" data-want="BX-420" async></script>"""
    with site(html) as origin:
        Brand.objects.update(allowed_origins=[origin])
        yield origin


def test_the_widget_on_a_brand_s_site(visit: Visit, cast: Cast, shop: str) -> None:
    page = visit(f"{shop}/fridges")
    assert len(page.frames) == 1, "nothing is loaded before it is asked for"
    page.get_by_role("button", name="Chat with us").click()
    frame = page.frame_locator("iframe")
    expect(frame.locator("[data-told]")).to_contain_text("BX-420")
    sandbox = page.locator("iframe").get_attribute("sandbox") or ""
    assert "allow-top-navigation " not in f"{sandbox} "
    write(frame, "hello from the shop")
    expect(frame.locator("[data-end]")).to_be_visible()
    frame.locator("[data-text]").press("Escape")
    expect(page.locator("iframe")).to_be_hidden()
    expect(page.get_by_role("button", name="Chat with us")).to_be_focused()
    answered(cast)
    reply(cast, "hello", "r1")
    expect(page.get_by_role("button", name="Chat with us")).to_contain_text("1")
    page.reload()
    page.get_by_role("button", name="Chat with us").click()
    expect(page.frame_locator("iframe").locator(".chat-msg")).to_have_count(2)
    assert page.evaluate("document.cookie") == ""
    assert page.evaluate("JSON.stringify(localStorage)") == "{}"
    assert Contact.objects.get().came_from == shop


def test_a_site_that_is_not_the_brand_s_shows_nothing(chromium: Browser, cast: Cast, shop: str) -> None:
    Brand.objects.update(allowed_origins=["https://elsewhere.example"])
    page = chromium.new_page()
    refusals: list[str] = []
    page.on("console", lambda said: refusals.append(said.text))
    page.goto(shop)
    page.get_by_role("button", name="Chat with us").click()
    page.wait_for_timeout(800)
    assert [text for text in refusals if "frame-ancestors" in text]
    assert page.frames[1].url.startswith("chrome-error://")
    page.close()


def test_words_from_strangers_are_ignored(visit: Visit, cast: Cast, shop: str) -> None:
    page = visit(shop)
    page.get_by_role("button", name="Chat with us").click()
    frame = page.frame_locator("iframe")
    write(frame, "one")
    expect(frame.locator("[data-end]")).to_be_visible()
    page.evaluate(
        """() => {
            for (const data of [{heartline: "close"}, {heartline: "unread", count: 7}, null, "close", 7, {__proto__: {heartline: "close"}}]) {
                postMessage(data, "*");
                dispatchEvent(new MessageEvent("message", {data, origin: "null"}));
                dispatchEvent(new MessageEvent("message", {data, origin: "https://evil.example", source: window}));
            }
        }"""
    )
    page.wait_for_timeout(300)
    expect(page.locator("iframe")).to_be_visible()
    stranger = page.frames[1]
    stranger.evaluate(
        """() => {
            for (const origin of ["null", "https://evil.example", location.origin])
                dispatchEvent(new MessageEvent("message", {data: {heartline: "close"}, origin, source: window}));
        }"""
    )
    answered(cast)
    reply(cast, "still read here", "r1")
    expect(frame.locator(".chat-msg").last).to_contain_text("still read here")
    page.wait_for_timeout(600)
    assert Message.objects.latest("id").read_at, "the frame still knows that it is open"


def test_the_frame_on_a_phone_is_the_whole_screen_and_accessible(visit: Visit, cast: Cast, shop: str) -> None:
    page = visit(shop, size="phone")
    page.get_by_role("button", name="Chat with us").click()
    expect(page.frame_locator("iframe").locator("[data-text]")).to_be_visible()
    box = page.locator("iframe").bounding_box()
    assert box
    assert (box["width"], box["height"]) == (390, 844)
    alone = visit("/chat/qinghe/?language=zh-hans", size="phone", theme="dark", language="zh-hans")
    assert_accessible(alone)
