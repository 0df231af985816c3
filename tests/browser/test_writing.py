"""Writing at the desk in a real browser: found by typing, taken back, planned, called by name, and never lost."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from heartline.ui.tests.axe import assert_accessible
from tests.browser.customers import Customer
from tests.browser.desks import PICTURE, SLOW, Colleague, field, ready, said, take
from tests.running import Running

pytestmark = pytest.mark.browser
PASTE = """(field, [name, type, data]) => {
    const bytes = Uint8Array.from(atob(data), (one) => one.charCodeAt(0));
    const carried = new DataTransfer();
    carried.items.add(new File([bytes], name, { type }));
    field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: carried, bubbles: true, cancelable: true }));
}"""
DROP = """(form, [name, type, size]) => {
    const carried = new DataTransfer();
    carried.items.add(new File([new Uint8Array(size)], name, { type }));
    for (const kind of ["dragover", "drop"]) form.dispatchEvent(new DragEvent(kind, { dataTransfer: carried, bubbles: true, cancelable: true }));
}"""


GIVE_BACK = """async (id) => {
    const { talk } = await (await fetch(`/desk/api/cases/${id}`)).json();
    const headers = { "X-CSRFToken": document.querySelector("input[name=csrfmiddlewaretoken]").value };
    const active = Object.values(talk.contacts).filter((one) => one.state === "active");
    for (const one of active) await fetch(`/desk/api/contacts/${one.contact_id}/give-back`, { method: "POST", headers });
}"""


class Hall:
    """Customers who come, and who took them: at the end everybody is let go, for nobody may hold more than their share."""

    def __init__(self, house: Running) -> None:
        self._house = house
        self._here: list[Customer] = []
        self._taken: list[tuple[Page, str]] = []

    def __call__(self, name: str, text: str, **more: str) -> Customer:
        self._here.append(Customer(self._house, name, text, **more))
        return self._here[-1]

    def take(self, desk: Page, words: str) -> str:
        """Let somebody take a customer."""
        path = take(desk, words)
        self._taken.append((desk, path))
        return path

    def close(self) -> None:
        """Give everybody back and let them leave."""
        for desk, path in self._taken:
            desk.goto(path)
            desk.evaluate(GIVE_BACK, path.strip("/").rpartition("/")[2])
        for one in self._here:
            one.heard()
            if one.state["contact"]["state"] == "waiting":
                one.leave()


@pytest.fixture
def customer(house: Running, visitor: Callable[..., Page]) -> Iterator[Hall]:
    """Let customers come; pages are open still when they go."""
    hall = Hall(house)
    yield hall
    hall.close()


@pytest.fixture
def held(colleague: Callable[..., Page]) -> Iterator[None]:
    """Hold chat replies for half a minute, as an administrator sets it, and no more afterwards."""
    page = colleague("mia", "/setup/writing/")
    hold(page, "30")
    assert_accessible(page)
    yield
    hold(page, "0")


def hold(page: Page, seconds: str) -> None:
    page.fill("input[name=hold_chat_seconds]", seconds)
    page.locator(".setup-form button[type=submit]").click()
    expect(page.locator("main")).to_contain_text(re.compile("Saved|已保存"))


def test_a_quick_reply_is_found_by_typing_and_filled_in_the_customers_language(
    customer: Hall, colleague: Colleague
) -> None:
    guest = customer("陈雨桐", "快捷回复测试")
    desk = colleague("grace")
    customer.take(desk, "快捷回复测试")
    field(desk).press_sequentially("/hel")
    expect(desk.locator(".picks:visible [role=option]")).to_have_count(1)
    assert_accessible(desk)
    desk.keyboard.press("Enter")
    expect(field(desk)).to_have_value("陈雨桐您好，我是清禾家居的欧嘉怡，请问有什么可以帮您？")
    desk.keyboard.press("Control+Enter")
    expect(said(desk, "请问有什么可以帮您")).to_contain_text(re.compile("Sent|Delivered|Read"))
    assert "陈雨桐您好，我是清禾家居的欧嘉怡，请问有什么可以帮您？" in guest.heard()

    desk.goto("/desk/quick-replies/")
    assert_accessible(desk)
    expect(desk.locator("tr").filter(has_text="/hello").locator("td.n")).to_have_text("1")


def test_what_nobody_knows_is_shown_and_not_sent(customer: Hall, colleague: Colleague) -> None:
    guest = customer("", "Nobody knows my name", language="en")
    desk = colleague("omar")
    customer.take(desk, "Nobody knows my name")
    field(desk).press_sequentially("/hello")
    expect(desk.locator(".picks:visible .state")).to_contain_text("Not known: Customer’s name")
    desk.keyboard.press("Enter")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("message-composer .field-error")).to_contain_text("Fill this in before you send")
    assert (
        desk.evaluate(
            "getSelection().toString() || document.activeElement.value.slice(document.activeElement.selectionStart, document.activeElement.selectionEnd)"
        )
        == "{{customer.name}}"
    )
    desk.keyboard.type("Sam")
    desk.keyboard.press("Control+Enter")
    expect(said(desk, "Hello Sam, this is")).to_contain_text(re.compile("Sent|Delivered|Read"))
    assert not any("{{" in text for text in guest.heard())


def test_ones_own_quick_reply_is_written_on_its_page(colleague: Colleague) -> None:
    page = colleague("lina", "/desk/quick-replies/new/")
    page.fill("input[name=name]", "安装前准备")
    page.fill("textarea[name=text_zh]", "请提前清空 {{brand.nme}}")
    page.locator("main form.form button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("没有变量 brand.nme")
    page.fill("textarea[name=text_zh]", "请提前清空放冰箱的地方")
    page.locator("main form.form button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("安装前准备")
    assert_accessible(page)


def test_a_held_reply_is_taken_back_whole_after_a_reload_and_the_customer_never_saw_it(
    held: None, customer: Hall, colleague: Colleague
) -> None:
    guest = customer("Dana Ruiz", "Take it back, please", language="en")
    desk = colleague("omar")
    customer.take(desk, "Take it back, please")
    field(desk).evaluate(PASTE, ["label.png", "image/png", base64.b64encode(PICTURE).decode()])
    expect(desk.locator("message-composer .file")).to_contain_text("label.png")
    expect(desk.locator("message-composer progress")).to_have_count(0)
    field(desk).fill("Your refund is 2,480")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator(".is-held")).to_contain_text(re.compile(r"Goes in \d+ s"))
    desk.reload()
    ready(desk)
    expect(desk.locator(".is-held")).to_contain_text("label.png")
    assert "Your refund is 2,480" not in guest.heard()
    assert_accessible(desk)
    field(desk).press("Control+z")
    expect(field(desk)).to_have_value("Your refund is 2,480")
    expect(desk.locator("message-composer .file")).to_contain_text("label.png")
    expect(desk.locator(".is-held")).to_have_count(0)

    # What goes is what stands there now, once, even when the process that sends is killed meanwhile.
    field(desk).fill("Your refund is 248")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator(".is-held")).to_have_count(1)


def test_killing_the_sender_neither_loses_nor_doubles_a_held_reply(
    held: None, customer: Hall, colleague: Colleague, house: Running
) -> None:
    hold(colleague("mia", "/setup/writing/"), "4")
    guest = customer("Priya Nair", "Kill the sender", language="en")
    desk = colleague("sofia")
    customer.take(desk, "Kill the sender")
    field(desk).fill("It comes on Friday")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator(".is-held")).to_have_count(1)
    house.kill("work")
    house.kill("web")
    expect(said(desk, "It comes on Friday")).to_contain_text(re.compile("Sent|Delivered|Read"), timeout=60_000)
    expect(desk.locator(".is-held")).to_have_count(0)
    house.wait_until_ready()
    assert guest.heard().count("It comes on Friday") == 1


def test_a_planned_reply_can_be_changed_and_stops_when_the_customer_writes_first(
    customer: Hall, colleague: Colleague
) -> None:
    guest = customer("Nora Lind", "Plan something for me", language="en")
    desk = colleague("tom")
    customer.take(desk, "Plan something for me")
    field(desk).fill("Did the part arrive?")
    desk.locator(".send-more summary").click()
    desk.get_by_role("button", name="Send later", exact=True).click()
    assert_accessible(desk)
    desk.locator("dialog[open] button[type=submit]").click()
    planned = desk.locator(".is-planned")
    expect(planned).to_contain_text("unless the customer writes first")
    planned.get_by_role("button", name="Change").click()
    desk.locator("dialog[open] textarea").fill("Has the part arrived?")
    desk.locator("dialog[open] button[type=submit]").click()
    expect(planned).to_contain_text("Has the part arrived?")
    guest.say("It arrived, thanks")
    expect(planned).to_contain_text("Not sent: the customer wrote first", timeout=40_000)
    planned.get_by_role("button", name="Take back").click()
    expect(field(desk)).to_have_value("Has the part arrived?")
    assert "Has the part arrived?" not in guest.heard()


def test_reply_and_wait_for_the_customer_in_one_move(customer: Hall, colleague: Colleague) -> None:
    customer("Ivo Marek", "One move for me", language="en")
    desk = colleague("omar")
    customer.take(desk, "One move for me")
    field(desk).fill("Please send me the number on the label")
    desk.locator(".send-more summary").press("Enter")
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Enter")
    expect(said(desk, "Please send me the number")).to_contain_text(re.compile("Sent|Delivered|Read"))
    expect(desk.locator("story-pane, .talk-head, thread-view").first).to_be_visible()
    state = desk.evaluate(
        "fetch(location.pathname.replace('/desk/case/', '/desk/api/cases/').replace(/\\/$/, '')).then((one) => one.json())"
    )
    assert state["talk"]["case"]["state"] == "waiting_customer"


def test_a_colleague_called_in_a_note_hears_of_it_and_finds_it(customer: Hall, colleague: Colleague) -> None:
    customer("Lea Brandt", "Call a colleague", language="en")
    other = colleague("ben")
    ready(other)
    desk = colleague("omar")
    case = customer.take(desk, "Call a colleague")
    desk.keyboard.press("Escape")
    desk.locator("message-composer .private").click()
    field(desk, "note").press_sequentially("Can you look, @ben")
    expect(desk.locator(".picks:visible [role=option]")).to_have_count(1)
    desk.keyboard.press("Enter")
    expect(field(desk, "note")).to_have_value("Can you look, @Ben Cole ")
    expect(desk.locator(".to-in").first).to_contain_text("Ben Cole")
    desk.keyboard.press("Control+Enter")
    expect(other.locator("mention-list .count")).to_have_text("1", timeout=SLOW)
    other.locator("mention-list summary").click()
    assert_accessible(other)
    other.locator("mention-list a").click()
    other.wait_for_url(f"**{case}")
    expect(said(other, "Can you look")).to_have_count(1)
    expect(other.locator("mention-list .count")).to_be_hidden()


def test_limits_are_said_before_anything_goes_up(customer: Hall, colleague: Colleague) -> None:
    customer("Max Orel", "Too large for you", language="en")
    desk = colleague("sofia")
    customer.take(desk, "Too large for you")
    sent: list[str] = []
    desk.on("request", lambda request: sent.append(request.url) if request.url.endswith("/files") else None)
    desk.locator("message-composer form").evaluate(DROP, ["film.mp4", "video/mp4", 21 * 1024 * 1024])
    expect(desk.locator("message-composer .field-error")).to_contain_text("the limit is 20 MB")
    desk.locator("message-composer form").evaluate(DROP, ["tool.exe", "application/octet-stream", 10])
    expect(desk.locator("message-composer .field-error")).to_contain_text("images, PDF, Word, Excel or MP4")
    assert sent == []
    field(desk).evaluate(PASTE, ["label.png", "image/png", base64.b64encode(PICTURE).decode()])
    expect(desk.locator("message-composer .file .file-small")).to_have_count(1)
    expect(desk.locator(".draft-state")).to_contain_text("Draft saved")
    desk.reload()
    ready(desk)
    expect(desk.locator("message-composer .file")).to_contain_text("label.png")  # files are part of the draft
    desk.get_by_role("button", name="Remove label.png").click()
    expect(desk.locator("message-composer .file")).to_have_count(0)


def test_what_is_typed_survives_the_death_of_the_server(customer: Hall, colleague: Colleague, house: Running) -> None:
    customer("Ola Berg", "Survive, please", language="en")
    desk = colleague("sofia")
    customer.take(desk, "Survive, please")
    house.kill("web")
    field(desk).fill("Typed while nobody listened")
    house.wait_until_ready()
    expect(desk.locator(".draft-state")).to_contain_text(re.compile("Draft saved|Draft kept"), timeout=SLOW)
    desk.reload()
    ready(desk)
    expect(field(desk)).to_have_value("Typed while nobody listened")
    expect(desk.locator(".draft-state")).to_contain_text("Draft saved", timeout=SLOW)


def test_bold_words_lists_and_links_reach_the_customer_as_such(customer: Hall, colleague: Colleague) -> None:
    guest = customer("Rina Holt", "Dress it up", language="en")
    desk = colleague("omar")
    customer.take(desk, "Dress it up")
    field(desk).press_sequentially("Bring ")
    desk.keyboard.press("Control+b")
    desk.keyboard.type("both")
    desk.keyboard.press("End")
    desk.keyboard.press("Enter")
    desk.keyboard.type("- the label")
    desk.keyboard.press("Enter")
    desk.keyboard.type("[the receipt](https://qinghe.example/r)")
    expect(field(desk)).to_have_value("Bring **both**\n- the label\n- [the receipt](https://qinghe.example/r)")
    desk.keyboard.press("Control+Enter")
    expect(said(desk, "Bring both").locator("strong")).to_have_text("both")
    expect(said(desk, "Bring both").locator("li")).to_have_count(2)
    expect(said(desk, "Bring both")).to_contain_text(re.compile("Sent|Delivered|Read"))
    assert guest.heard()[-1] == "Bring **both**\n- the label\n- [the receipt](https://qinghe.example/r)"


def test_a_colleague_goes_on_with_a_shared_draft(customer: Hall, colleague: Colleague) -> None:
    customer("Finn Aas", "Share this draft", language="en")
    desk = colleague("omar")
    case = customer.take(desk, "Share this draft")
    field(desk).fill("Half of an answer")
    desk.get_by_role("button", name="Let colleagues go on with this draft").click()
    other = colleague("ruth", case)
    ready(other)
    other.locator(".btn", has_text="Join").first.click()
    expect(other.locator(".shared-drafts")).to_contain_text("Half of an answer")
    assert_accessible(other)
    other.get_by_role("button", name="Go on with it").click()
    expect(field(other)).to_have_value("Half of an answer")
    expect(field(desk)).to_have_value("")
    expect(desk.locator(".toast")).to_contain_text("Ruth Adeyemi goes on with your draft")
