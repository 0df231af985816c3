"""The chat in a real Chromium: on the contact page and as a widget on another site."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from heartline.channels.webchat.tests.serving import serving, site
from heartline.common.clock import now
from heartline.conversations.actions.contacts import answer_contact, end_contact, return_contact
from heartline.conversations.actions.messages import add_message, mark_seen
from heartline.conversations.models import Case, Contact, Message
from heartline.people.actions import actor_for
from heartline.people.models import Brand, OpeningHours
from heartline.ui.tests.axe import assert_accessible
from heartline.voice_of_customer.actions import invite
from heartline.voice_of_customer.models import Response
from tests.cast import Cast, assemble

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SIZES = {"desktop": (1440, 900), "phone": (390, 844), "narrow": (320, 1600)}
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)
Visit = Callable[..., Page]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    # Playwright's loop runs in this thread, where Django then refuses its database; the tests here do not share it
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def cast() -> Cast:
    """The cast, in a house that never closes."""
    cast = assemble(now() - timedelta(hours=1))
    OpeningHours.objects.all().delete()
    for weekday in range(7):
        OpeningHours.objects.create(brand=cast.brand, weekday=weekday, opens=time(0), closes=time(0))
    Brand.objects.update(greeting_en="Tell us what happened.")
    return cast


@pytest.fixture(scope="module")
def served(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    with django_db_blocker.unblock(), serving() as where:  # the live threads read all the time, also between tests
        yield where


@pytest.fixture
def address(cast: Cast, served: str, settings: Any, tmp_path: Path) -> str:
    settings.ATTACHMENT_FOLDER = tmp_path / "attachments"
    return served


@pytest.fixture
def visit(chromium: Browser, address: str) -> Iterator[Visit]:
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def go(path: str = "/", *, size: str = "desktop", theme: str = "light", language: str = "en", **more: Any) -> Page:
        width, height = SIZES[size]
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if theme == "dark" else "light",
            locale="zh-CN" if language == "zh-hans" else "en-GB",
            has_touch=size != "desktop",
            **more,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if "Security Policy" in said.text else None)
        page.goto(path if path.startswith("http") else address + path)
        return page

    yield go
    for context in contexts:
        context.close()
    assert faults == []


def write(page: Any, text: str) -> None:
    page.locator("[data-text]").fill(text)
    page.locator("[data-text]").press("Enter")


def marks(page: Any) -> str:
    return str(page.locator(".chat-me .chat-mark").last.inner_text())


def answered(cast: Cast) -> Contact:
    return answer_contact(Contact.objects.latest("id"), cast.grace, by=actor_for(cast.grace), now=now())


def reply(cast: Cast, text: str, key: str) -> Message:
    contact = Contact.objects.latest("id")
    return add_message(contact, "reply", text, client_key=key, by=actor_for(cast.grace), now=now())


def test_a_conversation_live_in_both_directions(visit: Visit, cast: Cast) -> None:
    page = visit("/?want=installer+did+not+come#chat")
    expect(page.locator("[data-told]")).to_contain_text("installer did not come")
    write(page, "When will it be done?")
    expect(page.locator("[data-sub]")).to_have_text("You are in line")
    expect(page.locator("[data-line]")).to_contain_text("can’t give a fair estimate")
    assert marks(page) == "Sent"
    contact = answered(cast)
    expect(page.locator("[data-title]")).to_have_text("欧嘉怡")
    expect(page.locator(".chat-note", has_text="欧嘉怡 is here")).to_be_visible()
    said = reply(cast, "I am looking into it: https://example.com/track?a=1", "r1")
    expect(page.locator(".chat-msg").last).to_contain_text("I am looking into it")
    assert page.locator(".chat-msg a").get_attribute("rel") == "noopener noreferrer"
    first = contact.messages.order_by("id").first()
    assert first
    mark_seen(contact, first.id, seen="read", side="person", by=actor_for(cast.grace), now=now())
    expect(page.locator(".chat-me .chat-mark").last).to_have_text("Read")
    page.wait_for_timeout(700)
    said.refresh_from_db()
    assert said.read_at, "the customer has it on screen"
    assert Case.objects.get().wants == "installer did not come"


def test_history_is_there_after_a_reload_and_nothing_else_is_kept(visit: Visit, cast: Cast) -> None:
    page = visit("/#chat")
    write(page, "My secret is 6222")
    expect(page.locator("[data-end]")).to_be_visible()
    answered(cast)
    reply(cast, "I see", "r1")
    expect(page.locator(".chat-msg")).to_have_count(2)
    page.reload()
    expect(page.locator(".chat-msg")).to_have_count(2)
    expect(page.locator("[data-my-chat]")).to_contain_text("Case")
    kept = page.evaluate("[JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.cookie]")
    assert "6222" not in "".join(kept)
    assert list(page.evaluate("Object.keys(localStorage)")) == ["heartline-visitor-qinghe"]


def test_what_is_written_without_a_network_goes_by_itself_and_once(visit: Visit, cast: Cast) -> None:
    page = visit("/#chat")
    write(page, "one")
    expect(page.locator("[data-end]")).to_be_visible()
    page.context.set_offline(True)
    write(page, "two")
    write(page, "three")
    expect(page.locator("[data-line]")).to_contain_text(
        "Connection lost, reconnecting. 1 sent messages are safe; 2 waiting"
    )
    assert marks(page) == "Sending"
    answered(cast)
    reply(cast, "meanwhile", "r1")
    page.context.set_offline(False)
    expect(page.locator(".chat-me .chat-mark").last).to_have_text("Sent", timeout=12000)
    expect(page.locator(".chat-msg", has_text="meanwhile")).to_have_count(1)
    expect(page.locator("[data-line]")).not_to_contain_text("Connection lost")
    bodies = Message.objects.order_by("id").values_list("body", flat=True)
    assert sorted(bodies) == ["meanwhile", "one", "three", "two"]
    assert [body for body in bodies if body in ("two", "three")] == ["two", "three"]


def test_an_answer_that_is_lost_on_the_way_doubles_nothing(visit: Visit) -> None:
    page = visit("/#chat")
    write(page, "one")
    expect(page.locator("[data-end]")).to_be_visible()
    lost: list[Any] = []

    def swallow(route: Any) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.fetch())
        route.abort()

    page.route("**/chat/api/messages", swallow)
    write(page, "two")
    expect(page.locator(".chat-me .chat-mark").last).to_have_text("Sent", timeout=12000)
    assert lost[0].status == 201
    assert Message.objects.filter(body="two").count() == 1
    expect(page.locator(".chat-me")).to_have_count(2)


def test_a_refused_message_is_kept_and_can_be_tried_again(visit: Visit) -> None:
    page = visit("/#chat")
    write(page, "one")
    expect(page.locator("[data-end]")).to_be_visible()
    page.route("**/chat/api/messages", lambda route: route.fulfill(status=500, body="{}"))
    write(page, "two")
    expect(page.locator(".chat-failed")).to_contain_text("two")
    expect(page.locator(".chat-failed .chat-mark")).to_contain_text("Not sent. Your text is kept")
    page.unroute("**/chat/api/messages")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".chat-failed")).to_have_count(0)
    expect(page.locator(".chat-me .chat-mark").last).to_have_text("Sent")
    assert Message.objects.filter(body="two").count() == 1


def test_all_of_it_by_keyboard(visit: Visit) -> None:
    page = visit("/")
    way = page.locator(".people a[href='#chat']")
    way.focus()
    way.press("Enter")
    expect(page.locator("[data-text]")).to_be_focused()
    page.keyboard.type("first line")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("second line")
    page.keyboard.press("Enter")
    expect(page.locator(".chat-text")).to_have_text("first line\nsecond line")
    expect(page.locator("[data-text]")).to_be_focused()
    page.locator("[data-end]").click()
    expect(page.get_by_role("button", name="Stop waiting")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("[data-leaving]")).to_be_hidden()
    expect(page.locator("[data-text]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("[data-chat]")).to_be_hidden()
    expect(way).to_be_focused()


def test_enter_that_chooses_a_word_sends_nothing(visit: Visit) -> None:
    page = visit("/#chat", language="zh-hans")
    page.locator("[data-text]").fill("shifu")
    for event in ({"isComposing": True}, {"keyCode": 229}):
        page.locator("[data-text]").dispatch_event("keydown", {"key": "Enter", "bubbles": True, **event})
    expect(page.locator(".chat-msg")).to_have_count(0)
    assert page.locator("[data-text]").input_value() == "shifu"


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


def test_a_call_instead_keeps_the_place(visit: Visit) -> None:
    page = visit("/#chat")
    write(page, "one")
    expect(page.locator("[data-end]")).to_be_visible()
    page.locator("[data-call-me]").click()
    expect(page.locator("#chat-phone")).to_be_focused()
    page.locator("#chat-phone").fill("12")
    page.locator("[data-callback] .chat-go").click()
    expect(page.locator("[data-callback] [data-error]")).to_contain_text("cannot be right")
    page.locator("#chat-phone").fill("138 0013 8000")
    page.locator("[data-callback] .chat-go").click()
    expect(page.locator("[data-line]")).to_contain_text("Done. We’ll ring")
    chat, call = Contact.objects.order_by("id")
    assert (call.channel, call.asked_at) == ("callback", chat.asked_at)


def test_handed_over_then_asked_how_it_was(visit: Visit, cast: Cast) -> None:
    page = visit("/#chat")
    write(page, "one")
    expect(page.locator("[data-end]")).to_be_visible()
    contact = answered(cast)
    expect(page.locator("[data-title]")).to_have_text("欧嘉怡")
    return_contact(
        contact, to_queue=cast.chat_zh, preferred=cast.lina, why="transfer", by=actor_for(cast.grace), now=now()
    )
    expect(page.locator(".chat-note", has_text="A colleague who can deal with this takes over")).to_be_visible()
    answer_contact(contact, cast.lina, by=actor_for(cast.lina), now=now())
    expect(page.locator(".chat-note", has_text="李娜 has taken over")).to_be_visible()
    end_contact(contact, ended_by="person", by=actor_for(cast.lina), now=now())
    invite(contact, by=actor_for(cast.lina), now=now())
    page.get_by_label("Dissatisfied", exact=True).check()
    page.locator("#chat-comment").fill("it took long")
    page.get_by_role("button", name="Send answer").click()
    expect(page.locator(".chat-note", has_text="Thank you for being frank")).to_be_visible()
    expect(page.locator("[data-rating]")).to_be_hidden()
    given = Response.objects.get()
    assert (given.score, given.comment, given.came_by) == (2, "it took long", "chat")


def test_waiting_goes_on_behind_a_closed_panel(visit: Visit, cast: Cast) -> None:
    page = visit("/#chat")
    write(page, "one")
    expect(page.locator("[data-end]")).to_be_visible()
    page.locator("[data-close-chat]").click()
    answered(cast)
    reply(cast, "here I am", "r1")
    expect(page).to_have_title(re.compile(r"^\(1 new\) "))
    page.locator("[data-my-chat] a").click()
    expect(page.locator(".chat-msg").last).to_contain_text("here I am")
    expect(page).not_to_have_title(re.compile("new"))


@pytest.mark.parametrize(
    ("size", "theme", "language"),
    [
        ("desktop", "light", "en"),
        ("desktop", "dark", "zh-hans"),
        ("phone", "light", "zh-hans"),
        ("phone", "dark", "en"),
        ("narrow", "light", "en"),
    ],
)
def test_fit_for_every_reader(visit: Visit, cast: Cast, address: str, size: str, theme: str, language: str) -> None:
    look = {"size": size, "theme": theme, "language": language}
    page = visit("/?want=师傅没来 installer", **look)
    assert_accessible(page)
    number = page.locator(".tel").bounding_box()
    assert number
    assert number["y"] + number["height"] <= 120
    for path in ("b/qinghe/message?want=fridge", "b/qinghe/complaint", "b/qinghe/call-me"):
        page.goto(f"{address}/{path}")
        assert_accessible(page)
    page.goto(f"{address}/?want=fridge#chat")
    assert_accessible(page, within="#chat")
    write(page, "hello")
    expect(page.locator("[data-end]")).to_be_visible()
    answered(cast)
    reply(cast, "您好 hello", "r1")
    expect(page.locator(".chat-msg")).to_have_count(2)
    page.locator("[data-call-me]").click()
    assert_accessible(page, within="#chat")


def test_without_scripts_there_is_still_a_person(visit: Visit, address: str) -> None:
    page = visit("/?want=fridge", java_script_enabled=False)
    page.locator(".people a[href='#chat']").click()
    expect(page.locator(".chat-without")).to_contain_text("Chat needs JavaScript")
    page.locator(".chat-without a", has_text="Leave a message").click()
    page.locator("textarea[name=text]").fill("It hums")
    page.get_by_role("button", name="Send the message").click()
    expect(page.locator(".said")).to_contain_text("It hums")
    expect(page.locator(".notice-kept")).to_contain_text("We have it")
    page.locator("textarea[name=text]").fill("And leaks")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".said")).to_contain_text("And leaks")
    page.goto(address)
    expect(page.locator(".mine", has_text="Continue my case")).to_contain_text("fridge")


def test_what_a_closed_chat_could_not_send_goes_into_the_message(visit: Visit) -> None:
    page = visit("/#chat")
    OpeningHours.objects.all().delete()
    write(page, "too late, it seems")
    expect(page.locator("[data-problem]")).to_contain_text("We are closed now")
    page.locator("[data-problem] a").click()
    expect(page.locator("textarea[name=text]")).to_have_value("too late, it seems")
    assert "#" not in page.url


# On another site


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


def test_a_number_that_cannot_be_right_can_be_mended_before_the_chat_starts(visit: Visit) -> None:
    page = visit("/#chat")
    page.get_by_label("Phone or e-mail").fill("12")
    write(page, "my long story")
    expect(page.locator("[data-problem]")).to_contain_text("cannot be right")
    page.get_by_label("Phone or e-mail").fill("13800138000")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("[data-end]")).to_be_visible()
    assert Message.objects.get().body == "my long story"
