"""What people see of customers: found, masked by role, changed, and never more than is theirs."""

from __future__ import annotations

import csv
import io
import json

import pytest

from heartline.conversations.models import Case
from heartline.customers.models import Attribute, Consent, Customer, Note, Organisation, SavedView, TierRule
from heartline.customers.queries import views_for
from heartline.customers.rules.tables import harmless
from heartline.ledger.models import Entry
from heartline.people.queries import scope_of
from tests.cast import NOON, waiting_contact

PHONE = "13800138000"


def at(response):
    return response.content.decode()


def test_a_customer_is_found_however_the_name_and_the_number_are_written(cast, known, client):
    known("Ｚｈａｎｇ Wei", phone=PHONE, external="VIP-7")
    known("Tom Reid", email="tom@example.com")
    client.force_login(cast.grace)
    for words in ("zhang", "ZHANG WEI", "wei zhang", "138 0013 8000", "+8613800138000", "8000", "VIP-7"):
        page = at(client.get("/customers/", {"q": words}))
        assert "Ｚｈａｎｇ" in page, words
        assert "Tom Reid" not in page, words
    assert "Tom Reid" in at(client.get("/customers/", {"q": "tom@"}))
    assert "Nobody found" in at(client.get("/customers/", {"q": "nobody at all"}))


@pytest.mark.parametrize("organisation", ["-5", "9" * 19, "9" * 30])
def test_an_organisation_that_cannot_be_is_not_looked_for(cast, known, client, organisation):
    known("Ada Top")
    client.force_login(cast.grace)
    assert "Ada Top" in at(client.get("/customers/", {"organisation": organisation}))
    client.post("/customers/views/", {"organisation": organisation, "name": "All", "is_shared": "on"})
    assert SavedView.objects.get().query == {}


def test_filters_and_saved_views(cast, known, client):
    known("Ada Top", tier="top")
    known("Bob Regular", tier="small")
    client.force_login(cast.grace)
    page = at(client.get("/customers/", {"tier": "top"}))
    assert "Ada Top" in page
    assert "Bob Regular" not in page
    client.post("/customers/views/", {"tier": "top", "name": "The best", "is_shared": "on"})
    view = SavedView.objects.get()
    assert view.query == {"tier": "top"}
    client.force_login(cast.tom)
    assert "The best" in at(client.get("/customers/"))
    assert client.post(f"/customers/views/{view.pk}/remove/").status_code == 404  # a colleague's
    client.force_login(cast.grace)
    client.post(f"/customers/views/{view.pk}/remove/")
    assert not SavedView.objects.exists()


def test_pages_of_a_long_list_neither_repeat_nor_leave_out(cast, client):
    Customer.objects.bulk_create(Customer(name=f"Person {n:03}", created_at=NOON) for n in range(120))
    client.force_login(cast.admin)
    seen, address = [], "/customers/"
    while address:
        page = client.get(address)
        seen += [row["name"] for row in page.context["rows"]]
        address = "/customers/?" + page.context["older"] if page.context["older"] else ""
    assert seen == [f"Person {n:03}" for n in reversed(range(120))]


def test_list_takes_as_many_queries_for_many_as_for_few(cast, known, client, django_assert_max_num_queries):
    for n in range(12):
        known(f"Person {n}", phone=f"138001380{n:02}")
    client.force_login(cast.grace)
    with django_assert_max_num_queries(16):
        client.get("/customers/")


def test_analysts_see_nobody_by_name_or_address(cast, known, client):
    customer = known("陈雨桐", phone=PHONE, email="yutong@example.com", about="秘密", place="杭州")
    Note.objects.create(customer=customer, text="只给同事", at=NOON)
    client.force_login(cast.analyst)
    for page in (at(client.get("/customers/")), at(client.get(f"/customers/{customer.id}/"))):
        assert "陈*桐" in page
        for secret in ("陈雨桐", PHONE, "138 0013 8000", "yutong", "秘密", "只给同事"):
            assert secret not in page, secret
    assert "Nobody found" in at(client.get("/customers/", {"q": "陈雨"}))
    assert client.post(f"/customers/{customer.id}/show/").status_code == 403
    assert client.get(f"/customers/{customer.id}/edit/").status_code == 403


