"""A person who is erased is nowhere; what is counted is where it was. Old words go when the rule says."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from heartline.api.tests.helpers import Program
from heartline.common.actors import Actor
from heartline.common.errors import Conflict
from heartline.conversations.actions.cases import note_tried
from heartline.conversations.actions.contacts import abandon_contact
from heartline.conversations.actions.messages import add_message
from heartline.conversations.attachments import store_upload
from heartline.conversations.attachments.store import place_of
from heartline.conversations.models import Attachment, Case, Contact, Draft, Message
from heartline.customers.actions import change_customer
from heartline.customers.actions.erasing import erase_customer
from heartline.customers.actions.facts import add_note, set_consent
from heartline.customers.actions.keeping import keep_retention, set_retention, would_go
from heartline.customers.actions.merging import merge_customers
from heartline.customers.data_classes import owned_by, personal_fields
from heartline.customers.models import Attribute, Customer, RetentionRun
from heartline.customers.outside.actions import Told, tell_event
from heartline.customers.outside.models import OutsideEvent
from heartline.customers.tests.conftest import BY
from heartline.knowledge.search.actions import begin_anew, build_on, follow
from heartline.knowledge.search.forgetting import squeeze
from heartline.ledger.models import Entry
from heartline.people.actions import actor_for
from tests.cast import NOON, waiting_contact

CANARY = "kanarienvogel"


def rows_that_name(word):
    """Return every column of every table in which a word stands, as the database holds it."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                found += [f"{table}.{n}" for n, value in zip(names, row, strict=True) if word in str(value).lower()]
    return sorted(set(found))


def told_everywhere(cast, known):
    """A customer whose name stands wherever somebody may write."""
    Attribute.objects.create(key="pet", name_en="Pet", kind="text")
    contact = waiting_contact(cast, text=f"Ich bin {CANARY}")
    customer = contact.customer
    facts = {"name": CANARY, "form_of_address": CANARY, "about": CANARY, "place": CANARY, "attributes": {"pet": CANARY}}
    change_customer(customer, facts, by=BY, now=NOON)
    me = Actor.customer(customer.id, CANARY)
    add_message(contact, "reply", f"noch einmal {CANARY}", client_key="second", by=me, now=NOON)
    store_upload(contact, SimpleUploadedFile(f"{CANARY}.pdf", b"%PDF-1.4\n1 0 obj\n"), by=me, now=NOON)
    Draft.objects.create(case=contact.case, person=cast.grace, body=CANARY, changed_at=NOON)
    for key in (CANARY, f"{CANARY} again"):
        note_tried(contact.case, "step", key, CANARY, outcome=CANARY, by=actor_for(cast.grace), now=NOON)
    Case.objects.filter(id=contact.case_id).update(subject=CANARY, wants=CANARY)
    Contact.objects.filter(id=contact.id).update(came_from=CANARY)
    add_note(customer, CANARY, by=actor_for(cast.grace), now=NOON)
    set_consent(customer, "surveys", is_given=True, how=CANARY, by=actor_for(cast.grace), now=NOON)
    abandon_contact(contact, "left", by=me, now=NOON)
    other = known(f"{CANARY} again", email=f"{CANARY}@example.com")
    merge_customers(customer, other, by=BY, now=NOON)
    return customer


def counts():
    tables = (Case, Contact, Message, Customer)
    return {table.__name__: table.objects.count() for table in tables}


def test_an_erased_person_is_in_no_row_and_no_file_and_everything_is_still_counted(
    cast, known, django_capture_on_commit_callbacks
):
    customer = told_everywhere(cast, known)
    files = [place_of(row.token) for row in Attachment.objects.all()]
    assert files
    assert all(path.exists() for path in files)
    assert len(rows_that_name(CANARY)) > 12
    begin_anew()
    while build_on() is not None:
        pass
    assert any(column.startswith("search_") for column in rows_that_name(CANARY))
    before, entries = counts(), Entry.objects.count()
    with django_capture_on_commit_callbacks(execute=True):
        erase_customer(customer, by=actor_for(cast.admin), now=NOON)
    while follow():
        pass
    squeeze()
    assert rows_that_name(CANARY) == []
    assert not any(path.exists() for path in files)
    assert counts() == before
    assert Entry.objects.count() == entries + 1
    with pytest.raises(Conflict):
        erase_customer(customer, by=BY, now=NOON)


def test_nothing_is_written_about_an_erased_customer_by_any_door(cast, known):
    customer = known(CANARY)
    erase_customer(customer, by=BY, now=NOON)
    before = Entry.objects.count()
    renamed = Program(cast.admin).send("PATCH", f"/customers/{customer.id}", {"name": CANARY})
    assert renamed.status_code in (404, 409)
    for write in (
        lambda: change_customer(customer, {"place": CANARY}, by=BY, now=NOON),
        lambda: add_note(customer, CANARY, by=BY, now=NOON),
        lambda: set_consent(customer, "offers", is_given=True, how=CANARY, by=BY, now=NOON),
    ):
        with pytest.raises(Conflict):
            write()
    assert Entry.objects.exclude(kind__startswith="api.").count() == before
    assert Customer.objects.get(id=customer.id).name == ""


