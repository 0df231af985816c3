"""An expert is asked from inside a case by keyboard, answers from a phone, and the answer is there; in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from heartline.ui.tests.axe import assert_accessible
from tests.browser.conftest import PHONE, password_of
from tests.browser.desks import SLOW, Colleague, Customers, field, said, take
from tests.browser.doors import session_of
from tests.running import Running

pytestmark = pytest.mark.browser
QUESTION = "BCD-452 拆门后净深多少？能过 60 厘米的门框吗？"
ANSWER = "拆门后净深 58 厘米，能过"


@pytest.fixture
def hu(visitor: Callable[..., Page], house: Running) -> Page:
    """The fitter, on a phone, with the page of what is asked of him."""
    cookies = session_of(house, "hu@qinghe.example", password_of(house))
    return visitor("/experts/", cookies, **PHONE)


def test_an_answer_from_a_phone_lands_in_the_case(customer: Customers, colleague: Colleague, hu: Page) -> None:
    guest = customer("陈雨桐", "门框只有 60 厘米，能进门吗？我的电话 13800138000")
    expect(hu.locator("h1")).to_have_text("没有人问你")
    assert_accessible(hu)
    desk = colleague("grace")
    take(desk, "门框只有")
    desk.keyboard.press("Escape")
    desk.locator("conversation-pane h1").focus()
    desk.keyboard.press("x")
    asking = desk.locator("dialog[open]")
    expect(asking).to_contain_text("Can be asked now: 1")
    assert_accessible(desk)
    for _ in range(2):
        desk.keyboard.press("Tab")
    desk.keyboard.type(QUESTION)
    desk.keyboard.press("Control+Enter")
    card = desk.locator(".question-card")
    expect(card).to_contain_text("胡师傅 is asked")
    expect(desk.locator("message-composer textarea").first).to_be_visible()

    row = hu.locator(".questions li").filter(has_text="BCD-452")
    expect(row).to_be_visible(timeout=SLOW)
    row.locator("a").click()
    expect(hu.locator("main")).to_contain_text("陈*桐")
    expect(hu.locator("main")).to_contain_text("138****8000")
    expect(hu.locator("main")).not_to_contain_text("陈雨桐")
    assert_accessible(hu)
    hu.fill("#answer", ANSWER)
    hu.locator("button[value=answer]").click()
    expect(hu.locator("main")).to_contain_text("已回答")

    answer = said(desk, ANSWER)
    expect(answer).to_contain_text("An expert’s answer", timeout=SLOW)
    expect(card).to_contain_text("胡师傅 has answered")
    assert_accessible(desk)
    assert ANSWER not in guest.heard()


def test_a_question_is_declined_waits_and_is_withdrawn(customer: Customers, colleague: Colleague, hu: Page) -> None:
    customer("Dana Ruiz", "Which way does the door open", language="en")
    desk = colleague("omar")
    take(desk, "Which way does the door open")
    desk.locator(".talk-acts button").filter(has_text="Expert").click()
    desk.locator("dialog[open] select[name=whom]").select_option(label="Whoever knows Installation")
    desk.fill("dialog[open] textarea[name=question]", "Can the hinges be changed?")
    desk.locator("dialog[open] button[type=submit]").click()
    row = hu.locator(".questions li").filter(has_text="hinges")
    expect(row).to_be_visible(timeout=SLOW)
    row.locator("a").click()
    hu.locator("summary").filter(has_text="我答不了").click()
    hu.locator("button[value=decline]").click()
    expect(hu.locator("main")).to_contain_text("会交给别人")
    expect(desk.locator(".question-card")).to_contain_text("Nobody can take it now", timeout=SLOW)
    desk.goto("/experts/?view=all")
    expect(desk.locator(".questions")).to_contain_text(re.compile("nobody can take it now"))
    assert_accessible(desk)
    desk.go_back()
    desk.locator(".question-card button").filter(has_text="Withdraw").click()
    expect(desk.locator(".question-card")).to_contain_text("Withdrawn")


def test_people_say_when_they_can_be_asked_and_administrators_how_soon(colleague: Colleague, hu: Page) -> None:
    hu.goto("/experts/me/")
    assert_accessible(hu)
    hu.fill("#id_day_0", "nine")
    hu.locator("main form button[type=submit]").click()
    expect(hu.locator("main")).to_contain_text("09:00–12:00")
    hu.fill("#id_day_0", "9:00-12:00，13:30-18:00")
    hu.locator("main form button[type=submit]").click()
    expect(hu).to_have_url(re.compile(r"/experts/$"))
    hu.goto("/experts/me/")
    expect(hu.locator("#id_day_0")).to_have_value("09:00–12:00, 13:30–18:00")
    hu.fill("#id_day_0", "")
    hu.locator("main form button[type=submit]").click()
    expect(hu).to_have_url(re.compile(r"/experts/$"))
    admin = colleague("mia", "/setup/experts/")
    expect(admin.locator("tbody").first).to_contain_text("胡师傅")
    assert_accessible(admin)
    admin.locator("a").filter(has_text="Add a time for a skill").click()
    admin.fill("input[name=answer_minutes]", "20")
    admin.select_option("select[name=skill]", label="Installation")
    assert_accessible(admin)
    admin.locator("main form button[type=submit]").first.click()
    expect(admin.locator("tbody").last).to_contain_text("Installation")


def test_an_answer_becomes_an_article_that_goes_into_a_reply(
    customer: Customers, colleague: Colleague, hu: Page
) -> None:
    guest = customer("孙浩然", "阳台门窄能进吗")
    desk = colleague("lina")
    take(desk, "阳台门窄")
    desk.keyboard.press("Escape")
    desk.locator("conversation-pane h1").focus()
    desk.keyboard.press("x")
    desk.fill("dialog[open] textarea[name=question]", "阳台门窄怎么进？")
    desk.keyboard.press("Control+Enter")
    row = hu.locator(".questions li").filter(has_text="阳台门窄")
    expect(row).to_be_visible(timeout=SLOW)
    row.locator("a").click()
    hu.fill("#answer", "先拆门再进，孙浩然家也可以从窗户吊装")
    hu.locator("button[value=answer]").click()
    answer = said(desk, "先拆门再进")
    with desk.expect_popup() as opened:
        answer.get_by_role("button", name="写成文章").click()
    draft = opened.value
    expect(draft.locator("textarea[name=body_zh]")).to_have_value("先拆门再进，…家也可以从窗户吊装")
    assert_accessible(draft)
    draft.fill("textarea[name=body_zh]", "先拆门再进，也可以从窗户吊装")
    draft.locator("main form button[type=submit]").click()
    expect(draft.locator("main")).to_contain_text("要由别人发布")
    hu.goto(re.sub(r"^https?://[^/]+", "", draft.url))
    assert_accessible(hu)
    hu.locator("form[action$='/publish/'] button").click()
    expect(hu.locator("main")).to_contain_text("已发布")
    field(desk).fill("")
    field(desk).press_sequentially("/阳台门")
    expect(desk.locator(".picks:visible [role=option]")).to_contain_text("阳台门窄怎么进")
    desk.keyboard.press("Enter")
    expect(field(desk)).to_have_value("先拆门再进，也可以从窗户吊装")
    desk.keyboard.press("Control+Enter")
    expect(said(desk, "从窗户吊装").last).to_contain_text(re.compile("已发送|已送达|已读"))
    assert "先拆门再进，也可以从窗户吊装" in guest.heard()
    draft.goto("/search/?q=阳台门窄怎么进&kind=articles")
    expect(draft.locator(".found-rows")).to_contain_text("阳台门窄怎么进", timeout=SLOW)
