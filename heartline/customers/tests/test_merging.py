"""Two records of one person become one, and two again, without losing or showing anything."""

from __future__ import annotations

from datetime import timedelta

import pytest

from heartline.channels.webchat.actions import start_chat
from heartline.channels.webchat.queries import contact_of, customer_of_token, snapshot
from heartline.common.errors import Conflict
from heartline.common.ids import token_hash
from heartline.conversations.actions.cases import Wrapping, finish_contact
from heartline.conversations.actions.contacts import (
    ContactRequest,
    abandon_contact,
    answer_contact,
    end_contact,
    open_contact,
)
from heartline.conversations.actions.moves import merge_cases
from heartline.conversations.actions.snoozes import snooze_case
from heartline.conversations.models import Case, Contact, Message
from heartline.customers.actions import add_identity, change_customer
from heartline.customers.actions.duplicates import suggest_duplicates
from heartline.customers.actions.facts import add_note
from heartline.customers.actions.merging import dismiss_suggestion, merge_customers, unmerge
from heartline.customers.models import Customer, Identity, Merge, Note, Suggestion
from heartline.customers.rules.likeness import NEAR, likeness
from heartline.customers.tests.conftest import BY
from heartline.ledger.models import Entry
from heartline.people.actions import actor_for
from heartline.promises.actions import open_follow_up
from heartline.reception.actions import Arrival, add_to_case, give_status_link
from heartline.reception.queries import Hall, case_of_status_token, errand_from, public_messages
from heartline.service.tests.verify import verify_action
from tests.cast import NOON, waiting_contact


def ended(cast, token=""):
    """A customer whose chat is over, from a browser of their own."""
    contact = waiting_contact(cast)
    if token:
        add_identity(contact.customer, "visitor", token_hash(token), verified=True, by=BY, now=NOON)
    abandon_contact(contact, "left", by=BY, now=NOON)
    return contact


def everything():
    """Return every row that may move, as it stands."""
    tables = (Case, Contact, Note, Identity)
    rows = {
        (t.__name__, row["id"]): row["customer_id"] for t in tables for row in t.objects.values("id", "customer_id")
    }
    names = (
        "id",
        "name",
        "place",
        "about",
        "attributes",
        "organisation_id",
        "do_not_contact",
        "merged_into_id",
        "tier",
    )
    return rows, list(Customer.objects.order_by("id").values_list(*names))


def test_a_merge_moves_everything_and_its_undoing_restores_every_row(cast, known):
    kept = known("陈雨桐", phone="13800138000", place="杭州")
    gone = ended(cast, "t" * 32).customer
    add_identity(gone, "phone", "13800138000", verified=False, by=BY, now=NOON)
    add_identity(gone, "email", "yutong@example.com", verified=False, by=BY, now=NOON)
    change_customer(gone, {"about": "喜欢上午", "attributes": {"revenue": "9"}, "place": "上海"}, by=BY, now=NOON)
    add_note(gone, "说过两次", by=actor_for(cast.grace), now=NOON)
    before = everything()

    merge = merge_customers(kept, gone, by=actor_for(cast.grace), now=NOON)

    kept.refresh_from_db()
    assert (kept.place, kept.about, kept.attributes) == ("杭州", "喜欢上午", {"revenue": "9"})
    assert set(Case.objects.values_list("customer_id", flat=True)) == {kept.id}
    assert set(Contact.objects.values_list("customer_id", flat=True)) == {kept.id}
    assert set(kept.identities.values_list("kind", "value")) == {
        ("phone", "+8613800138000"),
        ("email", "yutong@example.com"),
    }
    gone.refresh_from_db()
    assert gone.merged_into == kept

    unmerge(merge, by=actor_for(cast.grace), now=NOON)
    assert everything() == before
    assert list(Entry.objects.filter(kind__startswith="customers.customers_").values_list("kind", flat=True)) == [
        "customers.customers_merged",
        "customers.customers_unmerged",
    ]
    with pytest.raises(Conflict):
        unmerge(merge, by=BY, now=NOON)