def test_addresses_are_shown_in_full_on_request_and_that_is_recorded(cast, known, client):
    customer = known(phone=PHONE, email="yutong@example.com")
    client.force_login(cast.grace)
    assert "138 0013 8000" not in at(client.get(f"/customers/{customer.id}/"))
    page = at(client.post(f"/customers/{customer.id}/show/", follow=True))
    assert "138 0013 8000" in page
    assert "yutong@example.com" in page
    entry = Entry.objects.get(kind="customers.addresses_shown")
    assert (entry.actor_id, entry.customer_id) == (cast.grace.id, customer.id)


def test_customers_of_other_teams_do_not_exist(cast, client):
    theirs = waiting_contact(cast, queue=cast.other_queue).customer
    client.force_login(cast.grace)
    assert client.get(f"/customers/{theirs.id}/").status_code == 404
    assert "陈雨桐" not in at(client.get("/customers/"))
    client.force_login(cast.outsider)
    assert client.get(f"/customers/{theirs.id}/").status_code == 200


def test_the_page_tells_the_cases_and_what_has_happened(cast, client):
    contact = waiting_contact(cast)
    client.force_login(cast.grace)
    page = at(client.get(f"/customers/{contact.customer_id}/"))
    assert f"/desk/case/{contact.case_id}" in page or str(contact.case_id) in page
    assert "Asked for us" in page
    client.force_login(cast.analyst)
    assert Case.objects.get().subject not in at(client.get(f"/customers/{contact.customer_id}/"))


def form(**changes):
    values = {"name": "陈雨桐", "language": "zh-hans", "tier": "prospect"}
    return {**values, **changes}


def test_a_customer_is_added_and_changed_with_attributes(cast, client):
    Attribute.objects.create(key="revenue", name_en="Revenue", kind="number")
    Attribute.objects.create(key="segment", name_en="Segment", kind="choice", choices=["Home", "Trade"])
    client.force_login(cast.grace)
    refused = client.post("/customers/new/", form(attribute_revenue="a lot", phone="12"))
    assert refused.status_code == 422
    assert "This is no number" in at(refused)
    made = form(attribute_revenue="１２，０００", attribute_segment="Trade", phone=PHONE, organisation="清禾家居")
    assert client.post("/customers/new/", made).status_code == 302
    customer = Customer.objects.get()
    assert customer.attributes == {"revenue": "12000", "segment": "Trade"}
    assert customer.organisation.name == "清禾家居"
    page = at(client.get(f"/customers/{customer.id}/"))
    assert "12,000" in page
    assert "138****8000" in page
    client.post(f"/customers/{customer.id}/edit/", form(place="杭州", attribute_revenue=""))
    customer.refresh_from_db()
    assert (customer.place, customer.attributes, customer.organisation) == ("杭州", {}, None)
    assert not Customer.objects.exclude(name_folded="陈雨桐").exists()


def test_notes_and_consent(cast, known, client):
    customer = known()
    client.force_login(cast.grace)
    client.post(f"/customers/{customer.id}/notes/", {"text": "Prefers mornings"})
    assert "Prefers mornings" in at(client.get(f"/customers/{customer.id}/"))
    assert not Entry.objects.filter(body__icontains="mornings").exists()
    for _twice in range(2):
        client.post(f"/customers/{customer.id}/consent/", {"purpose": "surveys", "given": "no"})
    assert [row.is_given for row in Consent.objects.all()] == [False]
    note = Note.objects.get()
    client.post(f"/customers/{customer.id}/notes/{note.pk}/remove/")
    assert not Note.objects.exists()


def test_organisations_are_one_however_they_are_written(cast, known, client):
    client.force_login(cast.grace)
    assert client.post("/customers/organisations/new/", {"name": "Qinghe Home"}).status_code == 302
    assert client.post("/customers/organisations/new/", {"name": "ＱＩＮＧＨＥ  home"}).status_code == 422
    found = Organisation.objects.get()
    known("Ada", organisation=found)
    assert "Ada" in at(client.get(f"/customers/organisations/{found.pk}/"))
    client.post(f"/customers/organisations/{found.pk}/edit/", {"name": "Qinghe", "place": "杭州"})
    assert "Qinghe" in at(client.get("/customers/organisations/", {"q": "qing"}))


