"""Our compiler says to the letter what Django's says."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Case, Count, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Lower
from django.db.models.sql.compiler import SQLCompiler

from heartline.conversations.models import Contact, Message
from heartline.people.models import Person

pytestmark = pytest.mark.django_db
SHARED = sorted(
    (model for model in apps.get_models() if model.__module__.startswith("heartline.")),
    key=lambda model: model.__name__,
)
LAST = Message.objects.filter(contact=OuterRef("pk")).order_by("-id")
QUESTIONS = {
    "related": Contact.objects.select_related("case__customer", "queue__brand", "assignee").order_by(
        "case__subject", "-id"
    ),
    "by an expression": Contact.objects.order_by(F("asked_at").desc(nulls_last=True), Lower("last_text")),
    "by what is also selected": Person.objects.annotate(low=Lower("name")).order_by("low"),
    "by a selected name": Person.objects.values("name", "email").order_by("name"),
    "counted": Contact.objects.values("queue").annotate(many=Count("id")).order_by("-many"),
    "within another": Contact.objects.annotate(last=Subquery(LAST.values("body")[:1])).order_by("last"),
    "by cases": Person.objects.order_by(Case(When(role="admin", then=0), default=1), "name"),
    "together": Person.objects.values_list("id").union(Contact.objects.values_list("id")).order_by("id"),
    "distinct": Person.objects.filter(Q(teams__isnull=False)).distinct().order_by("teams__id"),
    "backwards": Contact.objects.order_by("asked_at").reverse(),
    "extra": Person.objects.extra(select={"one": "1"}, order_by=["one"]),
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_questions_are_spelt_as_django_spells_them(name):
    query = QUESTIONS[name].query
    ours = query.clone().get_compiler(connection=connection)
    assert ours.as_sql() == _djangos(query)


def test_each_table_is_read_as_django_reads_it():
    for model in SHARED:
        query = model._default_manager.all().query
        assert query.clone().get_compiler(connection=connection).as_sql() == _djangos(query), model


def _djangos(query):
    plain = type("Plain", (type(query.get_compiler(connection=connection)),), {})
    plain.compile = SQLCompiler.compile
    plain._order_by_pairs = SQLCompiler._order_by_pairs
    return plain(query.clone(), connection, None).as_sql()
