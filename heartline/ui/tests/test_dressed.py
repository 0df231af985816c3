"""What people wrote on pages: dressed from plain text, never as HTML of theirs."""

from __future__ import annotations

from heartline.ui.templatetags.ui import dressed


def test_ours_is_dressed_and_escaped():
    text = "**Two** <things>:\n1. [order](https://a.example/?a=1&b=2)\n2. *soon*"
    assert dressed(text) == (
        "<strong>Two</strong> &lt;things&gt;:"
        '<ol start="1"><li><a href="https://a.example/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer">order</a></li>'
        "<li><em>soon</em></li></ol>"
    )


def test_a_customers_text_has_links_alone():
    said = dressed('**no** [x](https://evil.example) "><script>', "customer")
    assert "<strong>" not in said
    assert ">x</a>" not in said
    assert "&lt;script&gt;" in said
