"""What the Airflow at hand has, where the supported versions differ."""

from __future__ import annotations

from importlib.metadata import version

import pytest
from packaging.version import Version

AIRFLOW = Version(version("apache-airflow-core"))

TASKS_KNOW_DAGS = Version("3.2") <= AIRFLOW
"""A task can ask whether a DAG is paused (`RuntimeTaskInstance.get_dag`)."""

RUNS_HAVE_NOTES = Version("3.2") <= AIRFLOW
"""A run that a task starts can have a note."""

needs_tasks_that_know_dags = pytest.mark.skipif(
    not TASKS_KNOW_DAGS, reason="before Airflow 3.2 a task cannot know whether a DAG is paused"
)
needs_notes = pytest.mark.skipif(
    not RUNS_HAVE_NOTES, reason="before Airflow 3.2 a run that a task starts has no note"
)
