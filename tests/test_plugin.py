"""Which process of a run of the tests has the database: the one that runs them."""

from __future__ import annotations

import sys

import pytest

from tests.plugin import WORKER, runs_tests

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("options", "runs"),
    [
        ("-q tests", True),
        ("-n 0 tests", True),
        ("-n0 tests", True),
        ("--numprocesses=0 tests", True),
        ("-q -n 2 --dist loadgroup", False),
        ("-n2", False),
        ("-nauto -p no:cacheprovider", False),
        ("--numprocesses logical", False),
    ],
)
def test_tests_run_here_unless_workers_are_asked_for(monkeypatch: pytest.MonkeyPatch, options: str, runs: bool):
    monkeypatch.setattr(sys, "argv", ["pytest", *options.split()])
    monkeypatch.delenv(WORKER, raising=False)
    assert runs_tests() is runs
    monkeypatch.setenv(WORKER, "gw1")
    assert runs_tests()
