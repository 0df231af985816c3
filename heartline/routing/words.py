"""The router's reasons as sentences, in the reader's language. Codes come from `rules` and `actions`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.translation import get_language, gettext, gettext_noop, ngettext, override

from heartline.ui.formats import is_chinese, span_of

_ = gettext_noop

# Why it stands where it stands in the order, why it was offered to you, why it waits, how an offer ended.
SENTENCES = {
    "waited": _("Waiting for %(seconds)s"),
    "live": _("The customer is there right now"),
    "tier": _("%(tier)s customer: counts as %(seconds)s more"),
    "repeat": _("Contact %(count)s about the same matter: counts as %(seconds)s more"),
    "handed_over": _("Handed over to us here: counts as %(seconds)s more"),
    "complaint": _("A complaint of theirs is open: counts as %(seconds)s more"),
    "broken_promise": _("We are late with something we promised them: counts as %(seconds)s more"),
    "vulnerable": _("Needs particular care: counts as %(seconds)s more"),
    "overdue": _("%(late)s past the time we named"),
    "manual": _("A supervisor raised it: counts as %(seconds)s more"),
    "pinned": _("A supervisor keeps this for you"),
    "asked_for": _("A colleague handed this to you by name"),
    "helped_last_time": _("You helped last time"),
    "knows_skill": _("You know %(skill)s"),
    "speaks_language": _("You serve in %(language)s"),
    "owns_case": _("This case is yours"),
    "longest_without": _("It is your turn: you have gone longest without an offer"),
    "least_loaded": _("You have the most room just now"),
    "most_proficient": _("Nobody who is free knows this better"),
    "helps_out": _("You are helping another queue just now"),
    "not_due": _("Agreed for later, in %(seconds)s"),
    "paused": _("Its queue is paused for another %(seconds)s"),
    "offered": _("Offered to %(name)s right now"),
    "waits_for_person": _("Kept for %(name)s for another %(seconds)s, then for everybody"),
    "nobody_here": _("Nobody who serves this queue is signed in"),
    "no_language": _("Nobody signed in serves in %(language)s"),
    "no_skill": _("Nobody signed in knows %(skill)s at level %(level)s or above"),
    "no_site": _("Nobody is signed in at a site that may serve this just now"),
    "no_combination": _("Nobody signed in has everything this asks for"),
    "all_passed_over": _("Everybody who could take it has had it before or has just declined it"),
    "kept_free": _("Those who are free are kept free for their own queue, until this has waited longer"),
    "soon": _("Somebody is free: it is offered as soon as those ahead are"),
    "offered_to_you": _("It is being offered right here, and waits for an answer"),
    "not_your_queue": _("Not in a team that serves this queue"),
    "not_your_channel": _("Takes nothing of this channel"),
    "not_your_language": _("Does not serve in %(language)s"),
    "not_your_skill": _("It asks for %(skill)s at level %(level)s or above; here it is %(has)s"),
    "declined_before": _("Had it before, or declined it for good"),
    "declined_lately": _("Declined it, let it lapse or gave it back; asked again in %(seconds)s"),
    "not_available_now": _("Not set to available"),
    "other_offer_open": _("Another offer waits for an answer"),
    "hands_full": _("Hands full: %(held)s of %(limit)s of this channel"),
    "your_turn_comes": _("Nothing stands between: it comes in turn"),
    "load_full": _("Carries as much as one carries at once: %(limit)s units"),
    "queue_full": _("Has %(limit)s of this queue already, and that is the most for one person"),
    "not_your_site": _("Not at a site that may serve this now"),
    "site_closed": _("Their site is outside its hours"),
    "next_step": _("In %(seconds)s: %(what)s"),
    "step_house": _("everybody in the house who serves may take it"),
    "step_places": _("other teams or sites may take it"),
    "step_experts": _("experts outside the centre may take it"),
    "step_asked_must": _("the skills it asks for are needed"),
    "step_asked_prefer": _("the skills it asks for are preferred, no longer needed"),
    "step_asked_any": _("skills are asked for no more"),
    "step_language_must": _("the customer’s language is needed"),
    "step_language_prefer": _("the customer’s language is preferred, no longer needed"),
    "step_language_any": _("any language will do"),
    "step_callback": _("the customer is offered a call"),
    "step_tells": _("the customer is told “%(text)s”"),
    "step_same": _("the next step begins, for the same people"),
    "next_pause_ends": _("In %(seconds)s the pause ends, and it is offered at its old place"),
    "next_time_comes": _("In %(seconds)s the time comes that was agreed, and it is offered"),
    "next_for_everybody": _("It is offered to %(name)s alone for another %(seconds)s, then to everybody"),
    "next_if_not_taken": _("If %(name)s does not take it, it is offered to the next one at its old place"),
    "next_goes_to": _("It goes to the first who is free, fits, and has gone longest without an offer"),
    "next_stays": _("It never loses its place; the customer can ask to be called and keeps it"),
    "customer_left": _("The customer left"),
    "taken": _("A colleague took it"),
    "taken_back": _("A supervisor took it back"),
    "queue_paused": _("Its queue was paused"),
    "not_available": _("No longer available"),
    "clock_set_back": _("The clock was set back"),
    "busy": _("In the middle of something"),
    "not_my_skill": _("Not something I know"),
    "knows_customer": _("I know this customer privately"),
    "other": _("Another reason"),
}
COUNTED: dict[str, Callable[[int], str]] = {
    "none_available": lambda count: ngettext(
        "One person could take it and is on a break or not ready",
        "%(count)s people could take it; all are on a break or not ready",
        count,
    ),
    "all_busy": lambda count: ngettext(
        "The one person who could take it has their hands full",
        "All %(count)s people who could take it have their hands full",
        count,
    ),
    "also_unavailable": lambda count: ngettext(
        "One more could take it but is on a break or not ready",
        "%(count)s more could take it but are on a break or not ready",
        count,
    ),
}
LANGUAGES = {"en": _("English"), "zh-hans": _("Chinese")}

# Values are marked while a sentence is built, so that a space can be put between Han and Latin where they meet.
_OPEN, _CLOSE = "\ue000", "\ue001"
_NEEDS_SPACE = re.compile(rf"(?<=[㐀-鿿]){_OPEN}(?=[A-Za-z0-9])|(?<=[A-Za-z0-9]){_CLOSE}(?=[㐀-鿿])")


def sentence(code: str, params: Mapping[str, Any]) -> str:
    """Return a reason in the reader's language; a code from a newer version is shown as it is."""
    shown = {name: f"{_OPEN}{value}{_CLOSE}" for name, value in _shown(params).items()}
    if code in COUNTED:
        text = COUNTED[code](params["count"])
    elif code in SENTENCES:
        text = gettext(SENTENCES[code])
    else:
        return code
    return re.sub(f"[{_OPEN}{_CLOSE}]", "", _NEEDS_SPACE.sub(" ", text % shown))


