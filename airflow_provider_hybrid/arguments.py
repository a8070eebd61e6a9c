"""The arguments of a DAG that a builder takes, and those that it refuses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from airflow_provider_hybrid.troubleshooting import with_addresses

OF_TASKS = {
    "owner",
    "pool",
    "queue",
    "executor",
    "executor_config",
    "retries",
    "retry_delay",
    "priority_weight",
}
"""Arguments of tasks that people look for on the DAG."""


def check_arguments(
    builder: str, refused: Mapping[str, str], default_args: Mapping[str, Any], of_dag: Mapping[str, Any]
) -> None:
    """Refuse arguments that would break what a DAG promises, and those in the wrong place.

    Args:
        builder: The name of the function that builds the DAG.
        refused: The arguments that it refuses, with the reasons.
        default_args: The arguments of the DAG's tasks.
        of_dag: The arguments of the DAG.

    Raises:
        ValueError: If there is one; says what to do.
    """
    for name in sorted({*default_args, *of_dag} & refused.keys()):
        raise ValueError(with_addresses(f"{builder} takes no {name!r}: {refused[name]}. Leave it out"))
    for name in sorted(of_dag.keys() & OF_TASKS):
        fault = f"{name!r} is an argument of tasks: write {builder}(default_args={{{name!r}: ...}})"
        raise ValueError(with_addresses(fault))
