"""What to look at when something went wrong: the errors of failed tasks and of Airflow's components."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.harness.airflow import Airflow

_LINES = 8
_FAILED = ("failed", "up_for_retry")


def autopsy(airflow: Airflow) -> Iterator[str]:
    """Yield paragraphs: the errors of each failed task, then the last errors of each component."""
    if airflow.components["api-server"].alive:
        yield from _failed_tasks(airflow)
    for name, component in airflow.components.items():
        state = "" if component.alive else f"{name} is dead. "
        errors = _errors(component.tail(lines=2000).splitlines())
        if state or errors:
            yield f"{state}{component.log}:\n{errors}"


def _failed_tasks(airflow: Airflow) -> Iterator[str]:
    api = airflow.api()
    for task in api.tasks("~", "~"):
        if task["state"] in _FAILED:
            errors = _errors(api.log(task).splitlines())
            yield f"{task['dag_id']}.{task['task_id']} in {task['dag_run_id']} {task['state']}:\n{errors}"


def _errors(lines: list[str]) -> str:
    found = [
        _short(line) for line in lines if '"level": "error"' in line or "[error" in line or "Error:" in line
    ]
    return "\n".join(found[-_LINES:])


def _short(line: str) -> str:
    """Reduce a structured record to its message and the exceptions behind it."""
    try:
        record: dict[str, Any] = json.loads(line)
    except ValueError:
        return line[:400]
    causes = [f"{cause['exc_type']}: {cause['exc_value']}" for cause in record.get("error_detail") or []]
    return " | ".join([str(record.get("event")), *causes])
