"""The index follows the tables: soon, whole, once, and never longer than the words are there."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import pytest
from django.db import connections, transaction

from heartline.common.actors import Actor
from heartline.config.sample import load, remove
from heartline.conversations.actions.cases import change_case
from heartline.conversations.actions.messages import add_message
from heartline.conversations.models import Case, Message
from heartline.customers.actions import change_customer
from heartline.customers.events import OrganisationChanged
from heartline.customers.models import Customer, Organisation
from heartline.knowledge.search import actions
from heartline.knowledge.search.actions import begin_anew, build_on, follow, forget_missing
from heartline.knowledge.search.forgetting import forget_rows
from heartline.knowledge.search.models import Entry, Progress, Word
from heartline.knowledge.search.sources import KINDS
from heartline.knowledge.search.tests.conftest import found, keep_up
from heartline.knowledge.search.tests.test_finding import contact_of, said
from heartline.ledger.actions import record
from heartline.ledger.events import LedgerEvent
from heartline.people.models import Person
from tests.cast import NOON, assemble


@dataclass(frozen=True, kw_only=True)
class MessageRedacted(LedgerEvent):
    """An event this room has never heard of, about a message."""

    kind = "conversations.message_redacted"
    message_id: int
    case_id: int


pytestmark = pytest.mark.django_db(transaction=True)
ROBOT = Actor.system("test")


def entries():
    return set(Entry.objects.values_list("id", flat=True))


def things():
    return {place for kind in KINDS for place in kind.places(kind.rows().values_list("pk", flat=True))}


def test_what_was_there_before_is_indexed_the_first_time(cast):
    contact = contact_of(cast, "A", "fridge", subject="Loud")
    keep_up()
    assert found(cast.grace, "fridge", "messages") == [said(contact)]
    assert entries() == things()


def test_a_new_message_is_found_after_one_reading(cast):
    contact = contact_of(cast, "A", "fridge")
    keep_up()
    message = add_message(contact, "note", "冰箱 compressor", client_key="2", by=ROBOT, now=NOON)
    assert found(cast.grace, "compressor", "messages") == []
    assert follow() > 0
    assert found(cast.grace, "compressor", "messages") == [message.id]
    assert follow() == 0


def test_a_changed_subject_is_found_under_its_new_words_alone(cast):
    contact = contact_of(cast, "A", "x", subject="Oldword")
    keep_up()
    change_case(contact.case, {"subject": "Newword", "wants": ""}, by=ROBOT, now=NOON)
    keep_up()
    assert found(cast.grace, "oldword", "cases") == []
    assert found(cast.grace, "newword", "cases") == [contact.case_id]
    assert not Word.objects.filter(word="oldword").exists()


def test_a_name_that_goes_is_forgotten_everywhere(cast):
    contact = contact_of(cast, "Zacharias Quill", "hello there", subject="Loud")
    contact_of(cast, "Other", "hello")
    keep_up()
    assert found(cast.grace, "zacharias", "cases") == [contact.case_id]
    Message.objects.filter(case_id=contact.case_id).update(author_name="")
    change_customer(contact.customer, {"name": ""}, by=ROBOT, now=NOON)
    keep_up()
    for kind in ("customers", "cases", "messages"):
        assert found(cast.grace, "zacharias", kind) == []
        assert found(cast.grace, "from:zacharias", kind) == []
    assert not Word.objects.filter(word__in=["zacharias", "quill", "zachariasquill"]).exists()
    assert Word.objects.filter(word="hello").exists()


def test_words_taken_out_of_a_message_are_gone_after_one_reading(cast):
    contact = contact_of(cast, "A", "my card is secretnumber", subject="Card")
    keep_up()
    Message.objects.filter(id=said(contact)).update(body="")
    with transaction.atomic():
        event = MessageRedacted(message_id=said(contact), case_id=contact.case_id)
        record(event, by=ROBOT, now=NOON, sample=False)
    follow()
    assert found(cast.grace, "secretnumber", "messages") == []
    assert not Word.objects.filter(word="secretnumber").exists()


def test_a_company_that_is_renamed_is_found_with_its_people(cast):
    contact = contact_of(cast, "A", "fridge")
    company = Organisation.objects.create(name="Oldhouse", created_at=NOON)
    Customer.objects.filter(id=contact.customer_id).update(organisation=company)
    keep_up()
    company.name = "Newhouse"
    company.save()
    with transaction.atomic():
        event = OrganisationChanged(organisation_id=company.id, changed=("name",))
        record(event, by=ROBOT, now=NOON, sample=False)
    keep_up()
    assert found(cast.grace, "newhouse", "customers") == [contact.customer_id]


def test_what_is_erased_is_gone_with_the_erasure_itself(cast):
    contact = contact_of(cast, "Zacharias Quill", "secretword", subject="Loud")
    other = contact_of(cast, "Other", "hello")
    keep_up()
    forget_rows(Message, [said(contact), said(other)])
    assert found(cast.grace, "secretword", "messages") == []
    assert not Word.objects.filter(word="secretword").exists()
    assert found(cast.grace, "loud", "cases") == [contact.case_id]


def test_a_thing_that_is_removed_is_not_found_even_before_its_entry_goes(cast):
    contact = contact_of(cast, "A", "fridge", subject="Loud")
    keep_up()
    contact.case.delete()
    assert found(cast.admin, "fridge", "messages") == []
    assert entries() != things()
    assert forget_missing() == 2
    assert entries() == things()
    assert not Word.objects.filter(word="fridge").exists()


def test_a_rebuild_forgets_what_is_gone_and_changes_nothing_else(cast):
    contact = contact_of(cast, "A", "fridge", subject="Loud")
    kept = contact_of(cast, "B", "door")
    keep_up()
    contact.case.delete()
    before = dict(Entry.objects.values_list("id", "words"))
    begin_anew()
    assert found(cast.grace, "door", "messages") == [said(kept)]
    keep_up()
    assert entries() == things()
    assert dict(Entry.objects.values_list("id", "words")).items() <= before.items()


def test_another_version_of_the_rules_has_the_index_built_anew(cast, monkeypatch):
    contact_of(cast, "A", "fridge")
    keep_up()
    monkeypatch.setattr(actions, "RULES", actions.RULES + 1)
    assert build_on() is not None


def test_a_rebuild_takes_every_thing_however_many(cast, monkeypatch):
    monkeypatch.setattr(actions, "THINGS", 2)
    for number in range(5):
        contact_of(cast, f"Customer {number}", f"fridge {number}")
    keep_up()
    assert entries() == things()
    assert len(found(cast.grace, "fridge", "messages")) == 5


def test_the_sample_company_leaves_nothing_behind():
    load(NOON)
    keep_up()
    assert entries() == things() != set()
    assert found(Person.objects.filter(role="admin").first() or Person.objects.first(), "冰箱", "messages")
    remove(NOON)
    keep_up()
    forget_missing()
    assert not Case.objects.exists()
    assert not Customer.objects.exists()
    assert entries() == set()
    assert not Word.objects.exists()


def test_a_process_killed_between_writing_and_moving_on_repeats_and_loses_nothing(cast, monkeypatch):
    contact = contact_of(cast, "A", "fridge")
    keep_up()
    message = add_message(contact, "reply", "compressor", client_key="2", by=ROBOT, now=NOON)
    before = Progress.objects.get()

    def killed(_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(actions, "_learn", killed)
        with pytest.raises(KeyboardInterrupt):
            follow()
    assert Progress.objects.get().entry == before.entry
    assert found(cast.grace, "compressor", "messages") == []
    keep_up()
    assert found(cast.grace, "compressor", "messages") == [message.id]


def test_two_hosts_that_read_the_same_write_it_once():
    cast = assemble()
    contact = contact_of(cast, "A", "fridge")
    keep_up()
    for number in range(20):
        add_message(contact, "reply", f"compressor {number}", client_key=str(number), by=ROBOT, now=NOON)
    failures = []

    def work():
        try:
            keep_up()
        except Exception as failure:
            failures.append(failure)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(found(cast.grace, "compressor", "messages", limit=50)) == 20
    assert entries() == things()


def test_a_state_that_changes_writes_no_words(cast, django_assert_max_num_queries):
    contact = contact_of(cast, "A", "fridge", subject="Loud")
    keep_up()
    change_case(contact.case, {"state": "solved"}, by=ROBOT, now=NOON)
    with django_assert_max_num_queries(20) as asked:
        follow()
    assert not [query for query in asked.captured_queries if 'INTO "search_entry"' in query["sql"]]
