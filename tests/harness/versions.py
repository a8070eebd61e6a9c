"""The Airflow at hand, and what the supported versions do not have in common."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import version

import pytest
from airflow.serialization import serialized_objects
from packaging.version import Version

from airflow_provider_hybrid.compat.task import starts_from_trigger

AIRFLOW = Version(version("apache-airflow-core"))

_EXCEPTIONS = import_module("airflow.sdk.exceptions" if Version("3.2") <= AIRFLOW else "airflow.exceptions")
AirflowFailException = _EXCEPTIONS.AirflowFailException
TaskDeferred = _EXCEPTIONS.TaskDeferred

RUNS_HAVE_NOTES = Version("3.2") <= AIRFLOW
"""Whether a run that a task starts can have a note."""

TASKS_KNOW_DAGS = Version("3.2") <= AIRFLOW
"""Whether a task can ask its supervisor about a DAG."""

HAS_ROLLUPS = Version("3.3") <= AIRFLOW
"""Whether a partition can be made of many keys of an asset."""

RUNS_THAT_COUNT_AT_ONCE = 1 if starts_from_trigger() else 2
"""How many runs of a dispatcher may count the same room: two where both begin on workers, side by side."""

CREATED_AT = "created_at" if Version("3.2") <= AIRFLOW else "queued_at"
"""The column of `dag_run` that says when a run was created; before 3.2 the two moments are one."""

WATCHERS = "asset_watcher" if Version("3.2") <= AIRFLOW else "asset_trigger"
"""The table of the triggers that watch for assets."""

DagSerialization = getattr(serialized_objects, "DagSerialization", None) or serialized_objects.SerializedDAG
"""What writes a DAG into the database and reads it again; `SerializedDAG` did both before 3.2."""

needs_tasks_that_know_dags = pytest.mark.skipif(
    not TASKS_KNOW_DAGS, reason="before Airflow 3.2 a task cannot know that its DAG is paused"
)
needs_commands_of_providers = pytest.mark.skipif(
    Version("3.2") > AIRFLOW, reason="before Airflow 3.2 a provider adds no command to `airflow`"
)
needs_pages = pytest.mark.skipif(
    Version("3.1.1") > AIRFLOW, reason="before Airflow 3.1.1 a plugin's pages know nobody who is logged in"
)
needs_extras_to_be_objects = pytest.mark.skipif(
    Version("3.2") > AIRFLOW, reason="before Airflow 3.2 a connection's extra that is a list counts as empty"
)
