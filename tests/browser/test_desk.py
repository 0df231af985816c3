"""The desk in a real browser: nothing typed is lost, nothing moves by itself, nothing is said twice."""

from __future__ import annotations

import re
import time
from typing import Literal

import pytest
from playwright.sync_api import Page, Route, expect

from heartline.ui.tests.axe import assert_accessible
from tests.browser.conftest import DESKTOP
from tests.browser.desks import PICTURE, SLOW, Colleague, Customers, field, ready, said, take
from tests.running import Running

pytestmark = pytest.mark.browser
LAYOUT_SHIFT = """() => new Promise((resolve) => {
    let sum = 0;
    new PerformanceObserver((list) => { for (const entry of list.getEntries()) sum += entry.value; })
        .observe({ type: "layout-shift", buffered: false });
    setTimeout(() => resolve(sum), 2500);
})"""


def slowly(route: Route) -> None:
    """Let a request through after a moment, as a slow network does."""
    time.sleep(0.3)
    route.continue_()


def test_a_draft_survives_a_reload_and_two_windows(customer: Customers, colleague: Colleague) -> None:
    customer("王小明", "退款草稿测试")
    desk = colleague("wanglei")
    case = take(desk, "退款草稿测试")
    field(desk).fill("王先生，退款已经")
    expect(desk.locator(".draft-state")).to_contain_text("草稿已保存")
    desk.keyboard.press("Escape")
    desk.reload()
    ready(desk)
    expect(field(desk)).to_have_value("王先生，退款已经")

    # A second window of the same person writes the same draft: neither text is lost.
    other = desk.context.new_page()
    other.goto(case)
    ready(other)
    field(other).fill("王先生，退款明天到账")
    expect(other.locator(".draft-state")).to_contain_text("草稿已保存")
    field(desk).press_sequentially("在路上")
    expect(desk.locator(".conflict")).to_contain_text("王先生，退款明天到账")
    expect(field(desk)).to_have_value("王先生，退款已经在路上")
    desk.get_by_role("button", name="用另一份").click()
    expect(field(desk)).to_have_value("王先生，退款明天到账")
    expect(desk.locator(".draft-state")).to_contain_text("草稿已保存")


def test_what_is_sent_without_a_network_goes_once_when_it_is_back(customer: Customers, colleague: Colleague) -> None:
    guest = customer("Dana Ruiz", "Where is my parcel, please", language="en")
    desk = colleague("omar")
    take(desk, "Where is my parcel, please")
    desk.context.set_offline(True)
    expect(desk.locator(".top [data-live]")).to_have_attribute("data-state", "lost", timeout=SLOW)
    field(desk).fill("It left our warehouse this morning")
    desk.keyboard.press("Control+Enter")
    expect(said(desk, "It left our warehouse")).to_contain_text("It goes by itself", timeout=SLOW)
    guest.say("Are you there?")

    # Even the page may be closed and opened again meanwhile: the browser keeps what the server does not have.
    desk.context.set_offline(False)
    expect(said(desk, "Are you there?")).to_have_count(1, timeout=SLOW)
    expect(said(desk, "It left our warehouse")).to_contain_text(re.compile("Sent|Delivered"), timeout=SLOW)
    expect(said(desk, "It left our warehouse")).to_have_count(1)
    assert guest.heard().count("It left our warehouse this morning") == 1


def test_two_tabs_share_one_stream_and_one_takes_over(customer: Customers, colleague: Colleague) -> None:
    guest = customer("Priya Nair", "Does it fit under the counter", language="en")
    first = colleague("sofia")
    case = take(first, "Does it fit under the counter")
    streams: list[str] = []
    first.context.on("request", lambda request: streams.append(request.url) if "/live/staff" in request.url else None)
    second = first.context.new_page()
    second.goto(case)
    ready(second)
    guest.say("It is 815 mm high")
    for tab in (first, second):
        expect(said(tab, "It is 815 mm high")).to_have_count(1)
    assert streams == []  # the second tab hears through the first

    first.close()
    expect(second.locator(".top [data-live]")).to_have_attribute("data-state", "live", timeout=SLOW)
    guest.say("And 60 cm wide")
    expect(said(second, "And 60 cm wide")).to_have_count(1, timeout=SLOW)
    assert len(streams) == 1