def test_nobody_is_erased_in_the_middle_of_a_conversation(cast):
    with pytest.raises(Conflict):
        erase_customer(waiting_contact(cast).customer, by=BY, now=NOON)


def test_the_page_asks_for_the_number(cast, known, client):
    customer = known(CANARY)
    client.force_login(cast.supervisor)
    assert client.get(f"/customers/{customer.id}/erase/").status_code == 403
    client.force_login(cast.admin)
    assert client.post(f"/customers/{customer.id}/erase/", {"number": "0"}).status_code == 422
    assert client.post(f"/customers/{customer.id}/erase/", {"number": str(customer.id)}).status_code == 302
    page = client.get(f"/customers/{customer.id}/").content.decode()
    assert "Erased customer" in page
    assert CANARY not in page
    assert client.get(f"/customers/{customer.id}/edit/").status_code == 404


def test_every_table_of_a_customer_is_reached():
    """Whatever points at something of a customer's with a cascade is erased with them."""
    reached, pending = set(), [Customer]
    while pending:
        table = pending.pop()
        if table not in reached:
            reached.add(table)
            pending += [related for related, _column in owned_by(table)]
    names = {table._meta.label_lower for table in reached}
    assert {"conversations.message", "conversations.wrapup", "voice_of_customer.response", "promises.addition"} <= names
    assert {field.name for field in personal_fields(Message)} >= {"body", "author_name"}
    assert "state" not in {field.name for field in personal_fields(Contact)}
    assert all(apps.get_model(name) for name in names)


def test_old_words_go_by_channel_and_open_cases_keep_theirs(cast):
    set_retention("webchat", 90, by=BY, now=NOON)
    old, fresh, open_still = waiting_contact(cast), waiting_contact(cast), waiting_contact(cast)
    for contact in (old, fresh, open_still):
        abandon_contact(contact, "left", by=BY, now=NOON)
    long_ago = NOON - timedelta(days=91)
    Contact.objects.exclude(id=fresh.id).update(asked_at=long_ago, ended_at=long_ago, closed_at=long_ago)
    Case.objects.exclude(id=open_still.case_id).update(state="closed")
    assert would_go("webchat", 90, now=NOON) == 1
    assert keep_retention(now=NOON) == 1
    kept = {row.contact_id: row.body for row in Message.objects.all()}
    assert kept[old.id] == ""
    assert kept[fresh.id]
    assert kept[open_still.id]
    assert Case.objects.get(id=old.case_id).subject == ""
    assert Case.objects.get(id=fresh.case_id).subject
    assert RetentionRun.objects.get().contacts == 1
    assert keep_retention(now=NOON) == 0
    assert Entry.objects.filter(kind="customers.retention_done").count() == 1


def test_events_from_outside_have_a_rule_of_their_own(cast, known, client):
    customer = known()
    told = {"source": "shop", "what": "order.shipped", "title": CANARY}
    for key, at, now in (("old", -91, -91), ("lately", -91, 0), ("new", 0, 0)):
        event = Told(key=key, happened_at=NOON + timedelta(days=at), **told)
        tell_event(customer, event, by=BY, now=NOON + timedelta(days=now))
    assert keep_retention(now=NOON) == 0
    client.force_login(cast.admin)
    asked = {"channel": "outside", "days": "90"}
    page = client.post("/setup/customers/retention/", {**asked, "act": "preview"}).content.decode()
    assert "events would go now" in page or "1 event would go now" in page
    client.post("/setup/customers/retention/", asked)
    assert would_go("outside", 90, now=NOON) == 1
    assert keep_retention(now=NOON) == 1
    assert set(OutsideEvent.objects.values_list("key", flat=True)) == {"lately", "new"}
    assert "1 event" in client.get("/setup/customers/retention/").content.decode()
    assert Entry.objects.get(kind="customers.retention_done").body["channel"] == "outside"


def test_retention_is_looked_at_before_it_is_set(cast, client):
    client.force_login(cast.admin)
    page = client.post("/setup/customers/retention/", {"channel": "webchat", "days": "90", "act": "preview"})
    assert "0 contacts would lose" in page.content.decode()
    assert client.post("/setup/customers/retention/", {"channel": "webchat", "days": "7"}).status_code == 422
    assert client.post("/setup/customers/retention/", {"channel": "webchat", "days": "90"}).status_code == 302
    assert "90" in client.get("/setup/customers/retention/").content.decode()
    client.post("/setup/customers/retention/", {"channel": "webchat", "days": ""})
    assert would_go("webchat", 90, now=NOON) == 0
