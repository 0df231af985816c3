"""Forms that need no script: a message, a complaint, a call."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlparse

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from heartline.conversations.models import Attachment, Case, Contact, Message
from heartline.customers.models import Customer, Identity
from heartline.ledger.models import Entry
from heartline.promises.models import FollowUp
from heartline.reception.tests.browsing import PDF, Page, page, send
from tests.cast import NOON, Cast

# Leaving a message


def test_a_message_becomes_a_case_with_a_page_of_its_own(cast: Cast, visitor: Client) -> None:
    answer = send(visitor, "/b/qinghe/message", text="Where is my fridge?", name="Ann", phone="13800138000")
    assert answer.status_code == 302
    contact = Contact.objects.get()
    assert (contact.channel, contact.state, contact.language) == ("webform", "waiting", "en")
    assert contact.due_at == NOON + timedelta(hours=4)
    assert contact.customer.name == "Ann"
    assert Identity.objects.get().verified_at is None
    shown = visitor.get(answer["Location"])
    assert "Where is my fridge?" in shown.content.decode()
    assert "We promised: an answer by 15:38" in shown.content.decode()
    assert shown["Referrer-Policy"] == "same-origin"
    assert shown["Cache-Control"] == "no-store"
    token = urlparse(answer["Location"]).path.rpartition("/")[2]
    assert len(token) >= 32
    assert token not in str(Case.objects.values().get())
    assert token not in str(list(Entry.objects.values_list("body", flat=True)))


def test_the_secret_of_a_case_is_not_written_down_as_where_somebody_came_from(cast: Cast, visitor: Client) -> None:
    for number, referrer in enumerate(("http://testserver/case/secret-token", "http://testserver/?want=fridge")):
        typed = {**page(visitor, "/b/qinghe/message").hidden, "text": f"Hello {number}"}
        visitor.post("/b/qinghe/message", typed, headers={"Referer": referrer})
    assert list(Contact.objects.order_by("id").values_list("came_from", flat=True)) == ["", "http://testserver/"]


def test_a_form_never_asks_what_was_typed_before(cast: Cast, visitor: Client) -> None:
    form = page(visitor, "/b/qinghe/message?want=fridge+BX-420")
    assert "You told us: “fridge BX-420”" in form.text
    answer = send(visitor, "/b/qinghe/message?want=fridge+BX-420", text="")
    assert answer.status_code == 302
    assert Message.objects.get().body == "fridge BX-420"


def test_an_empty_form_says_what_is_missing_and_keeps_the_rest(cast: Cast, visitor: Client) -> None:
    answer = send(visitor, "/b/qinghe/message", text="  ", name="Ann", email="nonsense")
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Write what this is about" in html
    assert 'value="Ann"' in html
    assert not Customer.objects.exists()


def test_a_wrong_address_is_said_where_it_stands_and_nothing_is_half_done(cast: Cast, visitor: Client) -> None:
    answer = send(visitor, "/b/qinghe/message", text="My long story", email="nonsense", phone="12")
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "This e-mail address cannot be right" in html
    assert "My long story" in html
    assert not Customer.objects.exists()
    assert not Entry.objects.filter(kind="customers.customer_created").exists()


def test_the_same_form_sent_twice_is_one_case(cast: Cast, visitor: Client) -> None:
    form = page(visitor, "/b/qinghe/message")
    first = visitor.post("/b/qinghe/message", {**form.hidden, "text": "Hello"})
    second = visitor.post("/b/qinghe/message", {**form.hidden, "text": "Hello"})
    assert first["Location"] == second["Location"]
    assert (Case.objects.count(), Message.objects.count()) == (1, 1)
    third = visitor.post("/b/qinghe/message", {**form.hidden, "text": "Hello, and one more thing"})
    assert third["Location"] == first["Location"]
    assert Message.objects.count() == 2


def test_a_key_of_somebody_s_own_making_is_refused_and_the_text_stays(cast: Cast, visitor: Client, at_noon) -> None:
    form = page(visitor, "/b/qinghe/message")
    for key in ("x" * 40, "", form.hidden["key"] + "x"):
        answer = visitor.post("/b/qinghe/message", {**form.hidden, "key": key, "text": "Hello"})
        assert answer.status_code == 422
        assert "Hello" in answer.content.decode()
    at_noon.shift(3 * 24 * 3600)
    stale = visitor.post("/b/qinghe/message", {**form.hidden, "text": "Hello"})
    renewed = Page(stale.content.decode())
    assert renewed.hidden["key"] != form.hidden["key"]
    assert visitor.post("/b/qinghe/message", {**renewed.hidden, "text": "Hello"}).status_code == 302


def test_without_the_token_of_our_page_nothing_is_taken(cast: Cast, visitor: Client) -> None:
    form = page(visitor, "/b/qinghe/message")
    answer = visitor.post("/b/qinghe/message", {"key": form.hidden["key"], "text": "Hello"})
    assert answer.status_code == 403
    assert not Case.objects.exists()


def test_files_come_with_the_message_or_refuse_it_whole(cast: Cast, visitor: Client) -> None:
    bad = send(visitor, "/b/qinghe/message", text="See here", uploads=SimpleUploadedFile("a.exe", b"MZ" + b"\0" * 99))
    assert bad.status_code == 422
    assert "We can’t take .exe files" in bad.content.decode()
    assert "See here" in bad.content.decode()
    assert not Case.objects.exists()
    files = [SimpleUploadedFile("账单.pdf", PDF), SimpleUploadedFile("b.pdf", PDF)]
    good = send(visitor, "/b/qinghe/message", text="See here", uploads=files)
    message = Message.objects.get()
    assert [file.name for file in message.attachments.order_by("id")] == ["账单.pdf", "b.pdf"]
    shown = page(visitor, good["Location"])
    link = next(link for link in shown.links if "/files/" in link)
    assert visitor.get(link).getvalue() == PDF


def test_eleven_files_are_one_too_many(cast: Cast, visitor: Client) -> None:
    files = [SimpleUploadedFile(f"{n}.pdf", PDF) for n in range(11)]
    assert send(visitor, "/b/qinghe/message", text="x", uploads=files).status_code == 422
    assert not Attachment.objects.exists()


def test_a_complaint_is_marked_as_one(cast: Cast, visitor: Client) -> None:
    send(visitor, "/b/qinghe/complaint", text="Nobody came", wish="An apology")
    case = Case.objects.get()
    assert case.reason
    assert case.reason.key == "complaint"
    assert Message.objects.get().body == "Nobody came\n\nWhat would put this right?\nAn apology"


def test_forms_are_counted_by_where_they_come_from(cast: Cast, visitor: Client) -> None:
    answers = [send(visitor, "/b/qinghe/message", text=f"Hello {n}").status_code for n in range(21)]
    assert answers == [302] * 20 + [422]
    form = page(visitor, "/b/qinghe/message")
    elsewhere = visitor.post("/b/qinghe/message", {**form.hidden, "text": "x"}, REMOTE_ADDR="203.0.113.10")
    assert elsewhere.status_code == 302


# Being called


def test_a_call_at_a_chosen_time_is_owed(cast: Cast, visitor: Client) -> None:
    form = visitor.get("/b/qinghe/call-me").content.decode()
    times = re.findall(r'<option value="(2026[^"]+)"', form)
    answer = send(visitor, "/b/qinghe/call-me", phone="138 0013 8000", when=times[2], text="fridge")
    contact = Contact.objects.get()
    owed = FollowUp.objects.get()
    assert contact.due_at
    assert (contact.channel, contact.due_at.isoformat()) == ("callback", times[2])
    assert (owed.kind, owed.phone, owed.due_at) == (
        "callback",
        "+8613800138000",
        contact.due_at + timedelta(minutes=15),
    )
    assert owed.owner_id
    html = visitor.get(answer["Location"]).content.decode()
    assert "Done. We’ll ring" in html
    assert "13800138000" not in html
    assert "+8613800138000" not in html


def test_a_call_as_soon_as_possible(cast: Cast, visitor: Client) -> None:
    send(visitor, "/b/qinghe/call-me", phone="13800138000", when="")
    assert Contact.objects.get().due_at is None
    assert FollowUp.objects.get().due_at == NOON + timedelta(hours=1)


def test_a_call_asked_for_at_night_waits_for_the_morning(cast: Cast, visitor: Client, at_noon) -> None:
    at_noon.move_to(NOON + timedelta(hours=12))
    send(visitor, "/b/qinghe/call-me", phone="13800138000", when="")
    opening = NOON.replace(hour=0, minute=0) + timedelta(days=1)
    assert Contact.objects.get().due_at == opening
    assert FollowUp.objects.get().due_at == opening + timedelta(hours=1)


@pytest.mark.parametrize("phone", ["", "12", "+1 900 234 5678", "4005550142", "+44 7400 123456", "hello"])
def test_numbers_we_do_not_call_are_refused_in_words(cast: Cast, visitor: Client, phone: str) -> None:
    answer = send(visitor, "/b/qinghe/call-me", phone=phone, text="my story")
    assert answer.status_code == 422
    assert "field-error" in answer.content.decode()
    assert "my story" in answer.content.decode()
    assert not Contact.objects.exists()


def test_other_countries_are_called_where_the_house_says_so(cast: Cast, visitor: Client, settings) -> None:
    settings.CALLBACK_COUNTRIES = ["GB", "CN"]
    assert send(visitor, "/b/qinghe/call-me", phone="+44 7400 123456").status_code == 302


@pytest.mark.parametrize("when", ["2026-11-26T03:00:00+00:00", "tomorrow", "2031-01-01T00:00:00+00:00", "x" * 500])
def test_times_that_were_not_offered_are_refused(cast: Cast, visitor: Client, when: str) -> None:
    assert send(visitor, "/b/qinghe/call-me", phone="13800138000", when=when).status_code == 422
    assert not Contact.objects.exists()
