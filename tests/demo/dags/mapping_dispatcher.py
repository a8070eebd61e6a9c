"""A dispatcher that leaves every run to an instance of `launch`, one for each partner, as an Airflow DAG."""

from __future__ import annotations

from airflow_provider_hybrid.dispatcher import build_dispatcher

dag = build_dispatcher("mapping_dispatcher", config_variable="mapping_dispatcher", launch_at_once=False)
