"""A burst of 1,000 on a cluster, beside the REST API, as in the benchmark."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from tests.benchmark.loads import LOADS
from tests.benchmark.machine import describe
from tests.benchmark.measurement import Results
from tests.benchmark.names import HYBRID, RESTS
from tests.benchmark.play import Program
from tests.benchmark.report import tables
from tests.benchmark.world import World
from tests.harness.proxy import Proxy
from tests.system.faults.dag_folder import DagFolder

if TYPE_CHECKING:
    from pathlib import Path

    from tests.harness.api import AirflowApi
    from tests.harness.ministack import MiniStack
    from tests.system.cluster.cluster import Cluster
    from tests.system.database import Database


def test_a_burst_becomes_a_run_for_each_event(
    airflow: Cluster,
    api: AirflowApi,
    ministack: MiniStack,
    database: Database,
    deployed: Path,
    home: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    world = World(
        airflow, api, ministack, Proxy(ministack.endpoint_url), database, DagFolder(deployed, database)
    )
    results = Results(describe(), [])
    program = Program(1, [load for load in LOADS if load.name == "burst_1000"], [HYBRID, *RESTS])

    program.play(world, lambda measurement, _: results.measurements.append(measurement))

    results.save(home / "burst.json")
    with capsys.disabled():
        for table in tables(results):
            Console(width=100).print("\n", table)
    assert all(measurement.sound for measurement in results.measurements), results
