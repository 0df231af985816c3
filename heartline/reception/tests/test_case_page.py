"""A case's own page: what its customer may see, and how it goes on."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from heartline.common.actors import Actor
from heartline.conversations.actions.contacts import ContactRequest, answer_contact, end_contact, open_contact
from heartline.conversations.actions.messages import add_message
from heartline.conversations.actions.moves import merge_cases, split_case
from heartline.conversations.models import Attachment, Case, Contact, Message
from heartline.customers.models import Customer
from heartline.ledger.models import Entry
from heartline.people.actions import actor_for
from heartline.promises.models import FollowUp
from heartline.reception.tests.browsing import PDF, page, send
from tests.cast import NOON, Cast

# A case's own page


@pytest.fixture
def case_address(cast: Cast, visitor: Client) -> str:
    return str(send(visitor, "/b/qinghe/message", text="Where is my fridge?")["Location"]).partition("?")[0]


def served(cast: Cast, by: str = "grace") -> Contact:
    someone = getattr(cast, by)
    return answer_contact(Contact.objects.latest("id"), someone, by=actor_for(someone), now=NOON)


def test_it_shows_what_the_customer_may_see_and_no_more(cast: Cast, visitor: Client, case_address: str) -> None:
    contact = served(cast)
    add_message(contact, "reply", "It comes tomorrow", client_key="r", by=actor_for(cast.grace), now=NOON)
    add_message(contact, "note", "the truck broke down", client_key="n", by=actor_for(cast.grace), now=NOON)
    html = page(visitor, case_address).text
    assert "It comes tomorrow" in html
    assert "truck" not in html
    assert "欧嘉怡" in html
    assert "Grace Okafor" not in html


def test_more_is_added_to_the_contact_that_is_open(cast: Cast, visitor: Client, case_address: str) -> None:
    answer = send(visitor, case_address, text="It is a BX-420", uploads=SimpleUploadedFile("bill.pdf", PDF))
    assert answer.status_code == 302
    assert Contact.objects.count() == 1
    assert list(Message.objects.order_by("id").values_list("body", flat=True)) == [
        "Where is my fridge?",
        "It is a BX-420",
    ]
    assert Attachment.objects.get().message_id


def test_after_the_end_it_opens_again_in_the_same_case(cast: Cast, visitor: Client, case_address: str) -> None:
    end_contact(served(cast), ended_by="person", by=actor_for(cast.grace), now=NOON)
    send(visitor, case_address, text="It did not come")
    assert Contact.objects.count() == 2
    assert Case.objects.count() == 1
    assert Contact.objects.latest("id").due_at == NOON + timedelta(hours=4)


def test_the_link_ends_ninety_days_after_the_last_word(cast: Cast, visitor: Client, case_address: str, at_noon) -> None:
    at_noon.move_to(NOON + timedelta(days=89))
    send(visitor, case_address, text="still there?")
    at_noon.move_to(NOON + timedelta(days=178))
    page(visitor, case_address)
    at_noon.move_to(NOON + timedelta(days=180))
    assert visitor.get(case_address).status_code == 404


@pytest.mark.parametrize("token", ["null", "None", "%20", "%00", "x" * 32, "x" * 500, "1"])
def test_wrong_links_open_nothing(cast: Cast, visitor: Client, case_address: str, token: str) -> None:
    assert visitor.get(f"/case/{token}").status_code == 404


def test_neither_the_number_nor_the_hash_opens_a_case(cast: Cast, visitor: Client, case_address: str) -> None:
    case = Case.objects.get()
    assert visitor.get(f"/case/{case.id}").status_code == 404
    assert visitor.get(f"/case/{case.status_token_hash}").status_code == 404
    other = Case.objects.create(
        customer=case.customer,
        brand=case.brand,
        queue=case.queue,
        subject="x",
        language="en",
        opened_at=NOON,
        changed_at=NOON,
    )
    assert other.status_token_hash is None


def test_files_of_other_cases_and_of_notes_do_not_exist_here(cast: Cast, visitor: Client, case_address: str) -> None:
    other = Client(enforce_csrf_checks=True, headers={"Accept-Language": "en"})
    send(other, "/b/qinghe/message", text="mine", uploads=SimpleUploadedFile("secret.pdf", PDF))
    foreign = Attachment.objects.get()
    assert visitor.get(f"{case_address}/files/{foreign.token}").status_code == 404
    for token in ("%00", "null", "x" * 500):
        assert visitor.get(f"{case_address}/files/{token}").status_code == 404
    Attachment.objects.update(message=Message.objects.order_by("id").first(), is_internal=True)
    assert visitor.get(f"{case_address}/files/{foreign.token}").status_code == 404


def test_the_contact_page_remembers_the_case_on_this_device(cast: Cast, visitor: Client, case_address: str) -> None:
    visitor.get(case_address)
    cookie = visitor.cookies["heartline_case"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert "Continue my case" in page(visitor, "/").text
    assert "Continue my case" not in page(Client(headers={"Accept-Language": "en"}), "/").text
    form = page(visitor, "/")
    visitor.post("/case/forget", form.hidden)
    assert "Continue my case" not in page(visitor, "/").text


def test_reading_changes_nothing(cast: Cast, visitor: Client, case_address: str) -> None:
    before = Entry.objects.count()
    for address in ("/", "/?want=x", case_address, "/b/qinghe/message", "/b/qinghe/call-me", "/b/qinghe/complaint"):
        visitor.get(address)
        visitor.head(address)
    assert Entry.objects.count() == before


def test_a_message_by_us_is_by_a_person(cast: Cast, visitor: Client, case_address: str) -> None:
    assert Actor.system("x").kind not in set(Message.objects.values_list("author_kind", flat=True))


# Going on from a case by another way


def test_a_call_asked_for_on_the_case_s_page_belongs_to_the_case(
    cast: Cast, visitor: Client, case_address: str
) -> None:
    found = page(visitor, case_address)
    form = next(link for link in found.links if "/call-me" in link and "case=1" in link)
    assert "You told us: “Where is my fridge?”" in page(visitor, form).text
    answer = send(visitor, form, phone="13800138000")
    assert answer["Location"].startswith(case_address)
    assert (Case.objects.count(), Customer.objects.count()) == (1, 1)
    assert list(Contact.objects.order_by("id").values_list("channel", flat=True)) == ["webform", "callback"]
    again = send(visitor, form, phone="13800138001")
    assert again.status_code == 302
    assert Contact.objects.filter(channel="callback").count() == 1
    assert FollowUp.objects.get().phone == "+8613800138001"


def test_a_complaint_about_a_case_belongs_to_the_case(cast: Cast, visitor: Client, case_address: str) -> None:
    form = next(link for link in page(visitor, case_address).links if "/complaint" in link)
    send(visitor, form, text="Nobody answers")
    assert Case.objects.count() == 1
    assert Message.objects.latest("id").body == "Nobody answers"
    reason = Case.objects.get().reason
    assert reason
    assert reason.key == "complaint"
    send(visitor, form, text="Nobody answers, again")
    assert Case.objects.count() == 1


def test_the_chat_goes_on_in_the_case(cast: Cast, visitor: Client, case_address: str) -> None:
    link = next(link for link in page(visitor, case_address).links if link.endswith("#chat"))
    told = re.search(r'id="chat-settings" type="application/json">(.*?)</script>', page(visitor, link).text)
    assert told
    settings = json.loads(told[1])
    assert settings["case"] == case_address.rpartition("/")[2]
    token = visitor.post("/chat/api/visitor", {}, content_type="application/json").json()["token"]
    opening = {
        "brand": "qinghe",
        "language": "en",
        "text": "still there?",
        "key": "chatkey001",
        "case": settings["case"],
    }
    answer = visitor.post(
        "/chat/api/start", opening, content_type="application/json", headers={"Authorization": f"Bearer {token}"}
    )
    assert [message["text"] for message in answer.json()["messages"]] == ["Where is my fridge?", "still there?"]
    assert (Case.objects.count(), Customer.objects.count()) == (1, 1)


def test_without_the_secret_nobody_goes_on_in_a_case(cast: Cast, visitor: Client, case_address: str) -> None:
    case = Case.objects.get()
    stranger = Client(enforce_csrf_checks=True, headers={"Accept-Language": "en"})
    assert send(stranger, "/b/qinghe/message?case=1", text="mine").status_code == 302
    for claim in (str(case.id), case.status_token_hash, "1", ""):
        token = stranger.post("/chat/api/visitor", {}, content_type="application/json").json()["token"]
        opening = {"brand": "qinghe", "text": "hello", "key": "chatkey001", "case": claim}
        answer = stranger.post(
            "/chat/api/start", opening, content_type="application/json", headers={"Authorization": f"Bearer {token}"}
        )
        assert [message["text"] for message in answer.json()["messages"]] == ["hello"]
    assert case.contacts.count() == 1


# Cases that were merged or split


def another_case(first: Contact, text: str) -> Contact:
    request = ContactRequest(
        customer=first.customer, queue=first.queue, channel="webform", language="en", text=text, client_key="other"
    )
    return open_contact(request, by=Actor.customer(first.customer_id, ""), now=NOON)


def test_the_link_of_a_merged_case_leads_on(cast: Cast, visitor: Client, case_address: str) -> None:
    first = Contact.objects.latest("id")
    second = another_case(first, "And the invoice is missing")
    merge_cases(first.case, second.case, by=actor_for(cast.grace), now=NOON)
    html = page(visitor, case_address).text
    assert "Where is my fridge?" in html
    assert "And the invoice is missing" in html
    assert f"Your case {first.case_id} goes on here" in html


def test_the_link_of_a_split_case_shows_where_the_rest_goes_on(cast: Cast, visitor: Client, case_address: str) -> None:
    first = Contact.objects.latest("id")
    request = ContactRequest(
        customer=first.customer,
        queue=first.queue,
        channel="webform",
        language="en",
        text="The invoice is missing",
        client_key="more",
        case=first.case,
    )
    more = open_contact(request, by=Actor.customer(first.customer_id, ""), now=NOON)
    split_case(first.case, [more.id], "Invoice", by=actor_for(cast.grace), now=NOON)
    more.refresh_from_db()
    html = page(visitor, case_address).text
    assert "The invoice is missing" not in html
    part = f"{case_address}~{more.case_id}"
    assert part in html
    there = page(visitor, part).text
    assert "The invoice is missing" in there
    assert "Where is my fridge?" not in there
    send(visitor, part, text="Still missing")
    assert Message.objects.latest("id").case_id == more.case_id


def test_a_link_opens_no_case_that_was_not_split_off_it(cast: Cast, visitor: Client, case_address: str) -> None:
    other = another_case(Contact.objects.latest("id"), "Something else")
    for part in (str(other.case_id), "0", "-1", "x", "1.5", "٣"):
        assert visitor.get(f"{case_address}~{part}").status_code == 404
