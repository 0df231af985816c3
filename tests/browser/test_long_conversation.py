"""A conversation of thousands of messages: read from anywhere, nothing moves by itself, the page stays small."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from heartline.ui.tests.axe import assert_accessible
from tests.browser.desks import SLOW, Colleague, Customers, field, ready, said, take
from tests.running import Running

pytestmark = pytest.mark.browser
MANY = 3000
MOST_IN_PAGE = 80
ADD = """INSERT INTO conversations_message
    (contact_id, case_id, kind, author_kind, author_name, body, client_key, at, delivered_at, read_at)
    VALUES (?, ?, 'reply', ?, 'Vera Lindholm', ?, ?, ?, ?, ?)"""
# What stands in the sight: the first message and how far below the top it begins.
SIGHT = """() => { const thread = document.querySelector("thread-view"); return thread.window.seen(); }"""
PLACE_OF = """(key) => {
    const thread = document.querySelector("thread-view");
    return thread.window.elementOf(key).getBoundingClientRect().top - thread.getBoundingClientRect().top;
}"""
# Whatever is fetched, said and pushed out in whatever order: what is shown is a part of the conversation without a hole.
HOLDS_TOGETHER = """async () => {
    const { Said } = await import(new URL("said.js", document.querySelector("script[src*='service/desk']").src));
    let seed = 7;
    const dice = (sides) => (seed = (seed * 1103515245 + 12345) % 2147483648) % sides;
    const at = (id) => new Date(Date.UTC(2026, 0, 1) + id * 60000).toISOString();
    const of = (ids) => Object.fromEntries(ids.map((id) => [id, { id, at: at(id), author_kind: "customer", kind: "reply", contact_id: 1, read_at: null }]));
    const wrong = [];
    for (let round = 0; round < 60; round++) {
        const server = Array.from({ length: 150 + dice(900) }, (_, n) => n * 2 + 1);
        const talk = () => ({ messages: of(server.slice(-200)) });
        const stretch = (from, to) => ({ messages: of(server.slice(Math.max(0, from), to)), lines: [], has_older: from > 0, has_newer: to < server.length });
        const held = new Said();
        held.begin(talk());
        for (let step = 0; step < 40; step++) {
            const rows = held.rows;
            const first = server.indexOf(rows[0].id), last = server.indexOf(rows.at(-1).id);
            const what = dice(6);
            if (what === 0 && held.hasOlder) held.putBefore(stretch(first - 100, first + 1));
            if (what === 1 && held.isApart) held.putAfter(stretch(last, last + 101));
            if (what === 2) { const place = dice(server.length); held.hold(stretch(place - 60, place + 61)); }
            if (what === 3) { for (let n = 0; n <= dice(3); n++) { server.push(server.at(-1) + 2); held.follow(talk(), dice(2) === 1); } }
            if (what === 4) { for (let n = dice(400); n > 0; n--) server.push(server.at(-1) + 2); held.follow(talk(), dice(2) === 1); }
            if (what === 5 && !dice(4)) held.leave();
            const ids = held.rows.map((one) => one.id);
            const begins = server.indexOf(ids[0]);
            const isWhole = ids.every((id, n) => id === server[begins + n]);
            const isRight = held.isApart || ids.at(-1) === server.at(-1);
            if (!isWhole || !isRight || (begins > 0 && !held.hasOlder)) wrong.push([round, step, what, isWhole, isRight]);
        }
    }
    return wrong;
}"""


def fill(house: Running, case: str) -> list[int]:
    """Let much have been said in a case already; returns the messages."""
    case_id, now = int(case.split("/")[3]), datetime.now(UTC)
    with closing(sqlite3.connect(house.folder / "heartline.sqlite3", timeout=30)) as base, base:
        (contact_id,) = base.execute("SELECT id FROM conversations_contact WHERE case_id = ?", (case_id,)).fetchone()
        for number in range(MANY):
            at = (now + timedelta(microseconds=100 * number)).strftime("%Y-%m-%d %H:%M:%S.%f")
            text = f"Message {number:04}. " + "It hums, then it stops. " * (number * 7 % 12)
            side = "person" if number % 3 else "customer"
            base.execute(ADD, (contact_id, case_id, side, text, f"filled{number:05}", at, at, at))
        rows = base.execute("SELECT id FROM conversations_message WHERE case_id = ? ORDER BY id", (case_id,))
        return [id for (id,) in rows]


def scroll(desk: Page, by: int) -> None:
    """Turn the wheel, and see that all that stands in sight moves with it and nothing else does."""
    place = desk.evaluate(SIGHT)
    desk.mouse.wheel(0, by)
    desk.wait_for_function(
        "([key, from]) => { const found = document.querySelector('thread-view').window.elementOf(key);"
        " return found && Math.abs(found.getBoundingClientRect().top - document.querySelector('thread-view').getBoundingClientRect().top - from) < 2; }",
        arg=[place["key"], place["from"] - by],
    )
    assert desk.locator("thread-view .said > *").count() <= MOST_IN_PAGE


def test_a_long_conversation_is_read_from_anywhere(house: Running, customer: Customers, colleague: Colleague) -> None:
    guest = customer("Vera Lindholm", "My fridge hums", language="en")
    desk = colleague("sofia")
    case = take(desk, "My fridge hums")
    every = fill(house, case)
    desk.goto("/desk/")
    desk.goto(case)
    ready(desk)
    newest = said(desk, f"Message {MANY - 1:04}")
    expect(newest).to_be_in_viewport()

    # Upwards, further than came at first: nothing jumps while more is fetched.
    desk.locator("thread-view").hover()
    for _turn in range(24):
        scroll(desk, -700)
    desk.wait_for_function("() => document.querySelector('thread-view').said.rows.length > 200")
    scroll(desk, -700)

    # From a link, both ways; what is said meanwhile is told and counted, and moves nothing.
    desk.goto(f"{case}#message-{every[1200]}")
    expect(said(desk, "Message 1199.")).to_be_focused()
    scroll(desk, -700)
    for _turn in range(6):
        scroll(desk, 700)
    desk.wait_for_function("() => !document.querySelector('thread-view').fetching")
    before = desk.evaluate(SIGHT)
    guest.say("Now it has stopped humming")
    below = desk.get_by_role("button", name="1 new below")
    expect(below).to_be_visible(timeout=SLOW)
    assert desk.evaluate(PLACE_OF, before["key"]) == before["from"]
    expect(desk.locator("#said-politely")).to_have_text("Vera Lindholm says: Now it has stopped humming")
    assert_accessible(desk)
    below.press("Enter")
    expect(said(desk, "stopped humming")).to_be_in_viewport()
    expect(desk.get_by_role("separator", name="New from here")).to_be_in_viewport()

    # By keyboard to the beginning, message by message, and to the end again.
    desk.locator("thread-view").focus()
    desk.keyboard.press("Home")
    expect(said(desk, "My fridge hums")).to_be_in_viewport()
    desk.locator("thread-view").focus()
    desk.keyboard.press(".")
    expect(said(desk, "My fridge hums")).to_be_focused()
    desk.keyboard.press(".")
    expect(said(desk, "Message 0000.")).to_be_focused()
    desk.keyboard.press(",")
    expect(said(desk, "My fridge hums")).to_be_focused()
    desk.keyboard.press("End")
    expect(said(desk, "stopped humming")).to_be_in_viewport()

    # Words are found however long ago they were said, from the newest back.
    desk.keyboard.press("/")
    find = desk.get_by_role("searchbox", name="Find in this conversation")
    find.fill("150 message")
    expect(desk.locator("thread-find")).to_contain_text("1 of 13")
    expect(said(desk, "Message 2150.")).to_be_in_viewport()
    find.press("Enter")
    expect(desk.locator("thread-find")).to_contain_text("2 of 13")
    expect(said(desk, "Message 1509.")).to_be_in_viewport()
    assert_accessible(desk)
    find.press("Escape")
    expect(find).to_be_hidden()
    expect(desk.locator("thread-view")).to_be_focused()

    # One's own words bring one to the end, from wherever one reads.
    desk.keyboard.press("Home")
    expect(said(desk, "My fridge hums")).to_be_in_viewport()
    field(desk).fill("Good to hear")
    desk.keyboard.press("Control+Enter")
    expect(said(desk, "Good to hear")).to_be_in_viewport()
    expect(said(desk, "Good to hear")).to_contain_text(re.compile("Sent|Delivered|Read"), timeout=SLOW)
    expect(desk.get_by_role("separator", name="New from here")).to_have_count(0)
    assert desk.locator("thread-view .said > *").count() <= MOST_IN_PAGE

    # What came while nobody looked is read from where it begins, and is unread until its end was seen.
    desk.goto("/desk/")
    ready(desk)
    for number in range(9):
        guest.say(f"One more thing, {number}. " + "It began on Monday after the power cut. " * 5)
    row = desk.locator("inbox-list a.case").filter(has_text="Vera Lindholm")
    expect(row).to_contain_text("9 unread", timeout=SLOW)
    row.click()
    expect(desk.get_by_role("separator", name="New from here")).to_be_in_viewport()
    expect(said(desk, "One more thing, 8.")).not_to_be_in_viewport()
    expect(row).to_contain_text("9 unread")
    desk.get_by_role("button", name="9 new below").click()
    expect(said(desk, "One more thing, 8.")).to_be_in_viewport()
    expect(row).not_to_contain_text("unread", timeout=SLOW)


def test_what_is_held_of_a_conversation_has_no_holes(colleague: Colleague) -> None:
    desk = colleague("grace")
    ready(desk)
    assert desk.evaluate(HOLDS_TOGETHER) == []
