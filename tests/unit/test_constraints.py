"""The files in `constraints/`, of which each makes an environment for one version of Airflow."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

from airflow_provider_hybrid.cli.doctor.versions import AIRFLOW, BROKEN_PAIRS
from tests.harness.environment import PROJECT

FILES = sorted((PROJECT / "constraints").glob("airflow-3.*.txt"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_file_has_the_airflow_of_its_name_and_no_package_that_breaks_it(file: Path) -> None:
    pinned = {
        requirement.name: specifier.version
        for requirement in map(Requirement, file.read_text().splitlines())
        for specifier in requirement.specifier
    }

    airflow = file.stem.removeprefix("airflow-")
    assert (pinned["apache-airflow"], pinned[AIRFLOW]) == (airflow, airflow)
    for pair in BROKEN_PAIRS:
        assert not pair.airflow.contains(airflow) or pair.works_with.contains(pinned[pair.package])


def test_continuous_integration_runs_each_of_them() -> None:
    workflow = yaml.safe_load((PROJECT / ".github" / "workflows" / "ci.yml").read_text())

    for job in ("unit", "integration", "system"):
        versions = workflow["jobs"][job]["strategy"]["matrix"]["airflow"]
        assert versions == [file.stem.removeprefix("airflow-") for file in FILES]


def test_a_file_holds_names_and_versions_only() -> None:
    lines = [line for file in FILES for line in file.read_text().splitlines()]

    assert [line for line in lines if Requirement(line).url or "==" not in line] == []
