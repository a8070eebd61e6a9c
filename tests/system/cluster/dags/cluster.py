"""Two Airflow DAGs that dispatch; their Variables have the names of the DAGs."""

from __future__ import annotations

from airflow_provider_hybrid.dispatcher import build_dispatcher

for name in ("cluster_a", "cluster_b"):
    globals()[name] = build_dispatcher(dag_id=name, config_variable=name)
