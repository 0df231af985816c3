"""Our compiler says to the letter what Django's says."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Case, Count, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Lower
from django.db.models.sql import InsertQuery
from django.db.models.sql.compiler import SQLCompiler, SQLInsertCompiler

from heartline.conversations.models import Contact, Message
from heartline.ledger.models import Entry
from heartline.people.models import Person
from tests.cast import NOON

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


@pytest.mark.parametrize("given", [{}, {"kind": Lower(Value("A"))}], ids=["plain", "computed"])
def test_a_new_row_is_spelt_as_django_spells_it(given):
    values = {"epoch_tx": 3, "at": NOON, "kind": "a.b", "version": 1, "actor_kind": "system", "actor_name": "Näme"}
    entry = Entry(**values | {"is_sample": False, "body": {"a": [1, None]}} | given)
    fields = [field for field in Entry._meta.concrete_fields if not field.primary_key]
    for _again in range(2):
        spelt = []
        for compiler in (_of_insert(entry, fields), _plain_insert(_of_insert(entry, fields))):
            compiler.returning_fields = [Entry._meta.pk]
            ((text, params),) = compiler.as_sql()
            spelt.append((text, [str(getattr(value, "obj", value)) for value in params]))
        assert spelt[0] == spelt[1]


def _of_insert(entry, fields):
    query = InsertQuery(Entry)
    query.insert_values(fields, [entry])
    return query.get_compiler(connection=connection)


def _plain_insert(compiler):
    plain = type("Plain", (type(compiler),), {"as_sql": SQLInsertCompiler.as_sql})
    return plain(compiler.query, connection, None)


def _djangos(query):
    plain = type("Plain", (type(query.get_compiler(connection=connection)),), {})
    plain.compile = SQLCompiler.compile
    plain._order_by_pairs = SQLCompiler._order_by_pairs
    return plain(query.clone(), connection, None).as_sql()
