"""The dispatcher under which parts of Airflow die; its Variable has the name of its DAG."""

from __future__ import annotations

from airflow_provider_hybrid.dispatcher import build_dispatcher

dag = build_dispatcher(dag_id="faults_kill", config_variable="faults_kill")
