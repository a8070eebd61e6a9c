"""What an asset must bring for a partition."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from airflow_provider_hybrid.compat.partitions import MapperError, keys_wanted, rollups


class Mapper:
    """A partition mapper that somebody wrote."""

    def to_upstream(self, key: str) -> list[str]:
        return [f"{key}T{hour:02d}" for hour in range(int(key[-2:]))]


@pytest.fixture
def dag() -> Any:
    """A final DAG whose asset `hours` has a rollup."""

    def is_rollup_asset(*, name: str, uri: str) -> bool:
        return (name, uri) == ("hours", "")

    return SimpleNamespace(is_rollup_asset=is_rollup_asset)


@pytest.fixture
def timetable() -> Any:
    return SimpleNamespace(get_partition_mapper=lambda **_names: Mapper())


def test_a_rollup_wants_many_keys(dag: Any, timetable: Any) -> None:
    assert keys_wanted(dag, timetable, "hours", "", "2026-11-02") == {"2026-11-02T00", "2026-11-02T01"}


def test_any_key_is_enough_without_a_rollup(dag: Any, timetable: Any) -> None:
    assert keys_wanted(dag, timetable, "days", "", "2026-11-02") is None
    assert keys_wanted(dag, None, "hours", "", "2026-11-02") is None


def test_a_mapper_that_fails_is_an_error_of_its_own(dag: Any, timetable: Any) -> None:
    with pytest.raises(MapperError):
        keys_wanted(dag, timetable, "hours", "", "no day")


def test_without_rollups_airflow_is_asked_for_none() -> None:
    assert rollups(None, [SimpleNamespace(dag_id="before 3.3")]) == {}
