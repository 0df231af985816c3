"""Files on their way into a message."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from heartline.channels.webchat.tests.browser.hands import Visit, write
from heartline.conversations.models import Message

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)


def test_pictures_come_by_button_paste_and_drop(visit: Visit) -> None:
    page = visit("/#chat")
    write(page, "see here")
    expect(page.locator("[data-attach]")).to_be_visible()
    page.locator("[data-file]").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": PICTURE})
    expect(page.locator(".chat-files li")).to_contain_text("a.png · 1 KB")
    page.evaluate(
        """([bytes]) => {
            const file = (name) => {
                const held = new DataTransfer();
                held.items.add(new File([Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))], name, {type: "image/png"}));
                return held;
            };
            document.querySelector("[data-text]").dispatchEvent(new ClipboardEvent("paste", {clipboardData: file("b.png"), bubbles: true, cancelable: true}));
            document.querySelector("[data-chat]").dispatchEvent(new DragEvent("drop", {dataTransfer: file("c.png"), bubbles: true, cancelable: true}));
        }""",
        [base64.b64encode(PICTURE).decode()],
    )
    expect(page.locator(".chat-files li")).to_have_count(3)
    page.get_by_role("button", name="Remove c.png").click()
    expect(page.locator(".chat-files li", has_text="b.png · ")).to_have_count(1)
    page.locator("[data-text]").press("Enter")
    expect(page.locator(".chat-me img")).to_have_count(2)
    assert sorted(Message.objects.latest("id").attachments.values_list("name", flat=True)) == ["a.png", "b.png"]
    page.reload()
    expect(page.locator(".chat-me img")).to_have_count(2)


def test_a_file_that_got_lost_on_its_way_is_sent_again_with_its_message(visit: Visit) -> None:
    page = visit("/#chat")
    write(page, "see here")
    expect(page.locator("[data-attach]")).to_be_visible()
    held: list[Any] = []
    page.route("**/chat/api/files", lambda route: held.append(route) if not held else route.continue_())
    page.locator("[data-file]").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": PICTURE})
    expect(page.locator(".chat-files li")).to_have_count(1)
    write(page, "the bill")
    while not held:
        page.wait_for_timeout(20)
    held[0].abort()
    expect(page.locator(".chat-me img")).to_have_count(1, timeout=12000)
    assert Message.objects.latest("id").attachments.count() == 1


def test_files_we_do_not_take_are_refused_in_words_and_the_text_stays(visit: Visit, tmp_path: Path) -> None:
    page = visit("/#chat")
    write(page, "see here")
    expect(page.locator("[data-attach]")).to_be_visible()
    page.locator("[data-text]").fill("my text")
    page.locator("[data-file]").set_input_files(
        {"name": "a.exe", "mimeType": "image/png", "buffer": b"MZ" + b"\0" * 99}
    )
    expect(page.locator("[data-problem]")).to_contain_text("We can’t take .exe files")
    page.get_by_role("button", name="Remove a.exe").click()
    page.evaluate("document.querySelector('[data-problem]').hidden = true")
    large = tmp_path / "b.pdf"
    large.write_bytes(b"%PDF-1.7" + b"\0" * (20 * 1024 * 1024))
    page.locator("[data-file]").set_input_files(large)
    expect(page.locator("[data-problem]")).to_contain_text("20.0 MB and the limit is 20 MB")
    assert page.locator("[data-text]").input_value() == "my text"
