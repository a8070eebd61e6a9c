"""The dispatcher DAG, with its configuration in the Airflow Variable ``hybrid_dispatcher``."""

from airflow_provider_hybrid import build_dispatcher

dag = build_dispatcher()