def test_what_came_after_a_merge_stays_or_follows_its_case(cast, known):
    kept, contact = known(), ended(cast)
    merge = merge_customers(kept, contact.customer, by=BY, now=NOON)
    later = Contact.objects.create(
        case=contact.case, customer=kept, channel="webchat", queue=contact.queue, language="en", state="abandoned",
        turn_since=NOON, asked_at=NOON,
    )  # fmt: skip
    change_customer(kept, {"place": "后来"}, by=BY, now=NOON)
    unmerge(merge, by=BY, now=NOON)
    later.refresh_from_db()
    kept.refresh_from_db()
    assert later.customer_id == contact.customer_id
    assert kept.place == "后来"


def test_a_browser_never_sees_what_was_said_in_another(cast):
    mine, theirs = ended(cast, "a" * 32), ended(cast, "b" * 32)
    merge_customers(mine.customer, theirs.customer, by=BY, now=NOON)
    assert contact_of(customer_of_token("a" * 32)) == mine
    assert contact_of(customer_of_token("b" * 32)) == theirs


def test_each_secret_of_a_merged_case_opens_what_was_said_as_its_own_record(cast):
    mine, theirs = ended(cast, "a" * 32), ended(cast, "b" * 32)
    for contact, secret, text in (
        (mine, "link-of-mine-1234567", "我的话"),
        (theirs, "link-of-theirs-12345", "别人的话"),
    ):
        give_status_link(contact.case, secret)
        Message.objects.filter(contact=contact).update(body=text)
        Case.objects.filter(id=contact.case_id).update(subject=text)
    merge = merge_customers(mine.customer, theirs.customer, by=BY, now=NOON)
    merge_cases(theirs.case, mine.case, by=BY, now=NOON)
    hall = Hall(cast.brand, "zh-hans", NOON, errand_from({}))

    def read(secret):
        case = case_of_status_token(secret, NOON)
        return [case.id, case.subject, *(message["text"] for message in public_messages(case))]

    assert read("link-of-mine-1234567") == [mine.case_id, "我的话", "我的话"]
    assert read("link-of-theirs-12345") == [mine.case_id, "别人的话", "别人的话"]
    say = {"hall": hall, "now": NOON}
    add_to_case(case_of_status_token("link-of-theirs-12345", NOON), text="还在等", key="k" * 12, **say)
    assert read("link-of-theirs-12345")[2:] == ["别人的话", "还在等"]
    assert read("link-of-mine-1234567")[2:] == ["我的话"]
    browser = customer_of_token("b" * 32)
    shown = snapshot(contact_of(browser), language="zh-hans", now=NOON)
    assert [message["text"] for message in shown["messages"]] == ["别人的话", "还在等"]
    start_chat(
        "b" * 32,
        Arrival(hall=hall, channel="webchat", text="又来了", client_key="n" * 12, errand=hall.errand),
        now=NOON,
    )
    assert contact_of(browser).customer == mine.customer, "whoever serves sees one customer"
    assert "又来了" not in str(read("link-of-mine-1234567"))
    abandon_contact(contact_of(browser), "left", by=BY, now=NOON)

    unmerge(merge, by=BY, now=NOON)
    assert read("link-of-theirs-12345")[0] == theirs.case_id
    assert set(Message.objects.filter(case=mine.case).values_list("body", flat=True)) == {"我的话", "还在等"}


def test_a_record_in_a_chat_is_the_one_to_keep(cast, known):
    chatting, other = waiting_contact(cast).customer, known()
    with pytest.raises(Conflict):
        merge_customers(other, chatting, by=BY, now=NOON)
    assert not Merge.objects.exists()
    merge_customers(chatting, other, by=BY, now=NOON)


def test_merges_are_undone_in_the_order_they_were_made(cast, known):
    first, second, third = known("一"), known("二"), known("三")
    inner = merge_customers(second, third, by=BY, now=NOON)
    outer = merge_customers(first, second, by=BY, now=NOON)
    with pytest.raises(Conflict):
        unmerge(inner, by=BY, now=NOON)
    unmerge(outer, by=BY, now=NOON)
    unmerge(inner, by=BY, now=NOON)
    assert not Customer.objects.exclude(merged_into=None).exists()


