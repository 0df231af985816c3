"""Questions that are written once and asked often.

Django writes the SQL of a query anew each time it is asked: of a page with forty small questions that is most of the
work, several times what the database needs to answer. A function under `written_once` says what is asked as a
queryset; it is called once per connection, with markers for its arguments, and from then on only the values change.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, QuerySet, prefetch_related_objects, query
from django.db.models.query import FlatValuesListIterable, ModelIterable, ValuesIterable, ValuesListIterable

P = ParamSpec("P")
R = TypeVar("R")
Rows = Iterable[Sequence[Any]]
Reader = Callable[[Rows], list[Any]]
Sql = tuple[str, list[Any]]
# No row has a larger number, and no database takes one.
LARGEST = 2**63 - 1
# the stubs know it from a later Django, with an argument more
_related: Any = query.get_related_populators
_PLACE = re.compile(r"(?<!%)%s")


class Marker(Expression):
    """Stands for an argument while its question is written."""

    def __init__(self, place: int) -> None:
        super().__init__()
        self.place = place

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """Return the place of one value, and this marker as what fills it."""
        return "%s", [self]

    def get_group_by_cols(self) -> list[Any]:
        """Return nothing to group by: a value is no column."""
        return []


@dataclass(frozen=True, slots=True)
class Whole:
    """Stands where a collection goes as one value, so that the text, and what is prepared, is the same for any size."""

    place: int


@dataclass(frozen=True, slots=True)
class Written:
    """A question as one connection asks it: pieces of SQL, what goes between them, and how rows become results."""

    pieces: tuple[str, ...]
    given: tuple[Any, ...]
    read: Reader

    def ask(self, connection: BaseDatabaseWrapper, values: Sequence[Any]) -> list[Any]:
        """Return what the question finds with these values."""
        with connection.cursor() as cursor:
            cursor.execute(*self.filled(connection, values))
            return self.read(cursor.fetchall())

    def filled(self, connection: BaseDatabaseWrapper, values: Sequence[Any]) -> Sql:
        """Return the question with these values: its SQL, and what stands in the places of it."""
        sql, filled = [self.pieces[0]], []
        for given, piece in zip(self.given, self.pieces[1:], strict=True):
            value = values[given.place] if isinstance(given, Marker | Whole) else given
            if isinstance(given, Whole):
                sql.append("%s")
                filled.append([_plain(one, connection) for one in (value if _is_many(value) else [value])])
            elif isinstance(given, Marker) and _is_many(value):
                sql.append(", ".join(["%s"] * len(value)) or "NULL")
                filled += [_plain(one, connection) for one in value]
            else:
                sql.append("%s")
                filled.append(_plain(value, connection) if isinstance(given, Marker) else value)
            sql.append(piece)
        return "".join(sql), filled


def written_once(write: Callable[P, QuerySet[Any, R]]) -> Callable[P, list[R]]:
    """Return a function that asks what a queryset asks and returns the rows; the queryset is made once.

    Arguments by place are values. They may stand wherever the value of a condition does (`=`, `<`, `__in`), never decide
    what is asked: numbers, texts, moments, and collections of these for `__in` (none of them in `exclude`: an empty one
    would exclude all). Arguments by name do decide it: for each of their values, which are few, it is written apart.
    """

    @wraps(write)
    def ask(*args: P.args, **kwargs: P.kwargs) -> list[R]:
        connection = connections[DEFAULT_DB_ALIAS]
        return _made_once(write, connection, len(args), kwargs).ask(connection, args)

    return ask


def sql_once(write: Callable[P, QuerySet[Any, Any]]) -> Callable[P, Sql]:
    """Return a function that gives a queryset's SQL and its values, for a question around it; arguments are as above."""

    @wraps(write)
    def tell(*args: P.args, **kwargs: P.kwargs) -> Sql:
        connection = connections[DEFAULT_DB_ALIAS]
        return _made_once(write, connection, len(args), kwargs).filled(connection, args)

    return tell


