"""What Airflow is told about this package."""

from __future__ import annotations

from typing import Any

NAME = "Hybrid"


def get_provider_info() -> dict[str, Any]:
    """Describe the provider to Airflow (entry point group ``apache_airflow_provider``).

    Airflow reads the plugin from an entry point of its own, ``airflow.plugins``.
    """
    package = "airflow_provider_hybrid"
    return {
        "package-name": "airflow-provider-hybrid",
        "name": NAME,
        "description": "Events on Amazon SQS become DAG runs: the right ones, visibly, and none is lost.",
        "integrations": [
            {
                "integration-name": NAME,
                "external-doc-url": "https://github.com/airflow-provider-hybrid/airflow-provider-hybrid",
                "tags": ["service"],
            }
        ],
        "sensors": [{"integration-name": NAME, "python-modules": [f"{package}.sensors.sqs"]}],
        "operators": [
            {
                "integration-name": NAME,
                "python-modules": [
                    f"{package}.operators.{name}" for name in ("launch", "watch", "expectation")
                ],
            }
        ],
        "triggers": [
            {
                "integration-name": NAME,
                "python-modules": [f"{package}.triggers.{name}" for name in ("sqs", "deadline")],
            }
        ],
        "extra-links": [f"{package}.links.launched_runs.LaunchedRunsLink"],
        "cli": [f"{package}.cli.airflow.get_commands"],
    }
