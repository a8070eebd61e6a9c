"""A host name for each component, as if each had a machine of its own."""

from __future__ import annotations

import os


def component_name() -> str:
    """Return what a component takes for its machine's name; Airflow's database has it in its rows."""
    return os.environ["COMPONENT"]
