"""Partner DAGs that take their time, at no cost: few of their runs go on at once, the others are queued."""

from __future__ import annotations

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG

for name in ("slow_a", "slow_b", "slow_c"):
    with DAG(name, schedule=None, max_active_runs=16) as dag:
        EmptyOperator(task_id="nothing")
    globals()[name] = dag
