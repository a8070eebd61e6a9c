"""A mapped `LaunchDagRunsOperator` whose partner stands in the DAG file, which never runs."""

from __future__ import annotations

from airflow.sdk import DAG

from airflow_provider_hybrid.operators.launch import LaunchDagRunsOperator

with DAG("graph", schedule=None) as dag:
    LaunchDagRunsOperator.partial(task_id="launch", trigger_dag_id="recorder").expand_kwargs(
        [{"deliveries": "{}", "queue_url": "https://sqs.eu-west-1.amazonaws.com/123456789012/events"}]
    )
