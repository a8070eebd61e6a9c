"""What the dispatcher's DAG file costs a task of Celery."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.harness.wait import wait_until

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.harness.api import AirflowApi

TIMES = 5


def test_tasks_import_the_dispatcher(api: AirflowApi, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(TIMES):
        api.trigger("imports", f"run-{number}", {})
    wait_until(
        lambda: [run["state"] for run in api.runs("imports")] == ["success"] * TIMES, 120, "the runs to end"
    )

    measured = [api.xcom("imports", f"run-{number}", "measure") for number in range(TIMES)]
    with capsys.disabled():
        print(*measured, sep="\n")  # noqa: T201 - the figures are for docs/airflow.md
