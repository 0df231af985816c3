"""A damage model out of a TOML file: everything that is wrong is said at once, with its place and what was probably meant."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from heartline.insight.answers import CannotAnswer, WrongQuestion, near
from heartline.insight.answers.words import _
from heartline.insight.damage.checking import contradictions, of_problems
from heartline.insight.damage.inputs import Input
from heartline.insight.damage.levers import Lever
from heartline.insight.damage.shape import ANY, CHOICES, LEVER, MODEL, OF_NUMBER, OPTIONAL, ORIGIN, Leaf, Node

LONGEST = 1_000_000
MOST = 1e15


@dataclass(frozen=True)
class Model:
    """What a file says: the year's inputs by path, the levers, and the problems that are counted one by one."""

    title: str
    currency: str
    value_is: str
    loyalty_kind: str
    inputs: Mapping[str, Input]
    levers: tuple[Lever, ...]
    problems: Mapping[str, Mapping[str, Input]]
    recurring: Mapping[str, Mapping[str, Input]]
    titles: Mapping[str, str]
    observed: frozenset[str] = frozenset()  # the inputs that a file of who stayed has replaced

    def every_input(self) -> Iterator[Input]:
        """Yield every number of the file: of the year, of levers and what they cost, of single problems."""
        yield from self.inputs.values()
        for lever in self.levers:
            yield from lever.changes.values()
            yield from [lever.cost] if lever.cost else []
        for named in (self.problems, self.recurring):
            for found in named.values():
                yield from found.values()


def read_model(path: Path) -> Model:
    """Return the model that a file holds."""
    try:
        content = path.read_bytes()
    except OSError as problem:
        raise WrongQuestion(
            _("{file} cannot be opened: {why}").format(file=path, why=problem.strerror or problem)
        ) from None
    if len(content) > LONGEST:
        raise CannotAnswer(_("{file} is too long for a damage model").format(file=path.name))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        raise CannotAnswer(
            _("{file}, line {line}: this is no UTF-8, which TOML files are in; save it as UTF-8").format(
                file=path.name, line=line
            )
        ) from None
    return model_of(text, path.name)


def model_of(text: str, name: str = "MODEL.toml") -> Model:
    """Return the model that a text in TOML says; raises CannotAnswer with everything that is wrong."""
    try:
        content = tomllib.loads(text)
    except (ValueError, RecursionError) as problem:
        why = "; ".join(filter(None, [str(problem), _hint(text)]))
        raise CannotAnswer(_("{file} is no TOML that can be read: {why}").format(file=name, why=why)) from None
    reader = _Reader()
    reader.table(content, MODEL, (), {})
    reader.missing(content, MODEL, ())
    model = reader.model(content)
    wrong = reader.wrong or contradictions(model.inputs, model.levers) or of_problems(model.problems, model.recurring)
    if wrong:
        told = "\n".join(f"  {where}: {why}" for where, why in wrong.items())
        raise CannotAnswer(_("{file} cannot be used:").format(file=name) + "\n" + told, fields=wrong)
    return model


def _hint(text: str) -> str:
    """Say what spreadsheets let pass and TOML does not."""
    if re.search(r"[=,{]\s*\.\d", text):
        return _("write 0.3 for .3")
    return _("write 0.3 for 30%") if re.search(r"=\s*[\d.]+\s*%", text) else ""


