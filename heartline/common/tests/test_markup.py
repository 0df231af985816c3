"""One file of cases holds Python's markup and the browser's to the same answers; nothing takes long, nothing is HTML."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heartline.common.markup import bare, parse

HERE = Path(__file__).parent
SCRIPT = HERE.parents[1] / "ui" / "static" / "ui" / "markup.js"
CASES: list[dict[str, Any]] = json.loads((HERE / "markup_cases.json").read_text())
IN_NODE = """
import { readFileSync } from "node:fs";
const { parse } = await import(process.argv[1]);
const cases = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(cases.map(({ text, plain }) => parse(text, plain ?? false))));
"""


@pytest.mark.parametrize("case", CASES, ids=[case["text"][:30] for case in CASES])
def test_python_reads_it_as_the_cases_say(case: dict[str, Any]) -> None:
    assert parse(case["text"], plain=case.get("plain", False)) == case["blocks"]


def test_the_browser_reads_it_the_same() -> None:
    if not (node := shutil.which("node")):
        pytest.skip("needs node")
    command = [node, "--input-type=module", "-e", IN_NODE, SCRIPT.as_uri()]
    done = subprocess.run(command, input=json.dumps(CASES), capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    for case, blocks in zip(CASES, json.loads(done.stdout), strict=True):
        assert blocks == case["blocks"], case["text"]


def test_without_markup_the_words_are_left() -> None:
    assert bare("**Hello** [you](https://a.example)\n- *one*") == "Hello you\none"
    assert bare("nothing to take out") == "nothing to take out"


@given(st.text(alphabet="*_[]()- 1.、ab\nhttps:/", max_size=80))
def test_no_word_is_lost_and_no_address_is_dangerous(text: str) -> None:
    for plain in (False, True):
        for address in _addresses(parse(text, plain=plain)):
            assert address.startswith(("http://", "https://", "mailto:", "tel:"))


def test_hostile_lengths_take_no_time() -> None:
    for piece in ("**a", "_a ", "[a](", "https://a.", "- a\n", "*_", "[", "[a", "[[]", "[a](tel:1", "** "):
        began = time.perf_counter()
        parse(piece * 40_000)
        assert time.perf_counter() - began < 5


def _addresses(value: Any) -> list[str]:
    if isinstance(value, list) and len(value) == 3 and value[0] == "a":
        return [value[2]]
    return [found for one in value for found in _addresses(one)] if isinstance(value, list) else []
