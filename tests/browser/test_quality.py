"""A contact's way through quality: a card is built, a sample drawn, scored by keyboard, shared, appealed and coached."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from heartline.common import clock
from heartline.ui.tests.axe import assert_accessible
from tests.browser.desks import Colleague

pytestmark = pytest.mark.browser
SCORING = "[data-ready=yes]"
# Who reads English and may have served somebody; the sample company's card has not been shared with all of them.
AGENTS = {
    "Omar Haddad": "omar",
    "Sofia Berg": "sofia",
    "Tom Reid": "tom",
    "Aroha Tane": "aroha",
    "Ana Duarte": "ana",
    "Ben Cole": "ben",
    "Grace Okafor": "grace",
}
SCORED: list[str] = []


def act(page: Page, words: str) -> None:
    """Press a button or a link of the page by its words."""
    page.locator("main").get_by_role("button", name=words).or_(
        page.locator("main").get_by_role("link", name=words)
    ).first.click()


def check(page: Page) -> None:
    """Look for barriers from the top of the page: what is half under the strip there is so for a moment only."""
    page.evaluate("scrollTo(0, 0)")
    assert_accessible(page)


def build_card(page: Page) -> None:
    """Write a card with two questions and publish it, with the keyboard alone."""
    page.goto("/quality/cards/")
    page.keyboard.press("n")
    page.locator("[name=name_en]").press_sequentially("Chat")
    page.keyboard.press("Enter")
    page.locator("[name=s1-name_en]").press_sequentially("Promise")
    page.locator("[name=q2-text_en]").press_sequentially("Did they let the customer finish?")
    page.locator("button[value='add:s1']").press("Enter")
    page.locator("[name=q3-text_en]").press_sequentially("Did they say what comes next, and when?")
    expect(page.locator("[name=q2-text_en]")).to_have_value("Did they let the customer finish?")
    page.locator("[name=q3-kind]").select_option("scale")
    page.locator("[name=q3-top]").select_option("3")
    page.locator("[name=q3-critical]").press("Space")
    page.locator("#q3 summary").press("Enter")
    page.locator("[name=q3-steps_en]").press_sequentially("Nothing\nA step\nA step and a day")
    page.locator("button[value=publish]").first.press("Enter")
    expect(page.locator(".errors-first")).to_contain_text("Describe each value")
    expect(page.locator("[name=q3-steps_en]")).to_have_value("Nothing\nA step\nA step and a day\n")
    page.locator("[name=q3-steps_en]").fill("Nothing\nA step\nA step and a day\nStep, day and who")
    check(page)
    page.locator("button[value=publish]").first.press("Enter")
    expect(page.locator("[data-notices]")).to_contain_text("Version 1 is published")


def draw(page: Page) -> None:
    """Draw what was done in the last ten days and the sample company has not drawn."""
    today = clock.now().date()
    page.goto("/quality/samples/new/")
    page.locator("[name=version]").select_option(label="Chat")
    page.locator("[name=count]").fill("50")
    page.locator("[name=first_day]").fill((today - timedelta(days=10)).isoformat())
    page.locator("[name=last_day]").fill((today + timedelta(days=1)).isoformat())
    page.locator("[name=double_percent]").fill("0")
    page.get_by_label("Ruth Adeyemi").check()
    check(page)
    act(page, "Draw and share out")
    expect(page.locator("h1")).to_have_text(re.compile(r"(\d+) drawn out of \1"))


def score(page: Page) -> tuple[str, str]:
    """Score somebody's contact by keyboard; returns the review's number and whose work it is."""
    page.goto("/quality/to-score/")
    ours = page.locator("main ul").first.locator("li").filter(has=page.get_by_text("Chat", exact=True))
    who = next(name for name in AGENTS if ours.filter(has_text=name).count())
    ours.filter(has_text=who).locator("a.strong").first.press("Enter")
    page.wait_for_selector(SCORING)
    page.keyboard.press("y")
    page.keyboard.press("m")
    page.keyboard.press("Enter")
    expect(page.locator("#q2 [data-links] a")).to_have_count(1)
    page.keyboard.press("m")
    page.keyboard.press("c")
    page.keyboard.type("Let her tell it all", delay=1)
    expect(page.locator("[data-kept]")).to_have_text("All kept")
    page.reload()
    page.wait_for_selector(SCORING)
    expect(page.locator("#q2-comment")).to_have_value("Let her tell it all")
    expect(page.locator("#q2 [value='1']")).to_be_checked()
    check(page)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".errors-first")).to_contain_text("not answered yet")
    assert "rating" not in page.locator("main").inner_text()
    page.wait_for_selector(SCORING)
    in_another_tab(page)
    page.keyboard.press("j")
    page.keyboard.press("2")
    expect(page.locator(".toast")).to_contain_text("Changed in another tab")
    expect(page.locator("#q3 [value='1']")).to_be_checked()
    page.keyboard.press("2")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/quality/reviews/\d+/$"))
    SCORED.append(page.url)
    return page.url.rstrip("/").rpartition("/")[2], who


def in_another_tab(page: Page) -> None:
    """Answer the second question in a second tab of the same browser."""
    other = page.context.new_page()
    other.goto(page.url.replace("/submit/", "/score/"))
    other.wait_for_selector(SCORING)
    other.locator("#q3 [value='1']").check()
    expect(other.locator("[data-kept]")).to_have_text("All kept")
    other.close()


def open_a_review(page: Page) -> None:
    """Open a review with our card; in a house where nothing was scored yet, score one."""
    if SCORED:
        page.goto(SCORED[0])
    else:
        build_card(page)
        draw(page)
        score(page)


def test_from_the_card_to_the_coaching(colleague: Colleague) -> None:
    ruth = colleague("ruth", "/quality/cards/")
    build_card(ruth)
    draw(ruth)
    number, who = score(ruth)
    expect(ruth.get_by_role("region", name="The customer’s rating")).to_be_visible()
    expect(ruth.get_by_role("region", name="Our score")).to_contain_text("83")
    check(ruth)
    agent = colleague(AGENTS[who], "/quality/mine/")
    mine = agent.locator(f"main a[href$='/quality/mine/{number}/']")
    expect(mine).to_have_count(0)
    ruth.keyboard.press("s")
    expect(ruth.locator("[data-notices]")).to_contain_text("Shared")

    agent.goto(f"/quality/mine/{number}/")
    agent.locator(".judge-links a").first.click()
    expect(agent.locator(".msg:target")).to_be_visible()
    agent.get_by_label("Your words").fill("She had no day in mind yet")
    check(agent)
    act(agent, "Appeal")
    expect(agent.locator("main")).to_contain_text("Your appeal is waiting for an answer")

    ruth.goto("/quality/team/")
    expect(ruth.locator("h1")).to_have_text("1 appeal waits for an answer")
    check(ruth)
    ruth.goto(f"/quality/reviews/{number}/")
    ruth.get_by_label(f"Answer {who}").fill("We offer a day, she may change it")
    act(ruth, "The score stands")
    act(ruth, "Write a coaching note")
    expect(ruth.locator("[name=messages]:checked")).to_have_count(1)
    ruth.get_by_label("What we talked about").fill("Offering a day first")
    ruth.get_by_label("Next step").fill("Name a day in every answer")
    act(ruth, "Save the note")
    expect(ruth.locator("h1")).to_have_text("Name a day in every answer")

    agent.goto("/quality/mine/")
    act(agent, "Name a day in every answer")
    check(agent)
    act(agent, "Agreed")
    expect(agent.locator("main")).to_contain_text(f"{who} agreed")


def test_a_calibration_with_an_expert_in_chinese(colleague: Colleague) -> None:
    ruth = colleague("ruth", "/quality/team/")
    open_a_review(ruth)
    act(ruth, "Calibrate on this contact")
    ruth.get_by_label("Ruth Adeyemi").check()
    ruth.get_by_label("胡师傅").check()
    act(ruth, "Ask them to score")
    session = ruth.url
    expert = colleague("hu", "/quality/to-score/")
    expert.set_viewport_size({"width": 390, "height": 844})
    expect(expert.locator("h1")).to_have_text(re.compile(r"有 \d+ 次联络要评"))
    for page, value in ((ruth, "3"), (expert, "1")):
        page.goto("/quality/calibrations/")
        page.locator("main li a.strong").first.click()
        page.locator("main li .btn-primary").click()
        page.wait_for_selector(SCORING)
        page.keyboard.press("y")
        page.keyboard.press("j")
        page.keyboard.press(value)
        if page is expert:
            check(page)
        page.keyboard.press("Control+Enter")
        page.wait_for_url(re.compile(r"/quality/reviews/\d+/$"))
    ruth.goto(session)
    expect(ruth.locator("main")).not_to_contain_text("A step")
    act(ruth, "Lay them side by side")
    apart = ruth.locator("#q3")
    expect(apart).to_contain_text("Apart")
    expect(ruth.locator("#q2")).to_contain_text("Alike")
    apart.locator("summary").click()
    apart.get_by_label("Answer").select_option("2")
    apart.get_by_label("Why").fill("A day without who")
    act(ruth, "Keep what we agreed")
    expect(ruth.locator("#q3")).to_contain_text("A day without who")
    check(ruth)
    expert.goto(session)
    expect(expert.locator("#q3")).to_contain_text("已商定")
    check(expert)