def sentences(reasons: Iterable[tuple[str, Mapping[str, Any]]]) -> list[str]:
    """Return several reasons as sentences."""
    return [sentence(code, params) for code, params in reasons]


def sentences_in(language: str, reasons: Iterable[tuple[str, Mapping[str, Any]]]) -> list[str]:
    """Return several reasons as sentences of one language."""
    with override(language):
        return sentences(reasons)


def _shown(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as the reader should see them: spans, names of languages, skills and tiers."""
    reader = get_language() or "en"
    shown = dict(params)
    for name in ("seconds", "late"):
        if name in shown:
            shown[name] = _span(shown[name], reader)
    if "language" in shown:
        spoken = str(shown["language"])
        shown["language"] = gettext(LANGUAGES[spoken]) if spoken in LANGUAGES else spoken
    if "skill" in shown:
        shown["skill"] = shown.get("skill_zh" if is_chinese(reader) else "skill_en") or shown["skill"]
    if "tier" in shown:
        from heartline.customers.models import Tier

        shown["tier"] = dict(Tier.choices).get(shown["tier"], shown["tier"])
    return shown


def _span(seconds: int, language: str) -> str:
    """Return a span in whole minutes from one minute on: seconds of a wait that goes on are noise."""
    return span_of(seconds if seconds < 60 else seconds // 60 * 60, language=language)
