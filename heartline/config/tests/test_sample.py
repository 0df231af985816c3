"""The sample company: played in the order of time, whole, marked, and gone without a trace of itself."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from heartline.config import sample
from heartline.config.sample import loading
from heartline.config.sample.words import FOLDER, left, talks
from heartline.conversations.actions.cases import Wrapping, finish_contact
from heartline.conversations.actions.contacts import end_contact
from heartline.conversations.actions.tags import change_tags
from heartline.conversations.attachments.store import place_of
from heartline.conversations.case_types.actions import set_case_fields
from heartline.conversations.models import Attachment, Case, CaseType, Contact, ContactReason, Macro, Message
from heartline.customers.models import Customer
from heartline.improvement.quality.models import CardVersion, CoachingNote, Draw, Review, Scorecard
from heartline.ledger.models import Entry
from heartline.people.actions import actor_for
from heartline.people.models import Brand, Person, PersonSkill, Presence, Queue, Site, Skill
from heartline.people.queries import needs_first_setup
from heartline.promises.models import FollowUp
from heartline.routing.actions import take_contact
from heartline.routing.models import Offer
from heartline.service.alerts.models import Rule
from heartline.service.cases.macros import MACRO_STEPS
from heartline.service.cases.steps import checked
from heartline.service.models import InboxView
from heartline.voice_of_customer.models import Response
from tests.cast import Cast, assemble, waiting_contact

NOON = datetime(2026, 11, 26, 3, 38, tzinfo=UTC)  # Thursday, 11:38 in Hangzhou
NIGHT = datetime(2026, 11, 26, 19, 5, tzinfo=UTC)  # Friday, 03:05 in Hangzhou: closed
SUMMER = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)

# Tables that belong to the installation, not to any company in it.
OF_THE_HOUSE = {
    "contenttypes.ContentType",
    "auth.Permission",
    "routing.DispatcherLease",
    "ledger.Seal",
    "ledger.Horizon",
}


@pytest.fixture(autouse=True)
def data_folder(settings, tmp_path: Path) -> Path:
    settings.DATA_FOLDER = tmp_path
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return tmp_path


def rows() -> dict[str, int]:
    """Return how many rows every table of ours holds, empty ones left out."""
    counted = {model._meta.label: model._default_manager.count() for model in apps.get_models()}
    return {name: count for name, count in counted.items() if count and name not in OF_THE_HOUSE}


@pytest.mark.django_db
@pytest.mark.parametrize("now", [NOON, NIGHT, SUMMER])
def test_it_is_whole_whenever_it_is_loaded(now: datetime) -> None:
    assert sample.load(now)
    assert sample.is_loaded()
    assert Brand.objects.count() == Site.objects.count() == 2
    assert Person.objects.count() == 16
    assert Customer.objects.count() == len(talks()) + len(left()) + 1
    assert Contact.objects.filter(state="abandoned").count() == len(left())
    assert Case.objects.exclude(state__in=["solved", "closed"]).count() >= 3
    assert Response.objects.count() > 40
    assert FollowUp.objects.filter(kind="low_score", state="done").exists()
    assert Offer.objects.filter(state="accepted").exists()
    _nobody_sits_there_now()
    _it_happened_in_the_order_of_time(now)
    _customers_came_when_we_were_open_and_waited_a_human_time()
    _chen_yutong_is_owed_a_call()
    _there_is_something_to_see_on_every_page()
    _all_of_it_is_marked()


def _nobody_sits_there_now() -> None:
    assert not Contact.objects.filter(state__in=["waiting", "active", "wrap_up"]).exists()
    assert not Offer.objects.filter(state="pending").exists()
    assert not Presence.objects.exclude(state="offline").exists()


def _it_happened_in_the_order_of_time(now: datetime) -> None:
    times = list(Entry.objects.order_by("epoch_tx", "id").values_list("at", flat=True))
    assert times == sorted(times)
    assert times[-1] <= now
    owed = FollowUp.objects.filter(state="open").values_list("due_at", flat=True)
    assert min(owed) > now - timedelta(hours=12), "what is owed is not long overdue at the first look"


def _customers_came_when_we_were_open_and_waited_a_human_time() -> None:
    chats = Contact.objects.filter(case__brand__key="qinghe", channel="webchat")
    assert {(contact.asked_at.hour + 8) % 24 for contact in chats} <= set(range(8, 22))
    waits = sorted((one.answered_at - one.asked_at).total_seconds() for one in chats if one.answered_at)
    assert waits[-1] < 900
    assert waits[len(waits) // 2] < 60


def _chen_yutong_is_owed_a_call() -> None:
    case = Case.objects.get(customer__name="陈雨桐")
    assert (case.contacts_count, case.state) == (2, "waiting_internal")
    assert case.owner is not None
    assert case.owner.name == "Grace Okafor"
    assert case.follow_ups.filter(state="open", kind="callback").get().owner == case.owner
    assert {tried.key for tried in case.tried.all()} >= {"rebook-online", "station-7"}
    assert case.contacts.latest("id").handovers.get().accepted_by == case.owner
    assert case.messages.filter(kind="note").exists()


def _there_is_something_to_see_on_every_page() -> None:
    """Types with values, tags, tasks, what the shop told, macros that can be used, quality to look at, a view, an alert."""
    case = Case.objects.get(customer__name="陈雨桐")
    assert case.type is not None
    assert not case.type.fields.filter(is_needed=True).exclude(values__case=case).exists()
    assert case.tagged.count() == case.tasks.filter(state="open").count() == 2
    assert case.customer.outside_events.count() == 3
    assert Case.objects.exclude(type=None).count() > 10
    assert all(checked(macro.steps, MACRO_STEPS) for macro in Macro.objects.all())
    assert CardVersion.objects.get().published_at
    shared = Review.objects.exclude(shared_at=None)
    assert shared.filter(feedback="acknowledged").exists()
    assert {review.is_failed for review in shared} == {False}
    assert CoachingNote.objects.get().agreed_at
    assert Review.objects.filter(state="open", evaluator__email="ruth@qinghe.example").exists(), "some is left to score"
    assert InboxView.objects.get().team
    assert Rule.objects.get().is_on


def _all_of_it_is_marked() -> None:
    for model in apps.get_models():
        if any(field.name == "is_sample" for field in model._meta.fields):
            assert not model._default_manager.filter(is_sample=False).exists(), model._meta.label


@pytest.mark.django_db
def test_it_comes_once_goes_whole_and_can_come_back(short: None) -> None:
    assert sample.load(NOON)
    before = rows()
    assert not sample.load(NOON)
    assert rows() == before
    sample.remove(NOON)
    assert rows() == {}
    assert needs_first_setup()
    assert sample.load(NOON)
    assert rows() == before


@pytest.mark.django_db
def test_a_play_in_which_nothing_ended_is_whole_without_reviews(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "_conversations", lambda _stage: ())
    assert sample.load(NOON)
    assert CardVersion.objects.get().published_at
    assert not Draw.objects.exists()


def serve(cast: Cast, contact: Contact, person: Person, reason: ContactReason) -> None:
    """Have a real customer served from the first word to wrap-up."""
    by = actor_for(person)
    take_contact(contact, person, by=by, now=NOON)
    end_contact(contact, ended_by="person", by=by, now=NOON)
    finish_contact(contact, Wrapping(reason=reason, resolution="solved"), by=by, now=NOON)


@pytest.mark.django_db
def test_what_is_real_stays_exactly_as_it_was(short: None) -> None:
    cast = assemble()
    contact = waiting_contact(cast)
    serve(cast, contact, cast.grace, cast.reason)
    before, entries = rows(), list(Entry.objects.values())
    sample.load(NOON)
    gone = sample.remove(NOON)
    assert gone.kept == 0
    assert rows() == before
    assert list(Entry.objects.values()) == entries
    assert Brand.objects.get(is_default=True) == cast.brand


@pytest.mark.django_db
def test_what_real_rows_stand_on_stays_with_them(short: None) -> None:
    cast = assemble()
    sample.load(NOON)
    site, skill = Site.objects.get(name_en="Auckland"), Skill.objects.get(key="refunds")
    reason = ContactReason.objects.get(key="invoice")
    colleague = Person.objects.get(email="omar@qinghe.example")
    Person.objects.filter(pk=cast.tom.pk).update(site=site)
    PersonSkill.objects.create(person=cast.tom, skill=skill)
    Presence.objects.update(state="available")
    contact = waiting_contact(cast)
    serve(cast, contact, colleague, reason)  # somebody tried the sample people out on their own brand

    assert sample.remove(NOON).kept == 6
    for thing in (site, skill, reason, reason.parent, colleague, colleague.site):
        assert thing is not None
        thing.refresh_from_db()
        assert not thing.is_sample
    assert not colleague.is_active, "who was only a sample cannot sign in"
    contact.refresh_from_db()
    assert contact.assignee == colleague
    assert contact.messages.count() == 1
    assert not Brand.objects.filter(is_sample=True).exists()
    assert not Entry.objects.filter(is_sample=True).exists()


@pytest.mark.django_db
def test_a_type_and_a_card_that_were_used_in_earnest_stay(short: None) -> None:
    cast = assemble()
    sample.load(NOON)
    contact = waiting_contact(cast)
    serve(cast, contact, cast.grace, cast.reason)
    by = actor_for(cast.supervisor)
    kind = CaseType.objects.get(key="refund")
    set_case_fields(contact.case, kind, {"amount": "180"}, by=by, now=NOON)
    change_tags(contact.case, add=["师傅失约"], by=by, now=NOON)
    Review.objects.create(
        contact=contact,
        about=cast.grace,
        version=CardVersion.objects.get(),
        evaluator=cast.supervisor,
        given_at=NOON,
    )
    assert sample.remove(NOON).kept >= 4
    assert [row.key for row in CaseType.objects.all()] == ["refund"]
    assert list(contact.case.values.values_list("text", flat=True)) == ["180"]
    assert [row.tag.name for row in contact.case.tagged.all()] == ["师傅失约"]
    assert not Scorecard.objects.get().is_sample
    assert Review.objects.get().contact == contact
    assert not Draw.objects.exists()


@pytest.mark.django_db
def test_files_go_from_the_disk_and_a_queue_with_a_real_case_stays(settings, tmp_path: Path, short: None) -> None:
    settings.ATTACHMENT_FOLDER = tmp_path / "attachments"
    cast = assemble()
    sample.load(NOON)
    real = waiting_contact(cast)
    queue = Queue.objects.get(key="installation")
    Case.objects.filter(pk=real.case_id).update(queue=queue)
    for contact in (Contact.objects.filter(case__is_sample=True)[0], real):
        _give_it_a_file(contact)
    sample.remove(NOON)
    assert [place_of(row.token).exists() for row in Attachment.objects.all()] == [True]
    assert len([path for path in (tmp_path / "attachments").rglob("*") if path.is_file()]) == 1
    queue.refresh_from_db()
    assert (queue.is_sample, queue.brand.is_sample) == (False, False)


def _give_it_a_file(contact: Contact) -> None:
    token = f"token-{contact.pk}".ljust(32, "x")
    place_of(token).parent.mkdir(parents=True, exist_ok=True)
    place_of(token).write_bytes(b"picture")
    message = Message.objects.filter(contact=contact)[0]
    values: dict[str, Any] = {"name": "a.png", "media_type": "image/png", "size": 7, "sha256": "", "at": NOON}
    Attachment.objects.create(token=token, contact=contact, message=message, uploaded_by_kind="customer", **values)


@pytest.mark.django_db
def test_its_password_is_this_installations_own(data_folder: Path, short: None) -> None:
    sample.load(NOON)
    first = sample.logins()
    path = data_folder / "sample-logins.txt"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [login.role for login in first] == ["agent", "supervisor", "admin", "analyst", "expert"]
    assert {login.password for login in first} == {path.read_text().strip()}
    for login in first:
        answer = Client().post("/account/login/", {"login": login.email, "password": login.password})
        assert answer.status_code == 302, login
    sample.remove(NOON)
    assert sample.logins() == []
    assert not path.exists()
    sample.load(NOON)
    assert sample.logins()[0].password != first[0].password


@pytest.mark.django_db
def test_the_page_needs_somebody_real_to_stay(short: None) -> None:
    sample.load(NOON)
    ruth = Client()
    ruth.force_login(Person.objects.get(email="ruth@qinghe.example"))
    assert ruth.post("/setup/sample/").status_code == 403
    mia = Person.objects.get(email="mia@qinghe.example")
    client = Client()
    client.force_login(mia)
    page = client.get("/setup/sample/")
    assert page.context["goes"]["people"] == 16
    assert client.post("/setup/sample/").status_code == 409
    assert sample.is_loaded()

    Person.objects.create_user("me@example.com", "plum-blossom-26", name="Me", role="admin", site=mia.site)
    answer = client.post("/setup/sample/")
    assert answer.headers["Location"] == "/account/login/"
    assert not sample.is_loaded()
    assert client.get("/setup/").status_code == 302, "the sample administrator is gone"

    client.force_login(Person.objects.get())
    assert client.get("/setup/sample/").status_code == 404
    assert client.get("/setup/").status_code == 200


def test_every_word_is_found_and_none_is_said_twice() -> None:
    said = [talk.say for talk in talks()]
    assert len(said) == len(set(said)) >= 60
    assert {talk.language for talk in talks()} == {"en", "zh-hans"}
    assert {path.name for path in FOLDER.iterdir()} >= {"customers.csv", "replies.csv", "talks.json", "left.json"}
