"""An Airflow DAG whose task says how long it takes to import what the dispatcher's DAG file needs."""

from __future__ import annotations

from importlib import import_module
from time import perf_counter

from airflow.sdk import dag, task

MODULES = ("airflow.providers.standard.operators.trigger_dagrun", "airflow_provider_hybrid.dispatcher")


@dag(schedule=None, is_paused_upon_creation=False, max_active_runs=1)
def imports() -> None:
    @task
    def measure() -> dict[str, float]:
        """Return the milliseconds of each import, one after the other."""
        milliseconds = {}
        for module in MODULES:
            begin = perf_counter()
            import_module(module)
            milliseconds[module] = round(1000 * (perf_counter() - begin), 1)
        return milliseconds

    measure()


imports()
