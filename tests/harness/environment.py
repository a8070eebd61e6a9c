"""What a child process inherits from its caller: little, by name."""

from __future__ import annotations

import os
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]

_INHERITED = ("HOME", "USER", "LANG", "LC_ALL", "TMPDIR", "TZ", "TERM")


def clean_environ(**extra: str) -> dict[str, str]:
    """Return an environment without the caller's AWS, Airflow and proxy settings.

    The directory of the running interpreter comes first in ``PATH``, and this project in ``PYTHONPATH``: what
    runs is the package beside these tests, whichever is installed. AWS clients find neither a profile nor a
    metadata service, so that a wrong test can never reach a real account.

    Args:
        extra: Variables to add, which win over all others.
    """
    inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    return {
        **inherited,
        "PATH": path,
        "PYTHONPATH": str(PROJECT),
        "PYTHONUNBUFFERED": "1",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": "127.0.0.1,localhost",
        **extra,
    }
