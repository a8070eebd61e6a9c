"""What every test stands on: payloads, and an Airflow that touches nothing of its user's."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

# Airflow reads these once, on its first import.
os.environ["AIRFLOW_HOME"] = tempfile.mkdtemp(prefix="airflow-provider-hybrid-")
atexit.register(shutil.rmtree, os.environ["AIRFLOW_HOME"], ignore_errors=True)
os.environ["AIRFLOW__CORE__LOAD_EXAMPLES"] = "False"
for name in [name for name in os.environ if name.startswith(("AWS_", "AIRFLOW_CONN_", "AIRFLOW_VAR_"))]:
    if name != "AWS_CA_BUNDLE":
        del os.environ[name]
os.environ["AWS_EC2_METADATA_DISABLED"] = "true"

EVENTS = Path(__file__).parent / "events"


@pytest.fixture(scope="session")
def payload() -> Callable[[str], str]:
    """Read a message body as AWS sends it, by the name of its file in `tests/events`."""
    return lambda name: (EVENTS / f"{name}.json").read_text()
