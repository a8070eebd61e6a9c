"""The folders of DAG files that an installation reads."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def bundles(**folders: Path) -> str:
    """Return a value of Airflow's setting ``[dag_processor] dag_bundle_config_list``, by names of bundles."""
    bundle = "airflow.dag_processing.bundles.local.LocalDagBundle"
    return json.dumps(
        [
            {"name": name, "classpath": bundle, "kwargs": {"path": str(path), "refresh_interval": 10}}
            for name, path in folders.items()
        ]
    )
