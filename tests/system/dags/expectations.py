"""The DAG of expectations, and a file that has a line for each failure that somebody was told of."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from airflow_provider_hybrid import build_expectations

TOLD = Path(os.environ["AIRFLOW_HOME"]) / "told.txt"


def tell(context: Any) -> None:
    """Write down which run failed, and with which sentence."""
    with TOLD.open("a") as file:
        sentence, *_ = str(context["exception"]).splitlines()
        file.write(f"{context['run_id']} {context['ti'].task_id} {sentence}\n")


dag = build_expectations(
    "expected_deadlines", config_variable="expected", default_args={"on_failure_callback": tell}
)
