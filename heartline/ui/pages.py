"""The components page at /ui: everything the design system offers, in both languages and both themes at once."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from heartline.ui import icons, samples


def components(request: HttpRequest) -> HttpResponse:
    """Show every component."""
    plates = [
        {"language": language, "theme": theme, "sample": sample, "mark": f"{language[:2]}-{theme}"}
        for language, sample in (("en", samples.ENGLISH), ("zh-hans", samples.CHINESE))
        for theme in ("light", "dark")
    ]
    with timezone.override(ZoneInfo(samples.ZONE)):
        return render(
            request,
            "ui/components.html",
            {
                "plates": plates,
                "icons": icons.all_names(),
                "meanings": icons.MEANINGS,
                "when": samples.TIMES,
                "now": samples.NOW,
            },
        )
