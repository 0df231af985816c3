"""A conversation, whatever the network does."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from heartline.channels.webchat.tests.browser.hands import Visit, answered, marks, reply, write
from heartline.common.clock import now
from heartline.conversations.actions.contacts import answer_contact, end_contact, return_contact
from heartline.conversations.actions.messages import mark_seen
from heartline.conversations.models import Case, Message
from heartline.people.actions import actor_for
from heartline.voice_of_customer.actions import invite
from heartline.voice_of_customer.models import Response
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


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
