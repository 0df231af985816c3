"""The tree of contact reasons: two levels, in an order, removed only while never chosen."""

from __future__ import annotations

import pytest
from django.test import Client

from heartline.conversations.actions.reasons import plant_usual
from heartline.conversations.models import ContactReason, WrapUp
from heartline.ledger.models import Entry
from tests.cast import NOON, Cast, assemble, waiting_contact


@pytest.fixture
def cast(db: None, settings) -> Cast:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return assemble()


@pytest.fixture
def admin(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.admin)
    return client


def add(admin: Client, name: str, parent: ContactReason | None = None):
    return admin.post(
        "/setup/reasons/new/", {"name_en": name, "parent": parent.pk if parent else "", "is_active": "on"}
    )


def names(parent: ContactReason | None) -> list[str]:
    return list(ContactReason.objects.filter(parent=parent).order_by("order", "id").values_list("name_en", flat=True))


def test_a_reason_is_added_at_the_end_of_its_group(cast: Cast, admin: Client) -> None:
    group = cast.reason.parent
    assert add(admin, "Too late", group).status_code == 302
    assert names(group) == ["No-show", "Too late"]
    assert Entry.objects.latest("id").body["what"] == "reason"


def test_two_reasons_of_one_name_have_keys_of_their_own(cast: Cast, admin: Client) -> None:
    add(admin, "No-show")
    add(admin, "上门")
    add(admin, "安装")
    keys = list(ContactReason.objects.values_list("key", flat=True))
    assert len(keys) == len(set(keys)) == 5


def test_the_tree_has_two_levels(cast: Cast, admin: Client) -> None:
    assert add(admin, "Deeper", cast.reason).status_code == 422
    group, other = cast.reason.parent, ContactReason.objects.create(key="other", name_en="Other")
    form = {"name_en": "Installation", "parent": other.pk, "is_active": "on"}
    assert group is not None
    assert admin.post(f"/setup/reasons/{group.pk}/", form).status_code == 422
    assert admin.post(f"/setup/reasons/{group.pk}/", {**form, "parent": group.pk}).status_code == 422


def test_reasons_move_among_their_own(cast: Cast, admin: Client) -> None:
    group = cast.reason.parent
    for name in ("Second", "Third"):
        add(admin, name, group)
    third = ContactReason.objects.get(name_en="Third")
    admin.post(f"/setup/reasons/{third.pk}/move/", {"to": "up"})
    assert names(group) == ["No-show", "Third", "Second"]
    admin.post(f"/setup/reasons/{cast.reason.pk}/move/", {"to": "up"})
    admin.post(f"/setup/reasons/{cast.reason.pk}/move/", {"to": "down"})
    assert names(group) == ["Third", "No-show", "Second"]


def test_what_was_chosen_stays(cast: Cast, admin: Client) -> None:
    contact = waiting_contact(cast)
    WrapUp.objects.create(contact=contact, case=contact.case, reason=cast.reason, resolution="solved", at=NOON)
    answer = admin.post(f"/setup/reasons/{cast.reason.pk}/remove/", follow=True)
    assert "Take it out of use" in answer.content.decode()
    group = cast.reason.parent
    assert group is not None
    admin.post(f"/setup/reasons/{group.pk}/remove/")
    assert ContactReason.objects.count() == 2
    admin.post(f"/setup/reasons/{cast.reason.pk}/", {"name_en": "No-show", "parent": group.pk})
    cast.reason.refresh_from_db()
    assert not cast.reason.is_active
    assert "Not in use" in admin.get("/setup/reasons/").content.decode()


def test_what_never_was_goes(cast: Cast, admin: Client) -> None:
    add(admin, "Mistake")
    mistake = ContactReason.objects.get(name_en="Mistake")
    admin.post(f"/setup/reasons/{mistake.pk}/remove/")
    assert not ContactReason.objects.filter(pk=mistake.pk).exists()


def test_an_empty_tree_starts_with_the_usual_ones(cast: Cast, admin: Client) -> None:
    ContactReason.objects.filter(parent__isnull=False).delete()
    ContactReason.objects.all().delete()
    assert "usual" in admin.get("/setup/reasons/").content.decode()
    admin.post("/setup/reasons/usual/")
    planted = ContactReason.objects.count()
    assert planted >= 15
    assert all(reason.name_zh for reason in ContactReason.objects.all())
    from heartline.common.actors import Actor

    assert plant_usual(by=Actor.system("test"), now=NOON) == 0
    assert ContactReason.objects.count() == planted
