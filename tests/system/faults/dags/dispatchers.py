"""Dispatchers that meet faults, as Airflow DAGs; each one's Variable has the name of its DAG."""

from __future__ import annotations

from airflow_provider_hybrid.dispatcher import build_dispatcher

for name in ("faults_kill", "faults_worker"):
    globals()[name] = build_dispatcher(dag_id=name, config_variable=name)
