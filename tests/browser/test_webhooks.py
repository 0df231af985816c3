"""Webhooks and the audit log in a real browser, by keyboard, with a receiver that checks what it is sent."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from heartline.api.webhooks.tests.receiver import Receiver, verified
from heartline.ui.tests.axe import assert_accessible
from tests.browser.conftest import PHONE, password_of
from tests.browser.customers import Customer
from tests.running import Running

pytestmark = pytest.mark.browser
Colleague = Callable[..., Page]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    server = receiver.start()
    yield receiver
    server.shutdown()
    server.server_close()


def test_another_system_hears_what_happens(
    colleague: Colleague, house: Running, receiver: Receiver, picture: Callable[[Page, str], None]
) -> None:
    page = colleague("mia", "/setup/webhooks/")
    assert_accessible(page)
    page.get_by_role("link", name="Add a webhook").first.focus()
    page.keyboard.press("Enter")
    page.locator("[name=password]").fill(password_of(house))
    page.keyboard.press("Enter")
    arrived_at("/setup/webhooks/new/", page)
    page.locator("[name=name]").fill("Shop")
    page.locator("[name=url]").fill(receiver.url)
    page.locator("summary").filter(has_text="Cases and contacts").focus()
    page.keyboard.press("Enter")
    page.get_by_role("checkbox", name="conversations.case_opened").focus()
    page.keyboard.press("Space")
    assert_accessible(page)
    page.get_by_role("button", name="Add and show the secret").focus()
    page.keyboard.press("Enter")
    secret = page.get_by_label("Give this secret to the receiver").input_value()
    assert_accessible(page)
    page.get_by_role("button", name="Send a test").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("A test is on its way")).to_be_visible()
    arrived(receiver, "webhooks.webhook_tested")
    Customer(house, "周敏", "我的订单什么时候到？")
    arrived(receiver, "conversations.case_opened")
    assert all(verified(secret, one) for one in receiver.taken)
    delivered = page.get_by_role("row").filter(has_text="Delivered")
    for _look in range(20):  # the receiver knows of it a moment before the log does
        page.reload()
        if delivered.count() == 2:
            break
    expect(delivered).to_have_count(2)
    assert_accessible(page)
    picture(page, "webhooks-en")
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.querySelector('main').scrollWidth <= innerWidth")


def test_what_was_done_is_found_in_the_audit_log(colleague: Colleague) -> None:
    page = colleague("mia", "/setup/audit/")
    page.locator("[name=kind]").select_option("people.signed_in")
    page.locator("[name=person]").select_option(label="Mia Novak")
    page.get_by_role("button", name="Show").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("row").nth(1)).to_contain_text("Mia Novak")
    assert_accessible(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="As a file (CSV)").click()
    assert download.value.suggested_filename.startswith("heartline-audit-")
    assert "people.signed_in" in download.value.path().read_text()


def test_the_log_fits_a_phone(visitor: Callable[..., Page], house: Running) -> None:
    page = visitor("/account/login/?next=/setup/webhooks/", **PHONE)
    page.fill("input[name=login]", "mia@qinghe.example")
    page.fill("input[name=password]", password_of(house))
    page.keyboard.press("Enter")
    arrived_at("/setup/webhooks/", page)
    page.goto("/setup/audit/")
    assert_accessible(page)


def arrived_at(path: str, page: Page) -> Page:
    """Wait until a page is at an address; the way there leads through signing in, which names it, too."""
    page.wait_for_url(lambda url: urlsplit(url).path == path)
    return page


def arrived(receiver: Receiver, kind: str) -> None:
    """Wait until the receiver has something of a kind."""
    until = time.monotonic() + 20
    while kind not in [one.told["type"] for one in receiver.taken]:
        assert time.monotonic() < until, f"{kind} did not arrive"
        time.sleep(0.05)
