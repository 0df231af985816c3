"""The story on one screen, views of the inbox, what comes next, who else is here, two cases side by side, long lists."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from heartline.ui.tests.axe import assert_accessible
from tests.browser.desks import SLOW, Colleague, Customers, field, ready, said, take

pytestmark = pytest.mark.browser
FIVE_THOUSAND = """() => {
    const { store } = document.querySelector("inbox-list");
    const like = Object.values(store.desk.contacts).find((card) => card.state === "waiting");
    const many = Array.from({ length: 5000 }, (_, n) => ({ ...like, contact_id: 900000 + n, case_id: 900000 + n, customer_name: `Customer ${n}`, asked_at: like.asked_at }));
    store.desk = { ...store.desk, contacts: { ...store.desk.contacts, ...Object.fromEntries(many.map((card) => [card.contact_id, card])) } };
}"""
# Keeps the notes that would sound; the desk believes that nobody looks at it.
LISTEN = """
    window.heard = [];
    localStorage.setItem("heartline-front", "0");
    document.hasFocus = () => false;
    window.AudioContext = class {
        currentTime = 0;
        createOscillator() { const pitch = { set value(n) { window.heard.push(n); } }; return { frequency: pitch, connect: (next) => next, start() {}, stop() {} }; }
        createGain() { const gain = { setValueAtTime() {}, linearRampToValueAtTime() {}, exponentialRampToValueAtTime() {} }; return { gain, connect() {} }; }
    };
