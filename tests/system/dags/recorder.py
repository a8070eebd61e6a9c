"""DAGs that do nothing: that they run, and with which conf, is all that the tests want to know."""

from __future__ import annotations

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG

for name in ("recorder", "windowed", "windowed_long", *(f"burst_{letter}" for letter in "abcde")):
    with DAG(name, schedule=None, max_active_runs=500) as dag:
        EmptyOperator(task_id="nothing")
    globals()[name] = dag
