"""The `heartline` command and bits of Python in processes of their own, on a data folder of their own."""

from __future__ import annotations

import os
import subprocess
import sys


def heartline(folder, *arguments, **environment):
    """Run the command; SQLite in the folder unless HEARTLINE_DATABASE_URL is given."""
    return _run([sys.executable, "-m", "heartline", *arguments], folder, environment)


def python(folder, code, **environment):
    """Run code after Django is set up."""
    return _run([sys.executable, "-c", f"import django; django.setup()\n{code}"], folder, environment)


def module(folder, name, *arguments, **environment):
    """Run a module."""
    return _run([sys.executable, "-m", name, *arguments], folder, environment)


def _run(command, folder, environment):
    ours = {
        "HEARTLINE_DATA": str(folder),
        "HEARTLINE_DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "heartline.config.settings",
        "LC_ALL": "C.UTF-8",
    }
    values = os.environ | ours | environment
    return subprocess.run(command, env=values, capture_output=True, text=True, timeout=120, check=False)
