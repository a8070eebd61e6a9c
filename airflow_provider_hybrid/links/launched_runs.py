"""The link from a launch to the runs that it started."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from airflow.configuration import conf
from airflow.sdk import BaseOperatorLink

if TYPE_CHECKING:
    from airflow_provider_hybrid.dispatch.launch import Launcher


CLOCKS = timedelta(seconds=1)
"""How far the clocks of worker and API server may be apart."""


class LaunchedRunsLink(BaseOperatorLink):
    """Leads to the one run, or to the list of the DAG's runs narrowed to those started.

    It is for operators with a ``launcher``, which is None where nothing was to be launched.
    """

    name = "Launched DAG runs"

    def get_link(self, operator: Any, *, ti_key: Any) -> str:  # noqa: ARG002
        """Return the address; empty where no run was started."""
        launcher: Launcher | None = operator.launcher
        if not launcher or not launcher.launched:
            return ""
        launched = launcher.launched
        base = conf.get("api", "base_url", fallback="/").rstrip("/")
        dag_ids = {launch.trigger_dag_id for launch in launched}
        if len(launched) == 1:
            (launch,) = launched
            return f"{base}/dags/{quote(launch.trigger_dag_id)}/runs/{quote(launch.trigger_run_id)}"
        when = urlencode(
            {
                "run_after_gte": (launcher.began - CLOCKS).isoformat(),
                "run_after_lte": (launcher.ended + CLOCKS).isoformat(),
            }
        )
        if len(dag_ids) == 1:
            return f"{base}/dags/{quote(dag_ids.pop())}/runs?{when}"
        return f"{base}/dag_runs?{when}"
