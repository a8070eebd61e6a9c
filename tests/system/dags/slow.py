"""Partner DAGs that take their time, at no cost: few of their runs go on at once, the others are queued."""

from __future__ import annotations

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG

for kind in ("slow", "slow_long"):
    for letter in "abc":
        with DAG(f"{kind}_{letter}", schedule=None, max_active_runs=16) as dag:
            EmptyOperator(task_id="nothing")
        globals()[dag.dag_id] = dag
