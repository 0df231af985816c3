"""What numbers must say together: shares that are a whole, and levers that do not pull at the same thing. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from heartline.insight.answers import near
from heartline.insight.answers.words import _
from heartline.insight.damage.inputs import Input, channels_in, outcomes_of
from heartline.insight.damage.levers import MOST_LEVERS, Lever

_NEARLY = 1e-6


def contradictions(inputs: Mapping[str, Input], levers: Sequence[Lever]) -> dict[str, str]:
    """Return what is wrong between numbers that are each right: place → why."""
    at = {path: one.value for path, one in inputs.items()}
    wrong = dict(_sums(at, ""))
    if wrong:
        return wrong
    for lever in levers:
        wrong |= dict(_of_lever(lever, at))
    if len(levers) > MOST_LEVERS:
        wrong["levers"] = _("{n} levers are too many to share out what they do jointly; at most {most}").format(
            n=len(levers), most=MOST_LEVERS
        )
    if not wrong:
        wrong |= dict(_together(levers, at))
    return wrong


def of_problems(
    problems: Mapping[str, Mapping[str, Input]], recurring: Mapping[str, Mapping[str, Input]]
) -> dict[str, str]:
    """Return what is wrong between the numbers of problems that are counted one by one: place → why."""
    total = sum(one["frequency"].value for one in problems.values())
    wrong = {}
    if total > 1 + _NEARLY:
        wrong["problem"] = _(
            "the frequencies sum to {total}; whoever has several problems counts once, under the most serious"
        ).format(total=round(total, 6))
    for name, one in recurring.items():
        if one["complain"].value == 0:
            wrong[f"recurring.{name}.complain"] = _("this cannot be 0: nobody would know how often it happens")
    return wrong


def _of_lever(lever: Lever, at: Mapping[str, float]) -> Iterator[tuple[str, str]]:
    here = f"levers.{lever.name}"
    if not lever.changes:
        yield here, _("this lever changes nothing")
    for path in lever.changes:
        if path not in at:
            meant = near(path, at)
            hint = _("did you mean “{name}”?").format(name=meant) if meant else ""
            yield f"{here}.{path}", "; ".join(filter(None, [_("the year has no such number to change"), hint]))
    if all(path in at for path in lever.changes):
        yield from _sums({**at, **{path: one.value for path, one in lever.changes.items()}}, f"{here}.")


def _together(levers: Sequence[Lever], at: Mapping[str, float]) -> Iterator[tuple[str, str]]:
    for one, other in combinations(levers, 2):
        for path in sorted(_pulled(one) & _pulled(other)):
            yield (
                f"levers.{other.name}.{path}",
                _("“{one}” changes this too; put both into one lever").format(one=one.name),
            )
    everything = {**at, **{path: one.value for lever in levers for path, one in lever.changes.items()}}
    yield from _sums(everything, f"{_('all levers together')}: ")


def _pulled(lever: Lever) -> set[str]:
    """Return what a lever changes; the outcomes of a channel are one thing, because they sum to 1."""
    return {path.rpartition(".")[0] if ".outcomes." in path else path for path in lever.changes}


def _sums(at: Mapping[str, float], where: str) -> Iterator[tuple[str, str]]:
    names = channels_in(at)
    for name in names:
        total = sum(at[path] for path in outcomes_of(name))
        if abs(total - 1) > _NEARLY:
            yield (
                f"{where}channels.{name}.outcomes",
                _("the three shares sum to {total}, not to 1").format(total=round(total, 6)),
            )
    total = sum(at[f"channels.{name}.share"] for name in names)
    if total > 1 + _NEARLY:
        yield (
            f"{where}channels",
            _("the shares who complain sum to {total}, which is more than everybody").format(total=round(total, 6)),
        )
