"""The house keeps its shape. Who may import whom is in pyproject.toml (import-linter); this is what that cannot say."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest
from django.apps import apps

from tests.source import HOUSE, ROOT, everything, name_of, product

pytestmark = [pytest.mark.once, pytest.mark.xdist_group("source")]

WRITING = {"save", "create", "bulk_create", "update", "bulk_update", "delete", "get_or_create", "update_or_create"}


def test_imports_keep_the_contracts():
    done = subprocess.run([f"{sys.prefix}/bin/lint-imports"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    "folder", sorted(path.name for path in HOUSE.iterdir() if path.is_dir() and path.name[0] != "_")
)
def test_every_folder_says_what_it_is_for(folder):
    assert ast.get_docstring(ast.parse((HOUSE / folder / "__init__.py").read_text()))


def test_rules_do_not_reach_out():
    """Pure means: no clock, no chance that was not passed in, no files, no network."""
    forbidden = {"time", "random", "secrets", "os", "pathlib", "socket", "urllib", "subprocess", "logging"}
    found = [
        f"{source} imports {name}"
        for source in product()
        if source.path.name == "rules.py" or "rules" in source.path.parts
        for node in source.nodes
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in [getattr(node, "module", None) or node.names[0].name]
        if name.split(".")[0] in forbidden
    ]
    assert found == []


def test_pages_do_not_write():
    """HTTP only: a page calls an action, which writes and records."""
    found = []
    for source in product():
        relative = source.path.relative_to(HOUSE)
        if not ({"pages", "api", "pages.py", "api.py"} & set(relative.parts[1:])):  # api is a room, too
            continue
        for call in source.calls():
            name = name_of(call.func)
            method = name.rpartition(".")[2]
            is_action = any(keyword.arg == "by" for keyword in call.keywords)
            if method in WRITING and not is_action and (".objects" in name or method in {"save", "bulk_create"}):
                found.append(f"{source}:{call.lineno} {name}")
    assert found == []


def test_actions_are_told_who_and_when():
    """Every public action that takes an actor or a time takes both by name, and has no default for them."""
    found = []
    for source in product():
        if "actions" not in "/".join(source.path.relative_to(HOUSE).parts):
            continue
        for function in source.functions():
            if function.name.startswith("_"):
                continue
            positional = {one.arg for one in [*function.args.posonlyargs, *function.args.args]}
            defaults = {
                one.arg
                for one, default in zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True)
                if default
            }
            for name in ("by", "now"):
                if name in positional or name in defaults:
                    found.append(f"{source}:{function.lineno} {function.name}({name})")
    assert found == []


def test_every_tasks_module_declares_duties():
    from heartline.config.processes.clockwork import declared_duties

    names = [duty.name for duty in declared_duties()]
    assert names
    assert len(names) == len(set(names))
    tasks = [source for source in product() if source.path.name == "tasks.py"]
    assert all("DUTIES" in source.text for source in tasks)


def test_every_table_belongs_to_a_folder_of_the_house():
    ours = [config for config in apps.get_app_configs() if config.name.startswith("heartline.")]
    for config in ours:
        for model in config.get_models():
            assert model.__module__.startswith(f"{config.name}.models"), model


def test_tests_live_beside_what_they_test():
    for source in everything():
        if source.path.name.startswith("test_"):
            assert "tests" in (source.path.parent.name, source.path.parent.parent.name), source
