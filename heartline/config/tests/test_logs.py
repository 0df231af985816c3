"""Logs can be trusted: one entry a line, private, and silent about rows that were refused."""

from __future__ import annotations

import logging

import pytest

from heartline.config.processes.logs import set_up_logs


@pytest.fixture
def log(tmp_path):
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    set_up_logs(tmp_path / "logs", "web")
    yield tmp_path / "logs" / "web.log"
    for handler in root.handlers:
        handler.close()
    root.handlers[:] = before
    root.setLevel(level)
    logging.captureWarnings(False)


def test_a_name_cannot_forge_a_line_or_colour_a_terminal(log):
    logging.getLogger("x").info("from %s", "eve\nERROR forged \x1b[31m")
    assert log.read_text().count("\n") == 1
    assert "\x1b" not in log.read_text()


def test_the_file_is_for_its_owner_alone(log):
    assert log.stat().st_mode & 0o077 == 0


def test_the_row_that_postgresql_refused_is_not_quoted(log):
    refusal = "duplicate key\nDETAIL:  Key (email)=(wang@example.com) already exists."
    try:
        raise ValueError(refusal)
    except ValueError:
        logging.getLogger("x").exception("failed")
    assert "duplicate key" in log.read_text()
    assert "wang@example.com" not in log.read_text()


def test_the_path_of_a_refused_request_is_not_written(log, capsys, client):
    """It may hold a token; Django itself would quote it."""
    client.get("/api/v1/secret-token")
    client.post("/api/v1/secret-token")
    assert "Not Found: (no route)" in log.read_text()
    assert "secret-token" not in log.read_text() + capsys.readouterr().err


def test_a_fault_is_written_with_its_traceback_and_its_route(log, client, monkeypatch):
    from heartline.config import health

    def fail():
        raise RuntimeError("broken")

    monkeypatch.setattr(health, "_database_answers", fail)
    client.raise_request_exception = False
    client.get("/health?token=abc", HTTP_ACCEPT="application/json")
    assert "Internal Server Error: /health" in log.read_text()
    assert "RuntimeError: broken" in log.read_text()
    assert "token=abc" not in log.read_text()


def test_only_warnings_reach_the_terminal(capsys, log):
    logging.getLogger("x").info("calm")
    logging.getLogger("x").warning("look here")
    shown = capsys.readouterr().err
    assert "look here" in shown
    assert "calm" not in shown
