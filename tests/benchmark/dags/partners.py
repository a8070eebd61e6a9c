"""The partners, as Airflow DAGs; they need no worker."""

from __future__ import annotations

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG

from tests.benchmark.names import CONTENDERS, partners_of

for contender in CONTENDERS:
    for partner in partners_of(contender):
        with DAG(partner, schedule=None, is_paused_upon_creation=False) as dag:
            EmptyOperator(task_id="nothing")
        globals()[dag.dag_id] = dag
