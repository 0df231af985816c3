"""The design system in templates: icons, times, numbers, language, the parts of a page.

The pure writing rules are in heartline.ui.formats; here they meet the reader's language, time zone and clock.
A page that passed `now` into its context has one clock for all it shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.forms import BoundField
from django.template import Context
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join, json_script
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from heartline.common import clock, markup
from heartline.ui import formats, icons, parts
from heartline.ui.languages import once_per_language

register = template.Library()


def reader_language() -> str:
    """Return the language this page is written in."""
    return get_language() or "en"


def reader_zone() -> str:
    """Return the name of the reader's time zone."""
    return timezone.get_current_timezone_name()


# What people wrote


@register.filter
def dressed(text: str, author: str = "person") -> SafeString:
    """Return what somebody wrote with its bold words, lists and links; of a customer's text links alone."""
    blocks = markup.parse(text, plain=author == "customer")
    return format_html_join("", "{}", ((_block(kind, lines, start),) for kind, lines, *start in blocks))


def _block(kind: str, lines: list[Any], start: list[int]) -> SafeString:
    if kind == "p":
        return format_html_join("\n", "{}", ((_parts(parts),) for parts in lines))
    items = format_html_join("", "<li>{}</li>", ((_parts(parts),) for parts in lines))
    if kind == "ol":
        return format_html('<ol start="{}">{}</ol>', start[0], items)
    return format_html("<ul>{}</ul>", items)


def _parts(parts: list[Any]) -> SafeString:
    return format_html_join("", "{}", ((_part(part),) for part in parts))


def _part(part: Any) -> SafeString:
    if isinstance(part, str):
        return format_html("{}", part)
    if part[0] == "a":
        opens = 'target="_blank" rel="noopener noreferrer"'
        return format_html('<a href="{}" {}>{}</a>', part[2], SafeString(opens), part[1])
    inside = _parts(part[1])
    return format_html("<strong>{}</strong>", inside) if part[0] == "b" else format_html("<em>{}</em>", inside)


# Icons


@register.simple_tag
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """Return an icon by name or meaning; size "l" for rails; a label only when no word stands beside it."""
    spoken = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html(
        '<svg class="{}" {}><use href="{}#{}"></use></svg>',
        f"i i-{size}" if size else "i",
        spoken,
        static("ui/icons.svg"),
        icons.icon_name(name),
    )


# Time


@register.simple_tag(takes_context=True)
def moment(context: Context, when: datetime | None, style: str = "near") -> SafeString:
    """Return a <time> that says when: style "near" (3 min ago), "day" (fit for promises), "clock" (15:10) or "exact"."""
    if when is None:
        return SafeString("")
    language, zone = reader_language(), reader_zone()
    now = context.get("now") or clock.now()
    exact = formats.exact(when, language=language, zone=zone)
    shown = {
        "near": lambda: formats.moment(when, language=language, zone=zone, now=now),
        "day": lambda: formats.day_and_time(when, language=language, zone=zone, now=now),
        "clock": lambda: f"{timezone.localtime(when):%H:%M}",
        "exact": lambda: exact,
    }[style]()
    fresh = SafeString(' data-moment="near"') if style == "near" else SafeString("")
    return format_html('<time datetime="{}" title="{}"{}>{}</time>', when.isoformat(), exact, fresh, shown)


@register.simple_tag(takes_context=True)
def remaining(context: Context, due: datetime) -> SafeString:
    """Return a <time> that says how long is left, or how late it is, kept fresh by time.js."""
    now = context.get("now") or clock.now()
    exact = formats.exact(due, language=reader_language(), zone=reader_zone())
    shown = formats.remaining(due, language=reader_language(), now=now)
    return format_html('<time datetime="{}" title="{}" data-moment="left">{}</time>', due.isoformat(), exact, shown)


@register.simple_tag(takes_context=True)
def running(context: Context, since: datetime) -> SafeString:
    """Return a clock that runs up from `since`: 3:20, kept fresh by time.js."""
    now = context.get("now") or clock.now()
    shown = formats.clock_span((now - since).total_seconds())
    return format_html('<time class="num" datetime="{}" data-moment="clock">{}</time>', since.isoformat(), shown)


@register.filter
def day(value: date) -> str:
    """Return a date without a time: Thu 26 Nov, 11月26日（周四）."""
    today = timezone.localtime(clock.now()).date()
    return formats.calendar_day(value, language=reader_language(), today=today)


