"""What a brand's site pays for the chat."""

from __future__ import annotations

import gzip
import re

import pytest
from django.test import Client

from heartline.channels.webchat import assets
from tests.cast import Cast

LIMIT = 15_000


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_script_frame_and_styles_together_stay_under_the_limit(cast: Cast, client: Client, language: str) -> None:
    travels = [client.get("/widget.js", headers={"Accept-Encoding": "gzip"}).content]
    frame = client.get("/chat/qinghe/", {"language": language}).content.decode()
    travels += [gzip.compress(style.encode()) for style in re.findall(r"<style[^>]*>(.*?)</style>", frame, re.DOTALL)]
    linked = re.findall(r'(?:src|href)="(/(?!static/ui/favicon)[^"]+\.(?:js|css))"', frame)
    assert sorted(linked) == ["/chat/assets/chat.css", "/chat/assets/chat.js"]
    imported = {f"/chat/assets/{name}" for name in re.findall(r'from "\./([\w.]+)"', assets.asset("chat.js"))}
    assert imported == {f"/chat/assets/{name}" for name in assets.NAMES} - set(linked)
    travels += [client.get(name, headers={"Accept-Encoding": "gzip"}).content for name in [*linked, *imported]]
    assert sum(map(len, travels)) <= LIMIT, [len(part) for part in travels]


def test_nothing_is_loaded_from_elsewhere() -> None:
    for name in assets.NAMES:
        code = assets.asset(name)
        assert not re.search(r"""(?:import|from|url)\(?\s*["'](?!\./)""", code), name
        assert "document.cookie" not in code


def test_comments_stay_at_home_and_code_does_not() -> None:
    code = assets.without_comments('/** A\n * b */\nconst a = 1; // kept\n// gone\n  const b = "/* text */";\n')
    assert code == 'const a = 1; // kept\nconst b = "/* text */";\n'
    assert "/**" not in assets.asset("chat.js")


def test_spaces_of_a_style_sheet_stay_where_they_mean_something() -> None:
    style = ".a .b, .c:not(.d) {\n  width: calc(1rem + 2px); margin: 0 auto;\n}\n@media (max-width: 9rem) { .a { top: 0; } }\n"
    packed = ".a .b,.c:not(.d){width:calc(1rem + 2px);margin:0 auto}@media (max-width:9rem){.a{top:0}}"
    assert assets.without_spaces(style) == packed


def test_the_frame_has_the_tokens_it_uses(cast: Cast) -> None:
    for language in ("en", "zh-hans"):
        tokens = assets.frame_tokens(language)
        used = set(re.findall(r"var\(--([\w-]+)", assets.asset("chat.css") + tokens))
        defined = set(re.findall(r"--([\w-]+):", tokens))
        assert used <= defined
        assert "light-dark(" in tokens
