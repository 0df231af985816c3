"""The first conversation through the whole house, as its people live it: in real browsers, on real processes."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.main_flow]
Visitor = Callable[..., Page]
Colleague = Callable[..., Page]
WANT = "师傅昨天又没来"
FIRST = "冰箱第二次没人来装，到底哪天能装好？"
SLOW = 15_000


def be_available(desk: Page) -> None:
    """Choose the first presence, so that work is offered."""
    desk.locator("presence-menu summary").click()
    desk.get_by_role("menuitemradio").first.click()
    expect(desk.locator("presence-menu summary .is-kept")).to_be_visible()


def ask(phone: Page, want: str = WANT, first: str = FIRST) -> None:
    """Come to the contact page, say what it is about, and start a chat with a person about it."""
    phone.goto("/")
    phone.locator("main input:visible").first.fill(want)
    phone.keyboard.press("Enter")
    phone.locator(".sug a[href*=chat]:visible, a[href$='#chat']:visible").first.click()
    write(phone, first)
    expect(said(phone, first)).to_be_visible()


def write(phone: Page, text: str) -> None:
    """Write in the chat and press Enter."""
    phone.locator("[data-text]").fill(text)
    phone.locator("[data-text]").press("Enter")


def said(page: Page, text: str) -> Locator:
    """Return a message in the chat or in the desk's conversation."""
    return page.locator("[data-said] .chat-text, thread-view .msg").filter(has_text=text)


def accept(desk: Page, words: str) -> str:
    """Accept the offer that shows some words; returns the case's address."""
    offer = desk.locator("offer-cards .offer").filter(has_text=words)
    expect(offer).to_be_visible(timeout=SLOW)
    offer.get_by_role("button", name=re.compile("Accept|接入")).click()
    expect(desk).to_have_url(re.compile(r"/desk/case/\d+/"))
    return re.sub(r"^https?://[^/]+", "", desk.url)


def reply(desk: Page, text: str) -> None:
    """Send a reply with the keyboard."""
    box = desk.locator("message-composer textarea:visible")
    box.fill(text)
    box.press("Control+Enter")
    expect(said(desk, text)).to_be_visible()


def hand_over(desk: Page, queue: str, to: str, tried: str) -> None:
    """Hand the open contact to a colleague by name, with the card filled in."""
    desk.get_by_role("button", name=re.compile("^Hand over")).first.click()
    dialog = desk.get_by_role("dialog")
    for name, words in (("to_queue", queue), ("to_person", to)):
        option = dialog.locator(f"[name={name}] option").filter(has_text=words)
        dialog.locator(f"[name={name}]").select_option(value=option.get_attribute("value"))
    dialog.locator("[name=tried]").fill(tried)
    dialog.get_by_role("button", name="Hand over", exact=True).click()
    expect(dialog).to_be_hidden()


def wrap_up(desk: Page, resolution: str) -> None:
    """End the contact with its key, then wrap it up with the two fields that are required."""
    desk.locator(".talk-head h1").focus()
    desk.keyboard.press("e")
    form = desk.locator("wrap-up-form form")
    expect(form).to_be_visible()
    form.locator("[name=reason_id]").select_option(index=1)
    form.locator(f"[name=resolution][value={resolution}]").check()
    form.locator("button[type=submit]").click()
    expect(form).to_be_hidden()


def lose_network(context: BrowserContext, lost: bool) -> None:
    """Take the network from a browser, or give it back."""
    context.set_offline(lost)


