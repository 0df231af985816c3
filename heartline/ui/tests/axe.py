"""For everyone's browser tests: is this page fit for every kind of reader? Call `assert_accessible(page)`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

SOURCE = Path(__file__).parent / "assets" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"runOnly": RULES, "resultTypes": ["violations"]}  # what passes need not be listed


def violations(page: Page, *, within: str | None = None) -> list[dict[str, Any]]:
    """Return what axe-core finds on a page, or in the part that a selector names.

    axe is evaluated through the browser's debugger, which the page's security policy does not forbid.
    """
    if page.evaluate("!window.axe"):
        page.evaluate(SOURCE.read_text(encoding="utf-8"))
    found: dict[str, Any] = page.evaluate(
        "([where, options]) => axe.run(where ? {include: [where]} : document, options)", [within, OPTIONS]
    )
    return list(found["violations"])


def assert_accessible(page: Page, *, within: str | None = None) -> None:
    """Fail with every violation of WCAG 2.2 AA and good practice, and when the page must be scrolled sideways."""
    told = [
        f"{rule['id']} ({rule['impact']}): {rule['help']}\n"
        + "\n".join(f"    {' '.join(map(str, node['target']))}  {node['html'][:160]}" for node in rule["nodes"][:5])
        for rule in violations(page, within=within)
    ]
    wide = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    if wide[0] > wide[1]:
        told.append(f"the page is {wide[0]} px wide in a window of {wide[1]} px")
    assert not told, f"{page.url}\n" + "\n".join(told)
