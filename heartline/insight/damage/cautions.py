"""What stands between a damage model's figures and a decision: said with the figures, never left to a manual."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from heartline.insight.answers.words import _, in_a_row, ngettext
from heartline.insight.damage import naming
from heartline.insight.damage.reading import Model

NAMED = 4


def cautions(model: Model, today: date) -> Iterator[str]:
    """Yield what stands between these figures and a decision."""
    if stale := [one.path for one in model.every_input() if one.is_stale(today)]:
        yield _("Agreed more than 12 months ago, agree again: {names}").format(names=_some(stale))
    if never := [path for path, one in model.inputs.items() if one.agreed is None and not _is_observed(model, path)]:
        yield _("Never agreed with finance: {names}").format(names=_some(never))
    if nowhere := [path for path, one in model.inputs.items() if not one.source]:
        yield _("Without a source: {names}").format(names=_some(nowhere))
    if sure := [path for path, one in model.inputs.items() if one.is_certain]:
        yield _("Taken as exact, so the ranges are too narrow by what these leave open: {names}").format(
            names=_some(sure)
        )
    if model.loyalty_kind == "intent":
        yield _(
            "Loyalty is what customers say they will do. Once twelve months are known, give --retention a file of who stayed"
        )
    said = [path for path in model.inputs if path.startswith("loyalty.") and path not in model.observed]
    if said and model.observed:
        yield _("Loyalty is still what customers say they will do for: {names}").format(names=_some(said))
    yield from _cautions_of_numbers(model)


def _cautions_of_numbers(model: Model) -> Iterator[str]:
    at = {path: one.value for path, one in model.inputs.items()}
    if at["loyalty.satisfied"] > at["loyalty.no_problem"]:
        yield _(
            "Satisfied complainants are more loyal here than customers without a problem. Studies over years find that seldom (Knox and van Oest 2014): check the two groups are alike"
        )
    if model.value_is == "revenue":
        yield _("The value of a customer is revenue: what is at risk is not profit")
    yield _("One year of value is counted for each customer who leaves; who leaves stays away longer")
    yield _("Word of mouth rests on the weakest evidence: it stands apart and is in no headline")
    if model.levers:
        yield _("What a lever changes is a plan. Compare two groups of customers before saying that it came true")


def _is_observed(model: Model, path: str) -> bool:
    return path in model.observed


def _some(paths: Sequence[str]) -> str:
    """Name inputs as people do, the first of them when there are many: the table of inputs has them all."""
    shown = in_a_row([naming.number(path) for path in paths[:NAMED]])
    more = len(paths) - NAMED
    return shown if more <= 0 else shown + ngettext(" and {n} more", " and {n} more", more).format(n=more)
