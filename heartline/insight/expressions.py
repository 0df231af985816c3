"""What may be asked of a row, said once: read by Python for the contacts of today, written as SQL for months. Pure.

A comparison with something that is not known is false, in both readings: there is no third answer.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = MappingProxyType(
    {"<=": operator.le, "<": operator.lt, ">=": operator.ge, ">": operator.gt, "=": operator.eq}
)


class Test:
    """Something that holds for a row or does not."""

    __test__ = False  # its name is no test's

    def holds(self, row: object) -> bool:
        """Return whether it holds for a row."""
        return self._holds(row)

    def sql(self) -> str:
        """Return it as an SQL condition that is true or false, never null."""
        return self._sql()

    def columns(self) -> frozenset[str]:
        """Return the columns it reads."""
        return self._columns()

    def _holds(self, row: object) -> bool:
        raise NotImplementedError

    def _sql(self) -> str:
        raise NotImplementedError

    def _columns(self) -> frozenset[str]:
        raise NotImplementedError

    def __and__(self, other: Test) -> Test:
        return _Both(self, other, "AND")

    def __or__(self, other: Test) -> Test:
        return _Both(self, other, "OR")

    def __invert__(self) -> Test:
        return _Not(self)


@dataclass(frozen=True)
class Column(Test):
    """One column of a row; by itself it holds when it is a yes."""

    name: str

    def of(self, row: object) -> Any:
        """Return its value in a row."""
        return getattr(row, self.name)

    def _holds(self, row: object) -> bool:
        return bool(self.of(row))

    def _sql(self) -> str:
        return f"coalesce({self.name}, false)"

    def _columns(self) -> frozenset[str]:
        return frozenset({self.name})

    def known(self) -> Test:
        """Hold for rows that have a value here."""
        return _Known(self.name)

    def among(self, *values: str) -> Test:
        """Hold for rows whose value is one of these words."""
        return _Among(self.name, values)

    def __le__(self, other: Column | int) -> Test:
        return _Compared(self.name, "<=", other)

    def __lt__(self, other: Column | int) -> Test:
        return _Compared(self.name, "<", other)

    def __ge__(self, other: Column | int) -> Test:
        return _Compared(self.name, ">=", other)

    def __gt__(self, other: Column | int) -> Test:
        return _Compared(self.name, ">", other)

    def equals(self, other: Column | int) -> Test:
        """Hold for rows with exactly this number here."""
        return _Compared(self.name, "=", other)


@dataclass(frozen=True)
class _Compared(Test):
    name: str
    sign: str
    other: Column | int

    def _holds(self, row: object) -> bool:
        mine = getattr(row, self.name)
        other = self.other.of(row) if isinstance(self.other, Column) else self.other
        return mine is not None and other is not None and _COMPARE[self.sign](mine, other)

    def _sql(self) -> str:
        other = self.other.name if isinstance(self.other, Column) else str(int(self.other))
        return f"coalesce({self.name} {self.sign} {other}, false)"

    def _columns(self) -> frozenset[str]:
        return frozenset({self.name}) | (self.other.columns() if isinstance(self.other, Column) else frozenset())


@dataclass(frozen=True)
class _Known(Test):
    name: str

    def _holds(self, row: object) -> bool:
        return getattr(row, self.name) is not None

    def _sql(self) -> str:
        return f"({self.name} IS NOT NULL)"

    def _columns(self) -> frozenset[str]:
        return frozenset({self.name})


@dataclass(frozen=True)
class _Among(Test):
    name: str
    values: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.values or not all(value.isidentifier() for value in self.values):
            raise ValueError(f"words are plain identifiers, not {self.values}")

    def _holds(self, row: object) -> bool:
        return getattr(row, self.name) in self.values

    def _sql(self) -> str:
        words = ", ".join(f"'{value}'" for value in self.values)
        return f"coalesce({self.name} IN ({words}), false)"

    def _columns(self) -> frozenset[str]:
        return frozenset({self.name})


@dataclass(frozen=True)
class _Both(Test):
    first: Test
    second: Test
    word: str

    def _holds(self, row: object) -> bool:
        if self.word == "AND":
            return self.first.holds(row) and self.second.holds(row)
        return self.first.holds(row) or self.second.holds(row)

    def _sql(self) -> str:
        return f"({self.first.sql()} {self.word} {self.second.sql()})"

    def _columns(self) -> frozenset[str]:
        return self.first.columns() | self.second.columns()


@dataclass(frozen=True)
class _Not(Test):
    test: Test

    def _holds(self, row: object) -> bool:
        return not self.test.holds(row)

    def _sql(self) -> str:
        return f"(NOT {self.test.sql()})"

    def _columns(self) -> frozenset[str]:
        return self.test.columns()


@dataclass(frozen=True)
class _Everything(Test):
    def _holds(self, row: object) -> bool:
        return True

    def _sql(self) -> str:
        return "true"

    def _columns(self) -> frozenset[str]:
        return frozenset()


EVERYTHING: Test = _Everything()
