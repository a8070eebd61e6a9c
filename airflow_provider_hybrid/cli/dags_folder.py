"""The folders of this machine in which Airflow looks for DAG files."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from airflow_provider_hybrid.compat.installation import NotLoadedError, load_airflow, local_bundle_class
from airflow_provider_hybrid.exceptions import ConfigError


class Bundle(NamedTuple):
    """A DAG bundle that is a folder of this machine.

    Args:
        name: Its name in Airflow's configuration.
        folder: Its path.
    """

    name: str
    folder: Path


def local_bundles() -> list[Bundle]:
    """Ask Airflow's configuration for the DAG bundles that are folders, in its order.

    https://airflow.apache.org/docs/apache-airflow/stable/administration-and-deployment/dag-bundles.html

    Raises:
        ConfigError: If there is none, or the configuration cannot be read.
    """
    try:
        load_airflow()
    except NotLoadedError as error:
        raise ConfigError(
            f"Airflow cannot be loaded ({error}). Mend its configuration (AIRFLOW_HOME, airflow.cfg), or "
            "name the folder: hybrid init FOLDER"
        ) from error
    from airflow.configuration import conf
    from airflow.exceptions import AirflowConfigException

    local = local_bundle_class()
    try:
        configured: Any = conf.getjson("dag_processor", "dag_bundle_config_list")
        default = conf.get("core", "dags_folder")
        bundles = [
            Bundle(bundle["name"], Path(bundle.get("kwargs", {}).get("path") or default).expanduser())
            for bundle in configured
            if bundle["classpath"] == local
        ]
        names = [bundle["name"] for bundle in configured]
    except (AirflowConfigException, KeyError, TypeError, AttributeError) as error:
        raise ConfigError(
            "Airflow's [dag_processor] dag_bundle_config_list cannot be read: "
            f"{type(error).__name__}: {error}. Name the folder: hybrid init FOLDER"
        ) from None
    if not bundles:
        raise ConfigError(
            f"no DAG bundle of Airflow is a folder of this machine ({', '.join(names) or 'there is none'}). "
            "Name a folder, your checkout of one of them, say: hybrid init FOLDER"
        )
    return bundles
