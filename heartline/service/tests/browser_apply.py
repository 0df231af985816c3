"""Runs the browser's apply.js: in Node where there is one, else in Chromium."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SCRIPT = HERE.parent / "static" / "service" / "apply.js"
IN_A_PAGE = """async ([source, cases]) => {
    const { apply, applyCase, onDay } = await import("data:text/javascript;base64," + source);
    return cases.map(({ view, before, events, day_start: dayStart }) => {
        const after = events.reduce(view === "case" ? applyCase : apply, before);
        return dayStart ? onDay(after, dayStart) : after;
    });
}"""


def apply_in_browser(cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what apply.js makes of each case's events."""
    return _in_node(cases) if shutil.which("node") else _in_chromium(cases)


def _in_node(cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    done = subprocess.run(
        ["node", str(HERE / "apply_cases.mjs")],
        input=json.dumps(cases),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def _in_chromium(cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    from base64 import b64encode

    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(args=["--no-sandbox"])
        page = browser.new_page()
        source = b64encode(SCRIPT.read_bytes()).decode()
        found: list[dict[str, Any]] = page.evaluate(IN_A_PAGE, [source, cases])
        browser.close()
    return found
