"""The inverted index itself: FTS5 kept in step by triggers on SQLite, GIN on PostgreSQL."""

from django.db import migrations

# Our tokens are kept as they are: the ascii tokenizer takes every character beyond ASCII as a letter.
SQLITE = [
    """CREATE VIRTUAL TABLE search_words USING fts5(
         words, content='search_entry', content_rowid='id', columnsize=0, tokenize="ascii tokenchars '_@'")""",
    """CREATE TRIGGER search_entry_added AFTER INSERT ON search_entry
       BEGIN INSERT INTO search_words(rowid, words) VALUES (new.id, new.words); END""",
    """CREATE TRIGGER search_entry_removed AFTER DELETE ON search_entry
       BEGIN INSERT INTO search_words(search_words, rowid, words) VALUES ('delete', old.id, old.words); END""",
    """CREATE TRIGGER search_entry_changed AFTER UPDATE OF words ON search_entry
       BEGIN
         INSERT INTO search_words(search_words, rowid, words) VALUES ('delete', old.id, old.words);
         INSERT INTO search_words(rowid, words) VALUES (new.id, new.words);
       END""",
]
UNDO_SQLITE = [
    "DROP TRIGGER search_entry_changed",
    "DROP TRIGGER search_entry_removed",
    "DROP TRIGGER search_entry_added",
    "DROP TABLE search_words",
]
# How usual each of the thousand most usual words is decides between walking back from the newest and asking the index.
POSTGRESQL = [
    "CREATE INDEX search_entry_words ON search_entry USING gin (words)",
    "ALTER TABLE search_entry ALTER COLUMN words SET STATISTICS 1000",
]
UNDO_POSTGRESQL = ["DROP INDEX search_entry_words"]


def _run(schema_editor, sqlite, postgresql):
    for statement in postgresql if schema_editor.connection.vendor == "postgresql" else sqlite:
        schema_editor.execute(statement, params=None)


def build(apps, schema_editor):
    _run(schema_editor, SQLITE, POSTGRESQL)


def remove(apps, schema_editor):
    _run(schema_editor, UNDO_SQLITE, UNDO_POSTGRESQL)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_index")]
    operations = [migrations.RunPython(build, remove)]