def _made_once(write: Any, connection: BaseDatabaseWrapper, count: int, named: Mapping[str, Any]) -> Written:
    known, which = _known_to(connection), (write, *named.items())
    written = known.get(which)
    if written is None:
        markers = [Marker(place) for place in range(count)]
        written = known[which] = _written(write(*markers, **named), connection)
    return written


def _known_to(connection: BaseDatabaseWrapper) -> dict[Any, Written]:
    """Return what was written for a connection: kept with it, and gone with it when its thread has ended."""
    known: dict[Any, Written] = vars(connection).setdefault("heartline_questions", {})
    return known


def first(found: Sequence[R]) -> R | None:
    """Return the first of what was found, or None when nothing was."""
    return found[0] if found else None


def _written(asked: QuerySet[Any, Any], connection: BaseDatabaseWrapper) -> Written:
    compiler: Any = asked.query.get_compiler(connection.alias)
    sql, given = compiler.as_sql()
    pieces, given = _PLACE.split(sql), list(given)
    assert len(pieces) == len(given) + 1, sql
    if connection.vendor == "postgresql":
        _take_whole(pieces, given)
    return Written(tuple(pieces), tuple(given), _reader(asked, compiler))


def _take_whole(pieces: list[str], given: list[Any]) -> None:
    """Let each collection be one value: `IN (…)` becomes `= ANY(…)`."""
    for at, one in enumerate(given):
        if isinstance(one, Marker) and pieces[at].endswith(" IN (") and pieces[at + 1].startswith(")"):
            pieces[at] = pieces[at].removesuffix("IN (") + "= ANY("
            given[at] = Whole(one.place)


def _is_many(value: Any) -> bool:
    return isinstance(value, Collection) and not isinstance(value, str | bytes)


def _reader(asked: Any, compiler: Any) -> Reader:
    """Return how rows become what the queryset would have yielded."""
    converters = compiler.get_converters([column for column, _sql, _alias in compiler.select])
    make = _MAKERS[asked._iterable_class](asked, compiler)  # noqa: SLF001 nothing else tells what rows become
    along = asked._prefetch_related_lookups  # noqa: SLF001 as above

    def read(rows: Rows) -> list[Any]:
        found = make(compiler.apply_converters(rows, converters) if converters else rows)
        if along and found:
            prefetch_related_objects(found, *along)
        return found

    return read


def _instances(asked: Any, compiler: Any) -> Reader:
    """Read as `django.db.models.query.ModelIterable` does, with all that is the same each time found beforehand."""
    model, columns = compiler.klass_info["model"], compiler.klass_info["select_fields"]
    first, end, using = columns[0], columns[-1] + 1, compiler.connection.alias
    names = [column.target.attname for column, _sql, _alias in compiler.select[first:end]]
    related = _related(compiler.klass_info, compiler.select, using)
    annotated = tuple((compiler.annotation_col_map or {}).items())

    def make(row: Sequence[Any]) -> Any:
        found = model.from_db(using, names, row[first:end])
        for other in related:
            other.populate(row, found)
        for name, place in annotated:
            setattr(found, name, row[place])
        return found

    return lambda rows: [make(row) for row in rows]


def _dicts(asked: Any, compiler: Any) -> Reader:
    names = tuple(asked.query.selected or (*asked.query.values_select, *asked.query.annotation_select))
    return lambda rows: [dict(zip(names, row, strict=False)) for row in rows]


def _tuples(asked: Any, compiler: Any) -> Reader:
    return lambda rows: [tuple(row) for row in rows]


def _single(asked: Any, compiler: Any) -> Reader:
    return lambda rows: [row[0] for row in rows]


_MAKERS: dict[type, Callable[[Any, Any], Reader]] = {
    ModelIterable: _instances,
    ValuesIterable: _dicts,
    ValuesListIterable: _tuples,
    FlatValuesListIterable: _single,
}


def _plain(value: Any, connection: BaseDatabaseWrapper) -> Any:
    """Return a value as the database takes it."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, Enum):
        return _plain(value.value, connection)
    if isinstance(value, int):
        return max(-LARGEST, min(value, LARGEST))
    if isinstance(value, str):
        return value
    raise TypeError(f"{value!r} cannot stand in a question that is written once")