def test_letters_never_fire_in_fields_and_notes_look_like_notes(customer: Customers, colleague: Colleague) -> None:
    customer("Hannah Lindqvist", "One more thing about the warranty card", language="en")
    desk = colleague("omar")
    take(desk, "One more thing about the warranty card")
    field(desk).fill("")
    field(desk).press_sequentially("create")  # c, r, e and t are all keys of something
    expect(field(desk)).to_have_value("create")
    expect(desk.get_by_role("dialog")).to_have_count(0)

    # An input method's Enter chooses a word; it never sends.
    field(desk).dispatch_event("keydown", {"key": "Enter", "ctrlKey": True, "isComposing": True, "bubbles": True})
    expect(said(desk, "create")).to_have_count(0)

    desk.locator(".talk-head h1").focus()
    desk.keyboard.press("c")
    expect(field(desk, "note")).to_be_focused()
    expect(field(desk)).to_be_hidden()
    expect(desk.locator(".compose .paper")).to_have_css("border-style", "dashed")
    expect(desk.get_by_role("button", name="Add note")).to_be_visible()
    expect(desk.get_by_role("button", name="Send", exact=False)).to_have_count(0)
    desk.keyboard.type("Warranty cards are in drawer 4")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("thread-view .note").filter(has_text="drawer 4")).to_be_visible()

    desk.locator(".talk-head h1").focus()
    desk.keyboard.press("?")
    expect(desk.get_by_role("dialog")).to_contain_text("Reply to customer")


def test_new_contacts_and_messages_move_nothing(customer: Customers, colleague: Colleague) -> None:
    guest = customer("刘洋", "烘干机什么时候能修")
    desk = colleague("hanwei")
    take(desk, "烘干机什么时候能修")
    desk.locator("inbox-list nav button").nth(1).click()
    for text in ("列表测试一", "列表测试二"):
        customer("测试", text)
    rows = desk.locator("inbox-list a.case")
    expect(rows.filter(has_text="列表测试二")).to_be_visible()
    before = rows.first.bounding_box()
    rows.first.hover()
    shift = desk.evaluate_handle(f"() => {{ window.shifted = ({LAYOUT_SHIFT})(); }}")
    customer("测试", "列表测试三")
    guest.say("我周六都在家")
    expect(rows.filter(has_text="列表测试三")).to_be_visible()
    expect(said(desk, "我周六都在家")).to_be_visible()
    assert rows.first.bounding_box() == before
    assert desk.evaluate("window.shifted") < 0.02
    shift.dispose()


def test_typing_is_seen_on_both_sides(customer: Customers, colleague: Colleague) -> None:
    guest = customer("赵丽", "空调不制冷")
    desk = colleague("hanwei")
    expect(desk.locator("inbox-list")).to_be_visible()
    ready(desk)
    desk.locator("inbox-list nav button").nth(1).click()
    desk.locator("inbox-list a.case").filter(has_text="空调不制冷").click()
    expect(desk.locator("thread-view")).to_contain_text("空调不制冷")
    guest.types()
    expect(desk.locator("thread-view .typing")).to_contain_text(re.compile("赵丽(正在输入| is typing)"))
    expect(desk.locator("thread-view .typing")).to_be_empty(timeout=SLOW)


def test_a_file_goes_with_a_message(customer: Customers, colleague: Colleague) -> None:
    guest = customer("Ben Nolan", "My oven trips the fuse", language="en")
    desk = colleague("omar")
    take(desk, "My oven trips the fuse")
    picker = desk.locator("message-composer input[type=file]")
    picker.set_input_files({"name": "wiring.png", "mimeType": "image/png", "buffer": PICTURE})
    expect(desk.locator("message-composer .file")).to_have_text("wiring.png")
    picker.set_input_files({"name": "virus.exe", "mimeType": "image/png", "buffer": b"MZ" + bytes(200)})
    expect(desk.locator("message-composer .field-error")).to_contain_text("virus.exe")
    field(desk).fill("The wiring, as promised")
    desk.keyboard.press("Control+Enter")
    expect(said(desk, "The wiring, as promised")).to_contain_text(re.compile("Sent|Delivered|Read"))
    expect(said(desk, "The wiring, as promised").locator(".file")).to_contain_text("wiring.png")
    assert "The wiring, as promised" in guest.heard()


def test_who_is_signed_out_keeps_the_draft_and_is_shown_the_way_back(
    house: Running, customer: Customers, colleague: Colleague
) -> None:
    customer("Marta Okafor", "Is the boiler service still going ahead", language="en")
    desk = colleague("tom")
    case = take(desk, "Is the boiler service still going ahead")
    field(desk).fill("It is, on the 12th")
    expect(desk.locator(".draft-state")).to_contain_text("Draft saved")
    token = desk.locator("input[name=csrfmiddlewaretoken]").first.input_value()
    desk.context.request.post(
        f"{house.address}/account/logout/",
        form={"csrfmiddlewaretoken": token},
        headers={"Referer": house.address},
    )
    notice = desk.locator("#signed-out")
    expect(notice).to_be_visible(timeout=SLOW)
    expect(field(desk)).to_have_value("It is, on the 12th")
    expect(notice.get_by_role("link")).to_have_attribute("href", f"/account/login/?next={case}")


