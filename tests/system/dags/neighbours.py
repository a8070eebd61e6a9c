"""Partner DAGs side by side: some whose runs do not get on, and others that must not wait for them."""

from __future__ import annotations

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG

CROWDED = {"crowded": 500, "crowded_long": 500, "narrow": 1, "narrow_long": 1}
"""DAGs with more events than room, and how many of their runs may go on at once."""

OTHERS = {"other": 3, "other_long": 20}

for dag_id, max_active_runs in (
    *CROWDED.items(),
    *((f"{kind}_{number}", 500) for kind, count in OTHERS.items() for number in range(count)),
):
    with DAG(dag_id, schedule=None, max_active_runs=max_active_runs) as dag:
        EmptyOperator(task_id="nothing")
    globals()[dag_id] = dag
