"""Wheels that carry the programs of a server."""

from __future__ import annotations

import importlib.util
from pathlib import Path


def folder_of(package: str) -> Path:
    """Find an installed package without importing it, as the import may have side effects.

    Raises:
        RuntimeError: It is not installed.
    """
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise RuntimeError(f"the package {package} is not installed; `make` installs it for its own commands")
    return Path(spec.origin).parent
