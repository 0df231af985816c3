"""The database itself refuses to change or remove ledger entries; only the sample company's may go."""

from django.db import migrations

SQLITE = [
    """CREATE TRIGGER ledger_entry_no_change BEFORE UPDATE ON ledger_entry
       BEGIN SELECT RAISE(ABORT, 'ledger entries cannot be changed'); END""",
    """CREATE TRIGGER ledger_entry_no_removal BEFORE DELETE ON ledger_entry WHEN NOT OLD.is_sample
       BEGIN SELECT RAISE(ABORT, 'ledger entries cannot be removed'); END""",
]
POSTGRESQL = [
    """CREATE FUNCTION ledger_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         IF TG_OP = 'DELETE' AND OLD.is_sample THEN RETURN OLD; END IF;
         RAISE EXCEPTION 'ledger entries cannot be changed or removed';
       END $$""",
    """CREATE TRIGGER ledger_entry_append_only BEFORE UPDATE OR DELETE ON ledger_entry
       FOR EACH ROW EXECUTE FUNCTION ledger_entry_refuse()""",
    """CREATE FUNCTION ledger_entry_announce() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN PERFORM pg_notify('heartline_ledger', ''); RETURN NULL; END $$""",
    """CREATE TRIGGER ledger_entry_announce AFTER INSERT ON ledger_entry
       FOR EACH STATEMENT EXECUTE FUNCTION ledger_entry_announce()""",
]
UNDO_POSTGRESQL = [
    "DROP TRIGGER ledger_entry_announce ON ledger_entry",
    "DROP TRIGGER ledger_entry_append_only ON ledger_entry",
    "DROP FUNCTION ledger_entry_announce()",
    "DROP FUNCTION ledger_entry_refuse()",
]
DROP_SQLITE = ["DROP TRIGGER IF EXISTS ledger_entry_no_change", "DROP TRIGGER IF EXISTS ledger_entry_no_removal"]


def _run(schema_editor, sqlite, postgresql):
    for statement in postgresql if schema_editor.connection.vendor == "postgresql" else sqlite:
        schema_editor.execute(statement, params=None)


def guard(apps, schema_editor):
    _run(schema_editor, SQLITE, POSTGRESQL)


def unguard(apps, schema_editor):
    _run(schema_editor, DROP_SQLITE, UNDO_POSTGRESQL)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunPython(guard, unguard)]
