"""Build hook: the wheel carries compiled translations, made from the very sources it is built from."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileMessages(BuildHookInterface):
    """Compiles all catalogues before files are collected."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile what is stale."""
        sys.path.insert(0, str(Path(self.root)))
        try:
            from heartline.config.messages import compile_stale

            compile_stale()
        finally:
            sys.path.pop(0)
