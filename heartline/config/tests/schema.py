"""A database's tables as data, so that two databases can be compared. `python -m … fresh|migrated` prints them as JSON."""

from __future__ import annotations

import json
import re
import sys

CHECK = re.compile(r"CHECK \((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)")
SQLITE_COLUMNS = 'SELECT name, type, "notnull", pk, dflt_value FROM pragma_table_info(%s)'
SQLITE_KEYS = 'SELECT "table", "from", "to" FROM pragma_foreign_key_list(%s)'
POSTGRESQL = {
    "columns": "SELECT table_name, column_name, data_type, is_nullable, character_maximum_length, column_default, is_identity"
    " FROM information_schema.columns WHERE table_schema = 'public'"
    # Django's own history makes this id wider than its models say; we have no groups
    " AND (table_name, column_name) <> ('auth_group_permissions', 'id')",
    "constraints": "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace AND contype <> 'n'",
    "indexes": "SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "triggers": "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal",
    "functions": "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
}
CONTENTS = {
    "migrations": "SELECT app, name FROM django_migrations",
    "content types": "SELECT app_label, model FROM django_content_type",
    "permissions": "SELECT codename FROM auth_permission",
}


def describe(connection):
    """Return everything that may not differ, without names that only say when something was made."""
    with connection.cursor() as cursor:
        shape = _sqlite(cursor) if connection.vendor == "sqlite" else _asked(cursor, POSTGRESQL)
        return shape | _asked(cursor, CONTENTS)


def _sqlite(cursor):
    cursor.execute("SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")
    rows = cursor.fetchall()
    tables = sorted(name for kind, name, _table, _sql in rows if kind == "table")
    shape = {"indexes": sorted(_plain(sql) for kind, _name, _table, sql in rows if kind in ("index", "trigger"))}
    for table in tables:
        cursor.execute(SQLITE_COLUMNS, [table])
        columns = cursor.fetchall()
        cursor.execute(SQLITE_KEYS, [table])
        shape[table] = {"columns": sorted(map(str, columns)), "keys": sorted(map(str, cursor.fetchall()))}
        shape[table]["checks"] = sorted(_plain(sql) for sql in CHECK.findall(_sql_of(rows, table)))
        shape[table]["unique"] = _sql_of(rows, table).upper().count("UNIQUE")
    return shape


def _sql_of(rows, table):
    return next(sql for kind, name, _table, sql in rows if kind == "table" and name == table)


def _plain(sql):
    """A statement without the names of indexes, which carry a hash of how they came about."""
    return re.sub(r'INDEX "[^"]+"', "INDEX", re.sub(r"\s+", " ", sql))


def _asked(cursor, questions):
    answers = {}
    for name, sql in questions.items():
        cursor.execute(sql)
        answers[name] = sorted(re.sub(r"INDEX \S+", "INDEX", str(row)) for row in cursor.fetchall())
    return answers


def main():
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from heartline.config.fresh import make_tables

    if sys.argv[1] == "fresh":
        make_tables()
    else:
        call_command("migrate", interactive=False, verbosity=0)
    print(json.dumps(describe(connection)))


if __name__ == "__main__":
    main()