"""
# Each filter with a row that is in its view and one that is not.
PASSES = """async () => {
    const { passes } = await import(new URL("selectors.js", document.querySelector("script[src*='service/desk']").src));
    const now = new Date("2026-11-26T03:38:00Z");
    const desk = { me: { id: 1 }, follow_ups: { 5: { case_id: 3, due_at: "2026-11-26T03:00:00+00:00" } }, names: { queues: { 7: { answer_within: 60 } } } };
    const row = { case_id: 2, queue_id: 7, channel: "webchat", language: "en", tier: "top", owner_id: 1, state: "active", turn: "theirs", turn_since: "2026-11-26T03:30:00+00:00", unread: 0, due_at: null };
    const tried = [
        [{ queue: 7 }, {}, { queue_id: 8 }], [{ channel: "webchat" }, {}, { channel: "webform" }], [{ language: "en" }, {}, { language: "zh-hans" }],
        [{ tier: "top" }, {}, { tier: "low" }], [{ tag: "＃VIP" }, {}, { case_id: 9 }], [{ owner: "me" }, {}, { owner_id: 2 }],
        [{ owner: "nobody" }, { owner_id: null }, {}], [{ owner: "others" }, { owner_id: 2 }, { owner_id: null }], [{ state: "active" }, {}, { state: "wrap_up" }],
        [{ state: "snoozed" }, { snooze: "asleep" }, {}], [{ unread: true }, { unread: 2 }, {}], [{ overdue: true }, { turn: "ours" }, {}],
        [{ overdue: true }, { case_id: 3 }, { turn: "ours", turn_since: "2026-11-26T03:37:30+00:00" }], [{ overdue: true }, { due_at: "2026-11-26T03:00:00+00:00" }, { due_at: "2026-11-26T04:00:00+00:00" }],
    ];
    const known = { now, tags: { 2: ["vip"], 3: ["vip"] } };
    return tried.filter(([filters, inside, outside]) => !passes(desk, filters, { ...row, ...inside }, known) || passes(desk, filters, { ...row, ...outside }, known)).map(([filters]) => JSON.stringify(filters));
}"""
YOURS, TEAM = [523, 659], [262, 262]
POSITION = "document.activeElement.closest('[role=listitem]')?.getAttribute('aria-posinset')"


def test_the_story_tells_in_ten_seconds_and_leads_to_each_message(customer: Customers, colleague: Colleague) -> None:
    guest = customer("Rosa Duarte", "My kettle arrived without its lid", language="en")
    desk = colleague("sofia")
    take(desk, "without its lid")
    story = desk.locator("story-pane")
    expect(story).to_contain_text("opened today")
    expect(story.locator(".told-message")).to_contain_text("without its lid")

    # What is said comes onto the timeline by itself, without asking the server for the story again.
    expect(story).to_contain_text("took it after")
    desk.wait_for_timeout(1500)  # being taken has been told
    asked: list[str] = []
    desk.on("request", lambda request: asked.append(request.url) if "/story" in request.url else None)
    guest.say("The box was open, too")
    expect(story.locator(".told-message").filter(has_text="The box was open")).to_have_count(1, timeout=SLOW)
    assert asked == []

    desk.get_by_label("Find what was said").fill("LID")
    expect(story.locator(".told-message")).to_have_count(1)
    story.locator(".told-message").press("Enter")
    expect(said(desk, "without its lid")).to_be_focused()
    desk.get_by_label("Find what was said").fill("")
    desk.get_by_label("Show on the timeline").select_option("ratings")
    expect(story.locator("story-line")).to_contain_text("Nothing of this kind yet")
    assert_accessible(desk)


def test_a_view_narrows_counts_and_is_kept(customer: Customers, colleague: Colleague) -> None:
    customer("Ines Roth", "Do you deliver to islands", language="en")
    customer("许晴", "能送到海南吗")
    desk = colleague("grace")
    ready(desk)
    desk.keyboard.press("2")
    rows = desk.locator("inbox-list a.case")
    expect(rows.filter(has_text="islands")).to_have_count(1, timeout=SLOW)
    before = rows.count()

    desk.keyboard.press("v")
    desk.get_by_role("button", name="Narrow the inbox").click()
    dialog = desk.get_by_role("dialog")
    dialog.get_by_label("Language").select_option("en")
    assert_accessible(desk)
    dialog.get_by_role("button", name="Show these").click()
    expect(rows.filter(has_text="海南")).to_have_count(0)
    expect(rows.filter(has_text="islands")).to_have_count(1)
    after = rows.count()
    assert after < before
    expect(desk.locator("inbox-list nav button").nth(1).locator(".count")).to_have_text(str(after))
    expect(desk.locator(".filter-chips")).to_contain_text("not shown")

    desk.keyboard.press("v")
    desk.get_by_role("button", name="Keep as a view").click()
    desk.get_by_role("dialog").get_by_role("textbox").fill("English only")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator(".inbox-views summary")).to_contain_text("English only")
    desk.reload()
    ready(desk)
    expect(desk.locator(".inbox-views summary")).to_contain_text("English only")
    assert_accessible(desk)
    desk.get_by_role("button", name="Show without: English").click()
    expect(desk.locator(".inbox-views summary")).to_contain_text("Everything")
    assert desk.evaluate(PASSES) == []


def test_one_key_leads_to_what_is_next_and_colleagues_see_each_other(customer: Customers, colleague: Colleague) -> None:
    customer("Oren Katz", "Where do I find the serial number", language="en")
    desk = colleague("omar")
    case = take(desk, "serial number")
    desk.goto("/desk/")
    ready(desk)
    desk.keyboard.press("n")
    expect(desk.locator("#toasts")).to_contain_text("Oren Katz has waited longest for your answer", timeout=SLOW)
    expect(desk.locator("thread-view")).to_contain_text("serial number")

    field(desk).fill("It is on the back")
    other = colleague("ruth", case)
    ready(other)
    expect(desk.locator(".looking")).to_contain_text("Ruth", timeout=SLOW)
    expect(field(desk)).to_be_focused()  # whoever comes takes nothing from under a hand
    expect(other.locator(".looking")).to_contain_text("Omar", timeout=SLOW)
    other.goto("/desk/")
    other.context.close()


def sounded(desk: Page) -> list[int]:
    """Return the notes that sounded, once there are some."""
    for _moment in range(SLOW // 100):
        if notes := desk.evaluate("heard.splice(0)"):
            return list(notes)
        desk.wait_for_timeout(100)
    return []


def test_what_is_yours_sounds_otherwise_than_who_waits(customer: Customers, colleague: Colleague) -> None:
    desk = colleague("omar")
    desk.add_init_script(LISTEN)
    desk.reload()
    ready(desk)
    desk.locator("presence-menu summary").click()
    desk.get_by_role("menuitemradio", name="Training").click()  # at the desk, and offered nothing
    expect(desk.locator("presence-menu summary")).to_contain_text("Training")
    desk.locator("presence-menu summary").click()
    desk.get_by_role("button", name="Sound: who waits").click()
    expect(desk.get_by_role("button", name="Sound: who waits")).to_have_attribute("aria-pressed", "true")
    assert desk.evaluate("heard.splice(0)") == TEAM
    desk.keyboard.press("Escape")

    guest = customer("Petra Lind", "Does the fan come in white", language="en")
    assert sounded(desk) == TEAM
    take(desk, "Does the fan come in white")
    expect(desk.locator(".talk-head .facts")).to_contain_text("Yours")
    guest.say("Or in grey")
    assert sounded(desk) == YOURS

    desk.locator("presence-menu summary").click()
    desk.get_by_role("menuitemradio", name="Meal").click()
    expect(desk.locator("presence-menu summary")).to_contain_text("Meal")
    guest.say("Take your time")
    expect(said(desk, "Take your time")).to_have_count(1, timeout=SLOW)
    assert desk.evaluate("heard") == []


def test_two_cases_stand_side_by_side(customer: Customers, colleague: Colleague) -> None:
    customer("Noor Haddad", "The drawer sticks", language="en")
    desk = colleague("tom")
    first = take(desk, "The drawer sticks")
    desk.locator(".talk-head h1").focus()
    desk.keyboard.press("b")
    second = desk.frame_locator(".beside iframe")
    expect(second.locator("thread-view")).to_contain_text("The drawer sticks", timeout=SLOW)
    second.locator("message-composer textarea[data-mode=reply]").fill("Let me look")
    expect(second.locator(".draft-state")).to_contain_text("Draft saved")
    expect(desk.locator("story-pane")).to_be_hidden()
    second.get_by_role("button", name="Close the second case").click()
    expect(desk.locator("story-pane")).to_be_visible()
    assert desk.url.endswith(first)


def test_five_thousand_cases_are_a_list_like_any_other(customer: Customers, colleague: Colleague) -> None:
    customer("Jan Novak", "Is the oven in stock", language="en")
    desk = colleague("grace")
    ready(desk)
    expect(desk.locator("inbox-list nav button").nth(1).locator(".count")).not_to_have_text("0", timeout=SLOW)
    desk.evaluate(FIVE_THOUSAND)
    desk.keyboard.press("2")
    rows = desk.locator("inbox-list a.case")
    count = int(desk.locator("inbox-list nav button").nth(1).locator(".count").inner_text())
    assert count > 5000
    assert rows.count() < 100
    rows.first.focus()
    for _press in range(30):
        desk.keyboard.press("ArrowDown")
    assert desk.evaluate(POSITION) == "31"
    desk.keyboard.press("End")
    assert desk.evaluate(POSITION) == str(count)
    expect(desk.locator("[role=listitem]").last).to_have_attribute("aria-setsize", str(count))
    assert_accessible(desk)
