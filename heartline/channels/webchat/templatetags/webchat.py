"""Icons drawn into the page: a brand's site should not fetch the whole sprite for six of them."""

from __future__ import annotations

import re
from functools import cache

from django import template
from django.utils.safestring import SafeString

from heartline.ui.icons import SPRITE, icon_name

register = template.Library()


@register.simple_tag
def drawn(name: str) -> SafeString:
    """Return an icon by name or meaning, whole; a word always stands beside it or labels its button."""
    shapes = _symbols()[icon_name(name)]
    return SafeString(f'<svg class="i" viewBox="0 0 24 24" aria-hidden="true">{shapes}</svg>')


@cache
def _symbols() -> dict[str, str]:
    return dict(re.findall(r'<symbol id="([\w-]+)"[^>]*>(.*?)</symbol>', SPRITE.read_text(), re.DOTALL))
