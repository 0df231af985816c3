"""Every reader and every browser reaches a person."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route, expect

from heartline.channels.webchat.tests.browser.hands import Visit, answered, reply, write
from heartline.conversations.models import Contact, Message
from heartline.people.models import OpeningHours
from heartline.promises.callbacks.models import Call
from heartline.ui.tests.axe import assert_accessible
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


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


@pytest.mark.parametrize(
    ("position", "wait", "words"),
    [
        (1, [0, 1], "You’re next. Somebody takes this in about a minute"),
        (2, [0, 1], "1 ahead of you, about a minute."),
        (1, [0, 4], "You’re next, probably within 4 minutes."),
        (3, [0, 4], "2 ahead of you, probably within 4 minutes."),
        (3, [2, 4], "2 ahead of you, about 2 to 4 minutes."),
    ],
)
def test_a_wait_is_said_as_people_say_it(visit: Visit, position: int, wait: list[int], words: str) -> None:
    page = visit("/")

    def told(route: Route) -> None:
        answer = route.fetch()
        state = answer.json()
        if isinstance(state, dict) and state.get("queue"):
            state["queue"] = {"position": position, "said": "as_told", "wait": wait}
        route.fulfill(response=answer, json=state)

    page.route("**/chat/api/*", told)
    page.goto(f"{page.url}?want=help#chat")
    write(page, "hello")
    expect(page.locator("[data-line]")).to_contain_text(words)


def test_enter_that_chooses_a_word_sends_nothing(visit: Visit) -> None:
    page = visit("/#chat", language="zh-hans")
    page.locator("[data-text]").fill("shifu")
    for event in ({"isComposing": True}, {"keyCode": 229}):
        page.locator("[data-text]").dispatch_event("keydown", {"key": "Enter", "bubbles": True, **event})
    expect(page.locator(".chat-msg")).to_have_count(0)
    assert page.locator("[data-text]").input_value() == "shifu"


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
    window = page.viewport_size
    assert window
    # what the bar at a phone's foot covers for a moment is not what is looked at here
    page.set_viewport_size({"width": window["width"], "height": 2400})
    for path in ("b/qinghe/message?want=fridge", "b/qinghe/complaint", "b/qinghe/call-me"):
        page.goto(f"{address}/{path}")
        assert_accessible(page)
    page.set_viewport_size(window)
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


def test_a_call_at_a_time_is_chosen_by_keyboard_on_a_phone(visit: Visit) -> None:
    page = visit("/#chat", language="zh-hans", size="phone")
    write(page, "one")
    expect(page.locator("[data-end]")).to_be_visible()
    page.locator("[data-call-me]").press("Enter")
    expect(page.locator("#chat-phone")).to_be_focused()
    page.keyboard.type("13800138000")
    page.keyboard.press("Tab")
    when = page.locator("#chat-when")
    expect(when).to_be_focused()
    expect(when.locator("option").nth(2)).to_be_attached()
    assert_accessible(page)
    page.keyboard.press("ArrowDown")
    chosen = when.input_value()
    assert chosen
    page.locator("#chat-phone").press("Enter")
    expect(page.locator("[data-line]")).to_contain_text("记下了")
    call = Call.objects.get()
    assert call.slot_at
    assert call.slot_at.isoformat() == chosen


def test_what_a_closed_chat_could_not_send_goes_into_the_message(visit: Visit) -> None:
    page = visit("/#chat")
    OpeningHours.objects.all().delete()
    write(page, "too late, it seems")
    expect(page.locator("[data-problem]")).to_contain_text("We are closed now")
    page.locator("[data-problem] a").click()
    expect(page.locator("textarea[name=text]")).to_have_value("too late, it seems")
    assert "#" not in page.url


def test_a_number_that_cannot_be_right_can_be_mended_before_the_chat_starts(visit: Visit) -> None:
    page = visit("/#chat")
    page.get_by_label("Phone or e-mail").fill("12")
    write(page, "my long story")
    expect(page.locator("[data-problem]")).to_contain_text("cannot be right")
    page.get_by_label("Phone or e-mail").fill("13800138000")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("[data-end]")).to_be_visible()
    assert Message.objects.get().body == "my long story"
