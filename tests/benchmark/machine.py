"""Where it ran, in words that name no host."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from typing import Any

import psutil

_PACKAGES = {
    "airflow": "apache-airflow",
    "amazon provider": "apache-airflow-providers-amazon",
    "standard provider": "apache-airflow-providers-standard",
}


def describe() -> dict[str, Any]:
    """Return the number of cores, the memory in GiB, and the versions of what matters."""
    return {
        "cores": os.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        **{name: version(package) for name, package in _PACKAGES.items()},
    }