def test_a_chinese_customer_on_a_phone_and_an_english_agent(
    visitor: Visitor, colleague: Colleague, picture: Callable[[Page, str], None]
) -> None:
    grace, lina = colleague("grace"), colleague("lina")
    be_available(grace)
    phone = visitor("/", device_scale_factor=2)
    ask(phone)
    case = accept(grace, FIRST)
    expect(grace.locator("story-pane")).to_contain_text(WANT)  # told once: what was typed on the page is here
    reply(grace, "您好，我先看一下安装记录。")
    expect(said(phone, "您好，我先看一下安装记录。")).to_be_visible()
    expect(phone.locator("[data-title]")).to_contain_text("欧嘉怡")

    # A note is for colleagues: the customer never gets it, not even over the wire.
    grace.keyboard.press("Escape")
    grace.locator("message-composer input[value=note]").check(force=True)
    grace.locator("message-composer textarea:visible").fill("7号站的车坏了")
    grace.locator("message-composer textarea:visible").press("Control+Enter")
    expect(grace.locator("thread-view .note").filter(has_text="7号站的车坏了")).to_be_visible()

    picture(grace, "desk-en")
    picture(phone, "chat-zh-phone")

    # Transfer to a colleague by name, with a hand-over card; the place in line is kept.
    be_available(lina)
    hand_over(grace, "Mandarin", "李娜", "查了安装记录，7号站没人接电话")
    accept(lina, "您好，我先看一下安装记录。")
    expect(lina.locator(".hand")).to_contain_text("7号站没人接电话")
    reply(lina, "陈女士您好，我是李娜，情况我都看到了。")
    expect(said(phone, "我是李娜")).to_be_visible()
    assert "7号站的车坏了" not in phone.content()
    picture(lina, "desk-zh")

    # Reload: everything is still there.
    phone.reload()
    for text in (FIRST, "您好，我先看一下安装记录。", "我是李娜"):
        expect(said(phone, text)).to_be_visible()

    # The network goes away in mid-chat: what is written meanwhile arrives once, on both sides, when it is back.
    lose_network(phone.context, True)
    write(phone, "安装费也请退给我")
    reply(lina, "周六上午9点到11点可以吗？")
    lose_network(phone.context, False)
    expect(said(lina, "安装费也请退给我")).to_have_count(1, timeout=SLOW)
    expect(said(phone, "周六上午9点到11点可以吗？")).to_have_count(1, timeout=SLOW)

    # The supervisor finds the contact on the floor and joins.
    ruth = colleague("ruth", "/floor/")
    expect(ruth.get_by_text("Live", exact=True)).to_be_visible(timeout=SLOW)
    picture(ruth, "floor-en")
    ruth.goto(case)
    ruth.get_by_role("button", name=re.compile("^Join")).first.click()
    expect(ruth.get_by_role("button", name=re.compile("^Leave")).first).to_be_visible()
    reply(ruth, "I am with you: the fee is refunded today.")
    expect(said(lina, "the fee is refunded today")).to_be_visible()
    expect(said(phone, "the fee is refunded today")).to_be_visible()

    wrap_up(lina, "solved")

    # One question, in the chat, once; a low answer gets an owner and a due time.
    phone.locator("[data-rating] label").filter(has_text="非常不满意").click()
    phone.locator("[data-rating] textarea").fill("等了一整天没人来")
    phone.locator("[data-rating] button").click()
    expect(phone.locator("[data-rating]")).to_be_hidden()
    lina.goto(case)
    expect(lina.locator("story-pane")).to_contain_text("低分")

    # The figure opens to this very contact.
    ruth.goto("/insight/satisfied/")
    expect(ruth.locator(f"main a[href='{case}']")).to_have_count(1)
    ruth.goto("/insight/")
    picture(ruth, "insight-en")


def test_of_two_agents_who_reach_for_one_contact_one_gets_it(visitor: Visitor, colleague: Colleague) -> None:
    first, second = colleague("zhaomin"), colleague("sunhao")
    phone = visitor("/")
    ask(phone, "退款", "退款啥时候到账？给个准话")
    for desk in (first, second):
        desk.locator("inbox-list").get_by_text("排队中").click()
        desk.locator("inbox-list a, inbox-list [role=option]").filter(has_text="退款啥时候到账").first.click()
        expect(desk.locator(".talk-waits .btn-primary")).to_be_visible()
    at = time.time() * 1000 + 1500
    for desk in (first, second):  # both press in the same moment
        desk.locator(".talk-waits .btn-primary").evaluate(
            "(button, at) => void setTimeout(() => button.click(), at - Date.now())", at
        )
    expect(phone.locator("[data-title]")).to_contain_text(re.compile("赵敏|孙浩"), timeout=SLOW)
    winner = "赵敏" if "赵敏" in phone.locator("[data-title]").inner_text() else "孙浩"
    loser = second if winner == "赵敏" else first
    expect(loser.locator("conversation-pane")).to_contain_text(winner)
    expect(loser.locator("message-composer textarea[data-mode=reply]:visible")).to_have_count(0)