def test_a_list_leaves_as_a_table_without_formulas(cast, known, client):
    known("=cmd()", phone=PHONE, tier="top")
    known("Somebody else", tier="small")
    client.force_login(cast.grace)
    assert client.post("/customers/export/").status_code == 403
    client.force_login(cast.supervisor)
    text = b"".join(client.post("/customers/export/", {"tier": "top"}).streaming_content).decode()
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text.lstrip("\ufeff"))))
    assert len(rows) == 2
    assert "'=cmd()" in rows[1]
    assert "+8613800138000" in rows[1]
    assert Entry.objects.get(kind="customers.exported").body["count"] == 1


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("+8613800138000", "+8613800138000"),
        ("+8613800138000; +85251234567", "+8613800138000; +85251234567"),
        ("-12.50", "-12.50"),
        ("+1+cmd|' /C calc'!A0", "'+1+cmd|' /C calc'!A0"),
        ("-2+3+cmd|' /C calc'!A0", "'-2+3+cmd|' /C calc'!A0"),
        ("＝cmd()", "'＝cmd()"),
        (" =cmd()", "' =cmd()"),
        ("\u200b@SUM(1)", "'\u200b@SUM(1)"),
        ("陈雨桐", "陈雨桐"),
    ],
)
def test_no_cell_is_a_formula_and_every_number_stays_one(cell, kept):
    assert harmless(cell) == kept


def test_everything_about_one_is_in_the_file_and_no_secret(cast, client):
    contact = waiting_contact(cast, text="我的冰箱")
    client.force_login(cast.supervisor)
    data = json.loads(client.post(f"/customers/{contact.customer_id}/data/").content)
    assert data["tables"]["conversations.message"][0]["body"] == "我的冰箱"
    assert {"customers.customer", "conversations.case", "conversations.contact"} <= set(data["tables"])
    assert "status_token_hash" not in json.dumps(data)
    assert any(entry["kind"] == "conversations.contact_opened" for entry in data["history"])


@pytest.mark.parametrize("path", ["attributes/", "attributes/new/", "tiers/", "tiers/new/", "retention/"])
def test_set_up_opens_in_both_languages(cast, client, path):
    client.force_login(cast.admin)
    for language in ("en", "zh-hans"):
        cast.admin.language = language
        cast.admin.save()
        assert client.get(f"/setup/customers/{path}").status_code == 200


def test_tier_rules_are_written_on_a_page(cast, client):
    Attribute.objects.create(key="revenue", name_en="Revenue", kind="number")
    client.force_login(cast.admin)
    line = {"tier": "top", "what_0": "attribute:revenue", "test_0": "at_least", "value_0": "5 万"}
    assert client.post("/setup/customers/tiers/new/", {**line, "value_0": "much"}).status_code == 422
    assert client.post("/setup/customers/tiers/new/", {**line, "test_0": "within_days"}).status_code == 422
    assert client.post("/setup/customers/tiers/new/", line).status_code == 302
    rule = TierRule.objects.get()
    assert rule.conditions == [{"what": "attribute:revenue", "test": "at_least", "value": "50000"}]
    assert "Revenue is at least 50000" in at(client.get("/setup/customers/tiers/"))
    attribute = Attribute.objects.get()
    client.post(f"/setup/customers/attributes/{attribute.pk}/remove/")
    assert Attribute.objects.exists()  # a rule stands on it
    client.post(f"/setup/customers/tiers/{rule.pk}/remove/")
    client.post(f"/setup/customers/attributes/{attribute.pk}/remove/")
    assert not Attribute.objects.exists()


def test_what_colleagues_look_for_by_name_is_not_shown_to_who_may_not_read_names(cast):
    SavedView.objects.create(person=cast.grace, name="找人", is_shared=True, query={"q": "陈雨桐"})
    SavedView.objects.create(person=cast.grace, name="Gold", is_shared=True, query={"tier": "big"})
    assert {view.name for view in views_for(scope_of(cast.tom))} == {"找人", "Gold"}
    assert {view.name for view in views_for(scope_of(cast.analyst))} == {"Gold"}