def test_two_presses_open_one_dialog(customer: Customers, colleague: Colleague) -> None:
    customer("Twice", "please pass me on")
    desk = colleague("grace")
    take(desk, "please pass me on")
    desk.route("**/transfer", slowly)
    desk.evaluate(
        """() => {
            [...document.querySelectorAll("conversation-pane button")].find((one) => one.textContent.includes("Hand over")).click();
            document.dispatchEvent(new KeyboardEvent("keydown", {key: "t", bubbles: true}));
            document.dispatchEvent(new KeyboardEvent("keydown", {key: "x", bubbles: true}));
        }"""
    )
    expect(desk.locator("dialog[open]")).to_have_count(1)
    desk.wait_for_timeout(1000)
    expect(desk.locator("dialog[open]")).to_have_count(1)
    desk.keyboard.press("Escape")
    expect(desk.locator("dialog[open]")).to_have_count(0)
    expect(desk.locator("dialog[aria-labelledby^=ask-]")).to_have_count(0)


def test_a_double_click_does_a_thing_once_and_complains_of_nothing(customer: Customers, colleague: Colleague) -> None:
    customer("Double", "that was all")
    desk = colleague("grace")
    take(desk, "that was all")
    desk.route("**/end", slowly)
    desk.locator(".talk-acts button", has_text="End").dblclick()
    expect(desk.locator("wrap-up-form")).to_be_visible()
    desk.wait_for_timeout(500)
    expect(desk.locator(".talk-problem")).to_be_hidden()


def test_the_desk_leads_to_what_is_owed(colleague: Colleague) -> None:
    desk = colleague("grace")
    ready(desk)
    expect(desk.get_by_role("heading", level=1)).to_have_text("Desk")
    owed = desk.evaluate(
        "Object.keys(JSON.parse(document.getElementById('desk-snapshot').textContent).follow_ups).length"
    )
    assert owed, "the sample company owes something"
    expect(desk.locator("owed-link .count")).to_have_text(str(owed))
    desk.keyboard.type("go")
    desk.wait_for_url("**/desk/follow-ups/")
    expect(desk.locator(".rows.owed li")).to_have_count(owed)


def test_the_desk_is_fit_for_every_reader(customer: Customers, colleague: Colleague) -> None:
    customer("周建国", "热水器漏水了")
    desk = colleague("wanglei")
    case = take(desk, "热水器漏水了")
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for scheme in schemes:
        desk.emulate_media(color_scheme=scheme)
        desk.wait_for_timeout(400)  # colours change over a moment
        assert_accessible(desk)
        desk.locator("message-composer input[value=note]").check(force=True)
        assert_accessible(desk)
        desk.locator("message-composer input[value=reply]").check(force=True)
    desk.locator(".talk-head h1").focus()
    desk.keyboard.press("t")
    expect(desk.get_by_role("dialog")).to_be_visible()
    assert_accessible(desk)
    desk.keyboard.press("Escape")
    desk.locator("presence-menu summary").click()
    assert_accessible(desk)
    desk.keyboard.press("Escape")
    desk.set_viewport_size({"width": 390, "height": 844})
    desk.goto("/desk/")
    ready_on_phone(desk)
    assert_accessible(desk)
    desk.goto(case)
    ready_on_phone(desk)
    for pane in ("talk", "story", "acts"):
        desk.locator(f"[data-show={pane}]").click()
        assert_accessible(desk)
    desk.set_viewport_size({"width": 320, "height": 640})
    assert_accessible(desk)
    desk.set_viewport_size(DESKTOP["viewport"])  # type: ignore[arg-type]  # plain numbers
    desk.locator(".talk-head h1").focus()
    desk.keyboard.press("e")
    expect(desk.locator("wrap-up-form form")).to_be_visible()
    assert_accessible(desk)


def ready_on_phone(desk: Page) -> None:
    """Wait until the desk is drawn; on a phone the mark of the stream may be out of sight."""
    desk.wait_for_selector("main[data-ready=yes]")


def test_a_call_is_rung_not_answered_rung_again_and_answered(customer: Customers, colleague: Colleague) -> None:
    guest = customer("周婷", "洗衣机的回电测试")
    guest.asks_to_be_called("13800138000")
    desk = colleague("wanglei")
    take(desk, "洗衣机的回电测试")
    bar = desk.locator("call-bar")
    expect(bar.locator("a.call-number")).to_have_attribute("href", "tel:+8613800138000")
    expect(bar).to_contain_text("还可再试 3 次")
    assert_accessible(desk)

    bar.get_by_role("button", name="无人接听").press("Enter")
    expect(bar).to_contain_text("王磊：无人接听")
    expect(bar.get_by_role("button")).to_have_count(0)
    expect(desk.locator(".talk-waits .btn-primary")).to_be_visible()
    expect(said(desk, "未能接通").or_(desk.locator("thread-view .event", has_text="未能接通"))).to_be_visible()
    assert any("未能接通" in text for text in guest.heard())

    desk.locator(".talk-waits .btn-primary").click()
    expect(bar).to_contain_text("还可再试 2 次")
    bar.get_by_role("button", name="已接通").click()
    expect(bar).to_contain_text("王磊：已接通")
    expect(bar.get_by_role("button")).to_have_count(0)
    expect(field(desk)).to_be_visible()
