"""What Airflow is told about this package."""

from __future__ import annotations

from typing import Any


def get_provider_info() -> dict[str, Any]:
    """Describe the provider to Airflow (entry point group ``apache_airflow_provider``)."""
    return {
        "package-name": "airflow-provider-hybrid",
        "name": "Hybrid",
        "description": "Events on Amazon SQS become DAG runs: the right ones, visibly, and none is lost.",
        "cli": ["airflow_provider_hybrid.cli.airflow.get_commands"],
    }