class _Reader:
    """Walks through a file beside the shape it should have, and keeps what it found and what is wrong."""

    def __init__(self) -> None:
        self.wrong: dict[str, str] = {}
        self.numbers: dict[str, Input] = {}
        self.texts: dict[str, str] = {}

    def table(
        self, node: Mapping[str, Any], shape: Mapping[str, Node], path: tuple[str, ...], origin: Mapping[str, Any]
    ) -> None:
        """Read a table; what it says of where its numbers are from holds for everything in it."""
        origin = {**origin, **self._origin(node, path)}
        for key, value in node.items():
            here = (*path, key)
            below = shape.get(key, shape.get(ANY))
            if key in ORIGIN:
                continue
            if below is None:
                self._unknown(here, [*(one for one in shape if one != ANY), *ORIGIN])
            elif "." in key:
                self._say(here, _("a name has no point in it"))
            elif isinstance(below, Leaf):
                self._leaf(value, below, here, origin)
            elif isinstance(value, Mapping):
                self.table(value, below, here, origin)
            else:
                self._say(
                    here, _("this is a table: write [{path}] and what belongs to it below").format(path=_dot(here))
                )

    def missing(self, node: Mapping[str, Any], shape: Mapping[str, Node], path: tuple[str, ...]) -> None:
        """Note what a table should hold and does not. Levers name only what they change."""
        for key, below in shape.items():
            if key == ANY:
                for name, inside in node.items():
                    if (
                        isinstance(inside, Mapping)
                        and isinstance(below, Mapping)
                        and below is not LEVER
                        and name not in ORIGIN
                    ):
                        self.missing(inside, below, (*path, name))
            elif key not in node:
                if key not in OPTIONAL and not (isinstance(below, Leaf) and not below.needed):
                    self._say((*path, key), _("this is missing"))
            elif isinstance(below, Mapping) and isinstance(node[key], Mapping):
                self.missing(node[key], below, (*path, key))

    def model(self, content: Mapping[str, Any]) -> Model:
        """Return what was found, sorted into the year, levers and problems."""
        named = content.get("levers")
        levers = dict(self._named("levers"))
        year = {path: one for path, one in self.numbers.items() if path.split(".")[0] not in OPTIONAL[:3]}
        return Model(
            title=self.texts.get("title", ""),
            currency=self.texts.get("currency", ""),
            value_is=self.texts.get("value_is", "revenue"),
            loyalty_kind=self.texts.get("loyalty.kind", "intent"),
            inputs=year,
            levers=tuple(
                self._lever(name, levers.get(name, {}))
                for name in (named if isinstance(named, Mapping) else ())
                if name not in ORIGIN
            ),
            problems=dict(self._named("problem")),
            recurring=dict(self._named("recurring")),
            titles={path: text for path, text in self.texts.items() if path.endswith(".title")},
        )

    def _named(self, group: str) -> Iterator[tuple[str, dict[str, Input]]]:
        """Yield what a group holds by the names that the reader gave, each with its numbers by the rest of their path."""
        found: dict[str, dict[str, Input]] = {}
        for path, one in self.numbers.items():
            first, _point, rest = path.partition(".")
            if first == group:
                name, _point, key = rest.partition(".")
                found.setdefault(name, {})[key] = one
        yield from found.items()

    def _lever(self, name: str, found: dict[str, Input]) -> Lever:
        cost = found.pop("cost", None)
        return Lever(name, found, cost, self.texts.get(f"levers.{name}.title", ""))

    def _leaf(self, value: Any, leaf: Leaf, path: tuple[str, ...], origin: Mapping[str, Any]) -> None:
        if leaf.is_number:
            self._number(value, leaf, path, origin)
        elif not isinstance(value, str):
            self._say(path, _("this is a text and stands in quotation marks"))
        elif value not in CHOICES.get(leaf.kind, (value,)):
            self._say(
                path, _("“{value}” is not one of: {names}").format(value=value, names=", ".join(CHOICES[leaf.kind]))
            )
        else:
            self.texts[_dot(path)] = value

    def _number(self, value: Any, leaf: Leaf, path: tuple[str, ...], origin: Mapping[str, Any]) -> None:
        parts = dict(value) if isinstance(value, Mapping) else {"value": value}
        for key in parts:
            if key not in OF_NUMBER:
                self._unknown((*path, key), OF_NUMBER)
        if "value" not in parts:
            self._say(path, _("this is missing"))
            return
        origin = {**origin, **self._origin(parts, path)}
        found = {key: self._checked(parts[key], leaf, path) for key in ("value", "low", "high") if key in parts}
        asked = self._asked(parts, leaf, path)
        if None in found.values():
            return
        one = Input(_dot(path), **found, n=asked, is_share=leaf.kind == "share", **origin)  # type: ignore[arg-type]  # None was told above
        self._say_if_out_of_order(one, path)
        self.numbers[_dot(path)] = one

    def _say_if_out_of_order(self, one: Input, path: tuple[str, ...]) -> None:
        low, high = (end if end is not None else one.value for end in (one.low, one.high))
        if not low <= one.value <= high:
            self._say(
                path,
                _("low, value and high are not in order: {low}, {value}, {high}").format(
                    low=low, value=one.value, high=high
                ),
            )
        if one.n is not None and (one.low is not None or one.high is not None):
            self._say(path, _("give either n or low and high, not both"))

    def _asked(self, parts: Mapping[str, Any], leaf: Leaf, path: tuple[str, ...]) -> int | None:
        if "n" not in parts:
            return None
        n = parts["n"]
        if leaf.kind != "share":
            self._say((*path, "n"), _("n is for shares; say how sure this is with low and high"))
        elif isinstance(n, bool) or not isinstance(n, int) or n < 1:
            self._say((*path, "n"), _("n is how many answered: a whole number, at least 1"))
        else:
            return n
        return None

    def _checked(self, value: Any, leaf: Leaf, path: tuple[str, ...]) -> float | None:
        why = _wrong_number(value, leaf)
        if why:
            self._say(path, why)
        return None if why else float(value)

    def _origin(self, node: Mapping[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
        """Read where numbers are from, who agreed to them and when."""
        found: dict[str, Any] = {}
        for key in ORIGIN:
            if key not in node:
                continue
            value = _day(node[key]) if key == "agreed" else node[key]
            if key == "agreed" and value is None:
                self._say((*path, key), _("this is no date such as 2026-09-30"))
            elif key != "agreed" and not isinstance(value, str):
                self._say((*path, key), _("this is a text and stands in quotation marks"))
            else:
                found[key] = value
        return found

    def _unknown(self, path: tuple[str, ...], known: list[str] | tuple[str, ...]) -> None:
        meant = near(path[-1], known)
        if meant:
            self._say(path, _("this is not known; did you mean “{name}”?").format(name=meant))
        else:
            self._say(path, _("this is not known; there are: {names}").format(names=", ".join(known)))

    def _say(self, path: tuple[str, ...], why: str) -> None:
        self.wrong.setdefault(_dot(path), why)


def _wrong_number(value: Any, leaf: Leaf) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return _("“{value}” is no number").format(value=value)
    if value > MOST:
        return _("{value} is more than there is of anything").format(value=value)
    if value < 0:
        return _("{value} is below zero").format(value=value)
    if leaf.kind == "share" and value > 1:
        if value <= 100:
            return _("{value} is no share: shares lie between 0 and 1; write {share} for {value} %").format(
                value=value, share=round(value / 100, 6)
            )
        return _("{value} is no share: shares lie between 0 and 1").format(value=value)
    return ""


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return None


def _dot(path: tuple[str, ...]) -> str:
    return ".".join(path)


def with_retention(model: Model, stayed: Mapping[str, tuple[int, int]], source: str) -> Model:
    """Return the model with what customers did in place of what they said: outcome → (stayed, of how many)."""
    inputs = dict(model.inputs)
    for outcome, (hits, n) in stayed.items():
        path = f"loyalty.{outcome}"
        inputs[path] = replace(
            inputs[path], value=hits / n, low=None, high=None, n=n, source=source, owner="", agreed=None
        )
    return replace(
        model, inputs=inputs, loyalty_kind="observed", observed=frozenset(f"loyalty.{one}" for one in stayed)
    )
