"""The dispatchers that Airflow knows."""

from __future__ import annotations

from airflow_provider_hybrid.compat.installation import tasks_of_dags

TAG = "hybrid"
"""The tag that every dispatcher has."""


def dispatchers() -> dict[str, str]:
    """Return the Variable of each dispatcher that Airflow knows, by DAG id.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: If Airflow's database does not answer.
    """
    return {
        dag_id: fields["config_variable"]
        for dag_id, tasks in tasks_of_dags(TAG).items()
        for fields in tasks
        if fields.get("config_variable")
    }
