"""Every room of the desk by keyboard alone, in English and in Chinese, fit for every reader. Here most pictures are made.

What else each room can do is told in journeys of its own; CONTRIBUTING.md says which.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from heartline.ui.tests.axe import assert_accessible
from tests.browser.conftest import PHONE
from tests.browser.desks import SLOW, Colleague, Customers, field, ready

pytestmark = pytest.mark.browser
Picture = Callable[[Page, str], None]
# What the documentation shows: each thing in one language.
SHOWN = {"customer-en", "case-en", "search-zh", "writing-zh", "quality-en", "figures-en"}


@dataclass(frozen=True)
class Tongue:
    """What the pages say in a language, as far as the journeys look for it."""

    code: str
    agent: str
    keys: str
    busy: str
    tasks: str
    give: str
    own: str
    told: str
    short: str
    quality: str
    by_queue: str
    show: str
    kept: str
    comment: str


ENGLISH = Tongue(
    "en",
    "grace",
    "Reply to customer",
    "Training",
    "Tasks",
    "Ask the station about the van",
    "My figures",
    "Told to expect",
    "visit",
    "My quality",
    "By queue",
    "Show",
    "All kept",
    "The colour was on the order, and was not asked again",
)
CHINESE = Tongue(
    "zh-hans",
    "lina",
    "回复客户",
    "培训",
    "任务",
    "问问安装站车修好没有",
    "我的指标",
    "客户原以为",
    "退款",
    "我的质检",
    "按队列",
    "查看",
    "都已保存",
    "订单上有颜色，没有再问客户",
)
TONGUES = pytest.mark.parametrize("tongue", [ENGLISH, CHINESE], ids=["en", "zh"])


def pressed(button: Locator) -> None:
    """Go to a button and press it, as the keyboard does."""
    button.focus()
    button.press("Enter")


def show(page: Page, what: str, tongue: Tongue, picture: Picture) -> None:
    """Keep a picture, where the documentation shows it in this language."""
    name = f"{what}-{tongue.code[:2]}"
    if name in SHOWN:
        picture(page, name)


def find(page: Page, words: str, address: str, look: Callable[[], None] | None = None) -> None:
    """Open with Ctrl K what words find at an address; `look` is called while it is shown."""
    page.keyboard.press("Control+k")
    expect(page.locator("#quick-field")).to_be_focused()
    page.keyboard.insert_text(words)
    hit = page.locator(f"#quick-list a[href*='{address}']").first
    expect(hit).to_be_visible(timeout=SLOW)
    if look:
        look()
    while hit.get_attribute("aria-selected") != "true":
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{address}**")


@TONGUES
def test_an_agent_at_work(tongue: Tongue, colleague: Colleague, customer: Customers, picture: Picture) -> None:
    desk = colleague(tongue.agent)
    ready(desk)
    desk.keyboard.press("?")
    expect(desk.get_by_role("dialog")).to_contain_text(tongue.keys)
    assert_accessible(desk)
    desk.keyboard.press("Escape")
    pressed(desk.locator("presence-menu summary"))
    pressed(desk.get_by_role("menuitemradio", name=tongue.busy))  # at the desk, and offered nothing
    expect(desk.locator("presence-menu summary")).to_contain_text(tongue.busy)

    # whoever rings is found by name; the page says who they are and what has happened
    find(desk, "陈雨桐", "/customers/1/")
    expect(desk.get_by_role("heading", level=1)).to_contain_text("陈雨桐")
    expect(desk.locator("main")).to_contain_text("冰箱没有按时安装")
    assert_accessible(desk)
    show(desk, "customer", tongue, picture)

    # the story: what they want, what was said would be, what was tried, what another system told
    find(desk, "安装", "/desk/case/1/", lambda: show(desk, "search", tongue, picture))
    story = desk.locator("story-pane")
    expect(story).to_contain_text(tongue.told)
    expect(story).to_contain_text("等了一整天没人来")
    expect(story).to_contain_text("网上改约")
    expect(story).to_contain_text("上门未完成：7 号站")
    assert_accessible(desk)
    desk.locator("conversation-pane h1").focus()
    show(desk, "case", tongue, picture)

    # a task, and the list of tasks
    desk.keyboard.press("w")
    expect(desk.locator("dialog[open]")).to_be_visible()
    desk.keyboard.insert_text(tongue.give)
    desk.keyboard.press("Enter")
    expect(desk.locator("case-bar")).to_contain_text(tongue.give)
    desk.locator("conversation-pane h1").focus()
    desk.keyboard.type("gt")
    desk.wait_for_url("**/desk/tasks/")
    expect(desk.locator("main")).to_contain_text(tongue.give)
    assert_accessible(desk)

    # their own figures, which nobody else's stand beside
    find(desk, tongue.own, "/insight/mine/")
    expect(desk.get_by_role("heading", level=1)).to_have_text(tongue.own)
    expect(desk.locator(".own-figures li")).not_to_have_count(0)
    assert_accessible(desk)
    _an_answer_is_found_by_typing(desk, tongue, customer, picture)


def _an_answer_is_found_by_typing(desk: Page, tongue: Tongue, customer: Customers, picture: Picture) -> None:
    text = "退货寄回三天了，钱什么时候退" if tongue is CHINESE else "Which day does the fitter come?"
    name = "许晴" if tongue is CHINESE else "Rosa Duarte"
    guest = customer(name, text, language=tongue.code)
    guest.say("退货单号 A20261105077，周四寄出的" if tongue is CHINESE else "I am at home on Thursday and Friday")
    desk.keyboard.type("gd")
    desk.wait_for_url("**/desk/")
    ready(desk)
    desk.keyboard.press("2")
    pressed(desk.locator("inbox-list a.case").filter(has_text=name))
    expect(desk.locator("thread-view")).to_contain_text(text)
    pressed(desk.locator(".talk-waits .btn-primary"))
    expect(field(desk)).to_be_visible()
    field(desk).focus()
    desk.keyboard.press("/")
    expect(desk.locator(".picks:visible [role=option]")).not_to_have_count(0)
    assert_accessible(desk)
    show(desk, "writing", tongue, picture)
    desk.keyboard.insert_text(tongue.short)
    expect(desk.locator(".picks:visible [role=option]")).to_have_count(1)
    desk.keyboard.press("Enter")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("thread-view .msg.ours:not(.is-sending)")).to_have_count(1)
    assert len(guest.heard()) == 3
    desk.locator(".talk-head h1").focus()
    desk.keyboard.press("e")
    expect(desk.locator("wrap-up-form form")).to_be_visible()


def test_a_phone_is_enough_for_who_is_on_call(
    colleague: Colleague, customer: Customers, visitor: Callable[..., Page], picture: Picture
) -> None:
    customer("郑凯", "热水器不出热水了，家里有老人").say("型号 HW-60，去年装的")
    desk = colleague("hanwei", "/desk/cases/")
    signed_in = desk.context.storage_state()
    phone = visitor("/desk/", **PHONE, device_scale_factor=2, storage_state=signed_in)
    phone.wait_for_selector("main[data-ready=yes]")
    phone.locator("inbox-list nav button").nth(1).tap()
    phone.locator("inbox-list a.case").filter(has_text="郑凯").tap()
    phone.locator(".talk-waits .btn-primary").tap()
    field(phone).tap()
    field(phone).fill("郑先生，师傅今天 15:00 前到，先关掉进水阀。")
    assert_accessible(phone)
    picture(phone, "desk-zh-phone")
    phone.keyboard.press("Control+Enter")
    expect(phone.locator("thread-view .msg.ours")).to_have_count(1)
    for pane in ("story", "acts"):
        phone.locator(f"[data-show={pane}]").tap()
        assert_accessible(phone)


@TONGUES
def test_those_who_look_after_the_work(
    tongue: Tongue, colleague: Colleague, customer: Customers, picture: Picture
) -> None:
    ruth = colleague("ruth", "/quality/mine/")
    speak(ruth, tongue)
    expect(ruth.locator("h1")).to_have_text(tongue.quality)
    ruth.keyboard.type("gq")
    ruth.wait_for_url("**/quality/to-score/")
    pressed(ruth.locator("main li .btn").first)
    ruth.wait_for_selector("[data-ready=yes]")
    for key in ("y", "c"):
        ruth.keyboard.press(key)
    ruth.keyboard.insert_text(tongue.comment)
    expect(ruth.locator("[data-kept]")).to_have_text(tongue.kept)
    assert_accessible(ruth)
    show(ruth, "quality", tongue, picture)

    ruth.keyboard.press("Escape")
    ruth.locator("h1").first.evaluate("heading => { heading.tabIndex = -1; heading.focus(); }")
    ruth.keyboard.type("gi")
    ruth.wait_for_url("**/insight/")
    find(ruth, "Over time" if tongue is ENGLISH else "时间段", "/insight/over-time/")
    ruth.locator("[name=by]").select_option("queue")
    pressed(ruth.get_by_role("button", name=tongue.show, exact=True))
    expect(ruth.get_by_role("heading", name=tongue.by_queue)).to_be_visible()
    assert_accessible(ruth)
    show(ruth, "figures", tongue, picture)
    pressed(ruth.locator(".past-table a.opens").first)
    expect(ruth.locator("tbody tr").first).to_be_visible()

    ruth.keyboard.type("gf")
    ruth.wait_for_url("**/floor/")
    assert_accessible(ruth)


@TONGUES
def test_an_administrator_looks_up_who_did_what(tongue: Tongue, colleague: Colleague) -> None:
    mia = colleague("mia", "/setup/audit/")
    speak(mia, tongue)
    mia.locator("[name=kind]").select_option("people.signed_in")
    pressed(mia.get_by_role("button", name=tongue.show, exact=True))
    expect(mia.get_by_role("row").nth(1)).to_contain_text("Mia Novak")
    assert_accessible(mia)
    find(mia, "Webhook", "/setup/webhooks/")
    expect(mia.get_by_role("heading", level=1)).to_contain_text("Webhook")
    assert_accessible(mia)


def speak(page: Page, tongue: Tongue) -> None:
    """Let the pages speak a language from now on."""
    token = page.locator("input[name=csrfmiddlewaretoken]").first.input_value()
    form: dict[str, str | float | bool] = {"csrfmiddlewaretoken": token, "language": tongue.code}
    page.context.request.post("/language", form=form, headers={"Referer": page.url})
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", re.compile(tongue.code[:2]))
