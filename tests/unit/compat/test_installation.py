"""What a command asks of the Airflow on this machine."""

from __future__ import annotations

import os
import sys

import pytest
from airflow.models.dag_version import DagVersion

from airflow_provider_hybrid.compat.installation import (
    NotLoadedError,
    bundle_names,
    connections_from_database,
    dag_states,
)
from tests.harness.metadata import add, known_dag


@pytest.mark.parametrize("before", [None, "", "client"])
def test_the_process_is_the_servers_for_the_time_of_the_block(
    monkeypatch: pytest.MonkeyPatch, before: str | None
) -> None:
    name = "_AIRFLOW_PROCESS_CONTEXT"
    if before is None:
        monkeypatch.delenv(name, raising=False)
    else:
        monkeypatch.setenv(name, before)

    with connections_from_database():
        assert os.environ[name] == "server"

    assert os.environ.get(name) == before


@pytest.mark.usefixtures("airflow_database")
def test_a_dag_is_told_with_the_bundles_of_its_latest_versions() -> None:
    add(known_dag("moving"), known_dag("new"))
    for number in range(1, 13):
        name = "team" if number % 2 else "dags-folder"
        add(DagVersion(dag_id="moving", version_number=number, bundle_name=name))

    latest = ["team", "dags-folder"] * (5)
    assert bundle_names(["moving", "new", "never"], versions=10) == {"moving": [*latest, "dags-folder"]}


def test_what_airflow_says_while_it_is_imported_is_told_without_a_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Broken:
        def __getattr__(self, name: str) -> None:
            raise ValueError("no such driver: postgres://me:secret@host/db\nand much more")

    monkeypatch.setitem(sys.modules, "airflow.models.dag", Broken())

    with pytest.raises(NotLoadedError) as raised:
        dag_states(["partner"])

    assert "ValueError: no such driver: postgres://" in str(raised.value)
    assert "secret" not in str(raised.value)
    assert "much more" not in str(raised.value)
