"""The partners, one for each contender, as Airflow DAGs; they need no worker."""

from __future__ import annotations

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG

from tests.benchmark.names import CONTENDERS, partner_of

for contender in CONTENDERS:
    with DAG(partner_of(contender), schedule=None, is_paused_upon_creation=False) as dag:
        EmptyOperator(task_id="nothing")
    globals()[dag.dag_id] = dag
