"""The project's own source as data, for the tests that hold it to its rules."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).parent.parent
HOUSE = ROOT / "heartline"


@dataclass(frozen=True)
class Source:
    """One Python file."""

    path: Path
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The file as Python understands it, read when the first test wants it."""
        return ast.parse(self.text, str(self.path))

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Every node of the tree, walked once for all tests."""
        return tuple(ast.walk(self.tree))

    def __str__(self) -> str:
        return str(self.path.relative_to(ROOT))

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        """Yield every function and method."""
        yield from (node for node in self.nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))

    def calls(self) -> Iterator[ast.Call]:
        """Yield every call."""
        yield from (node for node in self.nodes if isinstance(node, ast.Call))


@cache
def product() -> tuple[Source, ...]:
    """Return the files that are shipped: no tests, no migrations."""
    return tuple(_read(path) for path in sorted(HOUSE.rglob("*.py")) if not {"tests", "migrations"} & set(path.parts))


@cache
def everything() -> tuple[Source, ...]:
    """Return every Python file we wrote: product, tests, benchmarks."""
    folders = (HOUSE, ROOT / "tests", ROOT / "benchmarks")
    paths = [path for folder in folders for path in sorted(folder.rglob("*.py"))]
    return tuple(_read(path) for path in paths if "migrations" not in path.parts)


@cache
def templates() -> tuple[tuple[str, str], ...]:
    """Return every template as (name, text)."""
    return tuple((str(path.relative_to(ROOT)), path.read_text()) for path in sorted(HOUSE.rglob("templates/**/*.*")))


def name_of(node: ast.expr) -> str:
    """Return a dotted name as written: `a.b.c`, with `()` where something is called on the way."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{name_of(node.value)}.{node.attr}"
    if isinstance(node, ast.Call):
        return f"{name_of(node.func)}()"
    return ""


def _read(path: Path) -> Source:
    return Source(path, path.read_text())
