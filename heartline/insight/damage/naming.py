"""What the numbers of a damage model are called."""

from __future__ import annotations

from heartline.insight.answers.words import _
from heartline.insight.damage.counting import Outcome


def outcome(key: Outcome | str) -> str:
    """Return what became of customers with a problem."""
    return {
        "no_problem": _("No problem"),
        "satisfied": _("Complained, satisfied"),
        "mollified": _("Complained, mollified"),
        "dissatisfied": _("Complained, dissatisfied"),
        "silent": _("Never complained"),
    }[key]


def basis(value_is: str, *, starts: bool = False) -> str:
    """Return what kind of money is counted."""
    if starts:
        return _("Margin") if value_is == "margin" else _("Revenue")
    return _("margin") if value_is == "margin" else _("revenue")


def number(path: str) -> str:
    """Return what a number of the year is, by its path in the file."""
    plain = {
        "customers": _("Customers"),
        "value": _("Value of a customer in a year"),
        "problems": _("Share of customers with a problem"),
        "word_of_mouth.told_bad": _("People told by each unhappy customer"),
        "word_of_mouth.told_good": _("People told by each satisfied complainant"),
        "word_of_mouth.lost_share": _("Share of those who hear bad and are lost"),
        "word_of_mouth.won_share": _("Share of those who hear good and are won"),
        "frequency": _("Share of customers who have it"),
        "repurchase": _("Share who would surely buy again"),
        "complaints": _("Complaints in a month"),
        "complain": _("Share of those who have it who complain"),
        "handling": _("Handling, each complaint"),
        "rework": _("Rework, each complaint"),
        "drop_complained": _("Drop in loyalty of those who complain"),
        "drop_silent": _("Drop in loyalty of those who do not"),
        "told": _("People told by each"),
        "lost_share": _("Share of hearers lost"),
        "cost": _("Cost in a year"),
    }
    if path in plain:
        return plain[path]
    if path.startswith(("levers.", "problem.", "recurring.")):
        _group, name, inside = path.split(".", 2)
        return f"{lever(name)} · {number(inside)}"
    if path.startswith("loyalty."):
        return _("Loyalty: {group}").format(group=outcome(path.removeprefix("loyalty.")))
    if path.startswith("channels."):
        return _of_channel(path)
    return path


def _of_channel(path: str) -> str:
    inside = path.removeprefix("channels.")
    if inside.endswith(".share"):
        return _("{channel}: share who complain there").format(channel=inside.removesuffix(".share"))
    channel, _dot, key = inside.rpartition(".outcomes.")
    said = {"satisfied": _("satisfied"), "mollified": _("mollified"), "dissatisfied": _("dissatisfied")}[key]
    return _("{channel}: share {outcome}").format(channel=channel, outcome=said)


def lever(name: str, title: str = "") -> str:
    """Return what a lever is called: by its title, or by the field's word for the three that everybody has."""
    known = {"prevention": _("Prevention"), "access": _("Access"), "handling": _("Handling")}
    return title or known.get(name, name)
