"""Analyses of a file run without Django: a script that asks them needs no house."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.once

ROOMS = ("answers", "files", "drivers", "touchpoints", "damage", "loyalty", "value", "churn")
LOAD = """
import importlib, pkgutil, sys
for room in sys.argv[1:]:
    package = importlib.import_module(f"heartline.insight.{room}")
    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        if not module.name.endswith(".tests"):
            importlib.import_module(module.name)
print([name for name in sys.modules if name == "django.db" or name.endswith(".models")])
"""


def test_no_analysis_loads_a_model():
    done = subprocess.run([sys.executable, "-c", LOAD, *ROOMS], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
