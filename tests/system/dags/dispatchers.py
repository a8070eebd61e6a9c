"""Dispatchers for one test each, as Airflow DAGs; each one's Variable has the name of its DAG."""

from __future__ import annotations

from airflow_provider_hybrid.dispatcher import build_dispatcher

NAMES = (
    "again",
    "sent",
    "back_pressure",
    "back_pressure_long",
    "burst",
    "expected",
    "delivery",
    "missing_variable",
    "invalid_variable",
    "missing_queue",
    "wrong_credential",
    "missing_right",
    "fifo",
    "monitored",
    "neighbours",
    "neighbours_long",
    "neighbours_narrow_long",
    "view",
    "windows",
    "windows_long",
    "way_interceptor",
    "way_sqs",
    "way_eventbridge",
)

for name in NAMES:
    globals()[name] = build_dispatcher(dag_id=name, config_variable=name)

mapping = build_dispatcher("mapping", config_variable="mapping", launch_at_once=False)
