"""Who turns the events of a queue into DAG runs: this package, or one of the amazon provider's own ways."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests import peers
from tests.system.events import configuration
from tests.system.faults.ledger import HYBRID, PARTNERS, counted_route

if TYPE_CHECKING:
    from pathlib import Path

    from tests.demo.cloud import Cloud
    from tests.harness.api import AirflowApi


@dataclass(frozen=True)
class Contender:
    """A DAG that listens to a queue, and starts a run of each partner for each event."""

    name: str
    cloud: Cloud

    @property
    def ours(self) -> bool:
        """Whether it is this package, of which more is asked than figures."""
        return self.name == HYBRID

    @property
    def dag_id(self) -> str:
        """The DAG that listens."""
        return "faults_kill" if self.ours else peers.dag_id(self.name)

    def start(self, api: AirflowApi, dags_folder: Path) -> None:
        """Let it listen.

        Args:
            api: The administrator's API.
            dags_folder: Where the DAG file of a peer goes. It listens as soon as it is parsed, so it is
                not there before its queue is.
        """
        if self.ours:
            routes = [counted_route(partner) for partner in PARTNERS]
            api.set_variable(self.dag_id, configuration(self.cloud, *routes))
            api.unpause(self.dag_id)
            return
        api.set_variable(self.dag_id, peers.settings(self.cloud, PARTNERS))
        shutil.copy(peers.dag_file(self.name), dags_folder)
        api.wait_for_dags(self.dag_id)
