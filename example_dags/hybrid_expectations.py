"""The DAG that tells when an event does not come; ``expect`` in the dispatcher's Variable says which."""

from airflow_provider_hybrid import build_expectations

dag = build_expectations()