def test_pages_put_two_side_by_side_and_old_numbers_lead_on(cast, known, client):
    kept, gone = known("陈雨桐", phone="13800138000"), known("陳雨桐", phone="013800138000".lstrip("0"))
    suggest_duplicates(now=NOON)
    client.force_login(cast.grace)
    assert f"/customers/{kept.id}/merge/{gone.id}/" in client.get("/customers/duplicates/").content.decode()
    assert client.get(f"/customers/{kept.id}/merge/{gone.id}/").status_code == 200
    answer = client.post(f"/customers/{kept.id}/merge/{gone.id}/", {"keep": str(gone.id)})
    assert answer.headers["Location"] == f"/customers/{gone.id}/"
    assert client.get(f"/customers/{kept.id}/").headers["Location"] == f"/customers/{gone.id}/"
    assert client.get(f"/customers/{kept.id}/", follow=True).status_code == 200
    assert len(client.get("/customers/").context["rows"]) == 1
    client.post(f"/customers/merges/{Merge.objects.get().pk}/undo/")
    assert len(client.get("/customers/").context["rows"]) == 2
    assert Suggestion.objects.get().state == "dismissed"


def test_duplicates_are_suggested_by_address_and_by_near_names_with_the_same_phone_end(cast, known):
    ann = known("Ann Smith", phone="+44 7700 900123")
    near = known("SMITH, ＡＮＮ", phone="+44 7800 100123")
    known("Bob Jones", phone="+44 7900 200123")
    same = known("Whoever", email="ann@example.com")
    add_identity(ann, "email", "ANN@example.com", verified=False, by=BY, now=NOON)
    assert suggest_duplicates(now=NOON) == 2
    found = {(row.first_id, row.second_id): row.why for row in Suggestion.objects.all()}
    assert found == {(ann.id, near.id): "near_name", (ann.id, same.id): "same_email"}
    dismiss_suggestion(Suggestion.objects.get(why="near_name"), by=BY, now=NOON)
    change_customer(near, {"name": "Ann  Smith"}, by=BY, now=NOON)
    assert suggest_duplicates(now=NOON) == 0


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("王小明", "王小明 ", True), ("王小明", "王晓明", True), ("王明", "王敏", False), ("李小明", "王小明", False),
        ("John Smith", "smith john", True), ("J Smith", "John Smith", True), ("Jon Smith", "John Smith", True),
        ("John Smith", "Mary Smith", False), ("", "", False), ("J S", "John Smith", False),
    ],
)  # fmt: skip
def test_likeness_of_names(one, other, alike):
    assert (likeness(one, other) >= NEAR) is alike
    assert likeness(one, other) == likeness(other, one)


@pytest.mark.usefixtures("settled")
def test_every_desk_follows_a_merge_and_its_undoing(cast, known):
    kept, by = known("陈雨桐女士", tier="big"), actor_for(cast.grace)
    ended_one = answer_contact(waiting_contact(cast), cast.grace, by=by, now=NOON)
    gone = ended_one.customer
    end_contact(ended_one, ended_by="person", by=by, now=NOON)
    finish_contact(ended_one, Wrapping(reason=cast.reason, resolution="partly"), by=by, now=NOON)
    snooze_case(ended_one.case, cast.grace, NOON + timedelta(days=1), by=by, now=NOON)
    due = NOON + timedelta(hours=1)
    open_follow_up(ended_one.case, "callback", contact=None, owner=cast.grace, what="", due_at=due, by=by, now=NOON)
    request = {"queue": cast.chat_zh, "language": "zh-hans", "channel": "webform", "client_key": "two"}
    open_contact(ContactRequest(customer=gone, text="发票", **request), by=BY, now=NOON)
    people = [cast.grace, cast.tom, cast.supervisor, cast.admin]
    merge = verify_action(people, lambda: merge_customers(kept, gone, by=BY, now=NOON), now=NOON)
    verify_action(people, lambda: unmerge(merge, by=BY, now=NOON), now=NOON)
