"""Making all tables at once in an empty database.

Migrations replay history: four fifths of their time goes into redrawing, again and again, what tables of the
libraries looked like years ago. An empty database has no history, so its tables are made as the models are
now, our own statements (triggers, indexes that models cannot express) are run, and every migration is noted
as applied. A test compares the result with that of the migrations, on both kinds of database.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from django.apps import apps
from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.migration import Migration
from django.db.migrations.operations import RunPython, RunSQL
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Model

if TYPE_CHECKING:
    from django.db.migrations.state import StateApps


def make_tables() -> int:
    """Make every table of an empty database; returns how many migrations that stands for."""
    loader = MigrationLoader(connection)
    plan = loader.graph.leaf_nodes()
    history = [loader.graph.nodes[key] for leaf in plan for key in loader.graph.forwards_plan(leaf)]
    recorder = MigrationRecorder(connection)
    emit_pre_migrate_signal(0, False, connection.alias)
    with connection.schema_editor(atomic=True) as editor:
        for model in _models():
            editor.create_model(model)
        editor.create_model(recorder.Migration)
        for migration, operation in _statements_of_ours(history):
            _run(migration, operation, editor)
        for migration in dict.fromkeys(history):
            recorder.Migration.objects.create(app=migration.app_label, name=migration.name)
    emit_post_migrate_signal(0, False, connection.alias)
    return len(set(history))


def _models() -> Iterator[type[Model]]:
    """Yield the models that have tables; tables between two models are made with the first of them."""
    for model in apps.get_models():
        if model._meta.managed and not model._meta.proxy and not model._meta.swapped:
            yield model


def _statements_of_ours(history: list[Migration]) -> Iterator[tuple[Migration, RunPython | RunSQL]]:
    """Yield what our migrations do beside making tables. Those of the libraries only move rows, and there are none."""
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("heartline.")}
    for migration in dict.fromkeys(history):
        if migration.app_label in ours:
            yield from ((migration, one) for one in migration.operations if isinstance(one, RunPython | RunSQL))


def _run(migration: Migration, operation: RunPython | RunSQL, editor: BaseDatabaseSchemaEditor) -> None:
    if isinstance(operation, RunPython):
        operation.code(cast("StateApps", apps), editor)  # the tables are as the models are now: today's models fit
    else:
        operation.database_forwards(migration.app_label, editor, None, None)  # type: ignore[arg-type]  # uses neither state