@register.filter
def span_of(seconds: formats.Number | None) -> str:
    """Return a duration in words: 3 min 20 s."""
    return "–" if seconds is None else formats.span_of(seconds, language=reader_language())


@register.filter
def clock_span(seconds: formats.Number | None) -> str:
    """Return a duration as a clock: 3:20."""
    return "–" if seconds is None else formats.clock_span(seconds)


# Numbers


@register.filter
def number(value: formats.Number | None) -> str:
    """Return a number in full: 12,345."""
    return "–" if value is None else formats.number(value)


@register.filter
def number_short(value: formats.Number | None) -> str:
    """Return a number short: 12k, 1.2 万."""
    return "–" if value is None else formats.number_short(value, language=reader_language())


@register.filter
def percent(share: formats.Number | None, decimals: int = 0) -> str:
    """Return a share of one as a percentage."""
    return "–" if share is None else formats.percent(share, language=reader_language(), decimals=decimals)


@register.filter
def money(amount: formats.Number | None, currency: str = "CNY") -> str:
    """Return an amount in a sentence: ¥1,234.50, 1,234.50 元."""
    return "–" if amount is None else formats.money(amount, currency, language=reader_language())


@register.filter
def money_column(amount: formats.Number | None, currency: str = "CNY") -> str:
    """Return an amount in a table column: ¥1,234.50."""
    return "–" if amount is None else formats.money_column(amount, currency)


# Language and people


@register.filter
def lang_code(language: str) -> str:
    """Return the lang attribute's value for one of our language codes: zh-hans → zh-Hans."""
    return formats.language_tag(language)


@register.filter
def lang_guess(content: str) -> str:
    """Return the lang attribute's value for a text whose language nobody told us."""
    return formats.language_of(str(content))


@register.filter
def lang_of(content: str, language: str = "") -> SafeString | str:
    """Return content marked with its language when that is not the page's: names, quotes, subjects."""
    tag = formats.language_tag(language) if language else formats.language_of(str(content))
    if formats.is_chinese(tag) == formats.is_chinese(reader_language()):
        return content
    return format_html('<span lang="{}">{}</span>', tag, content)


@register.filter
def masked(value: str, kind: str = "phone") -> str:
    """Return personal data with its middle hidden; kinds: phone, email, name, card, id."""
    return formats.masked(value or "", kind)


@register.filter
def phone(value: str) -> str:
    """Return a phone number as it is read aloud."""
    return formats.phone(value or "")


@register.filter
def initials(name: str) -> str:
    """Return what an avatar shows: GO for Grace Okafor, 嘉怡 for 欧嘉怡."""
    return parts.initials(name or "")


# Parts of a page


@register.simple_tag(takes_context=True)
def page_attributes(context: Context, density: str = "") -> SafeString:
    """Return the attributes of <html>: language, chosen theme and density, the reader's zone, and our clock for time.js."""
    cookies = getattr(context.get("request"), "COOKIES", {})
    attributes = {
        "lang": formats.language_tag(reader_language()),
        "data-zone": reader_zone(),
        "data-now": (context.get("now") or clock.now()).isoformat(timespec="seconds"),
        **parts.chosen_look(cookies, density),
    }
    return format_html_join(" ", '{}="{}"', attributes.items())


@register.simple_tag
@once_per_language
def ui_words() -> SafeString:
    """Return what the browser's scripts say, in the reader's language, as a JSON block they read."""
    return json_script({**formats.words(reader_language()), **parts.script_words()}, "ui-words")


@register.inclusion_tag("ui/rooms.html", takes_context=True)
def rooms(context: Context) -> dict[str, Any]:
    """Show the links of the rail: the rooms this person may enter, the present one marked."""
    house: Mapping[str, Any] = context.get("house") or {}
    rights: frozenset[str] = house.get("rights", frozenset())
    return {"rooms": parts.rooms_for(rights, getattr(context.get("request"), "path", ""))}


@register.inclusion_tag("ui/field.html")
def field(bound: BoundField, label: str = "", hint: str = "", size: str = "") -> dict[str, Any]:
    """Show one form field with its label, control, error and hint tied together; sizes: short, mid, code."""
    return {"field": parts.dress(bound, label=label, hint=hint, size=size), "kind": parts.kind_of(bound)}
