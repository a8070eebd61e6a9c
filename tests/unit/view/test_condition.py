"""Which assets a DAG still waits for."""

from __future__ import annotations

from typing import Any

import pytest
from airflow.sdk import DAG, Asset, AssetAlias

from airflow_provider_hybrid.view.condition import awaited
from tests.harness.versions import DagSerialization

A, B, C = (Asset(name, uri=f"s3://{name}") for name in "abc")


def stored(condition: Any) -> Any:
    """Return what Airflow stores of a DAG with this schedule."""
    dag = DagSerialization.from_dict(DagSerialization.to_dict(DAG("final", schedule=condition)))
    return dag.timetable.asset_condition.as_expression()


@pytest.mark.parametrize(
    ("condition", "arrived", "missing"),
    [
        (A, "", "a"),
        (A, "a", ""),
        (A & B & C, "b", "ac"),
        (A & B & C, "abc", ""),
        (A | B, "", "ab"),
        (A | B, "b", ""),
        ((A | B) & C, "a", "c"),
        ((A | B) & C, "c", "ab"),
        ((A & B) | C, "a", "bc"),
        (A & (B | A), "", "ab"),
        (A & Asset.ref(name="b"), "a", "b"),
        (A & AssetAlias("any"), "", "a"),
    ],
)
def test_what_is_missing_follows_from_the_condition(condition: Any, arrived: str, missing: str) -> None:
    assert awaited(stored(condition), set(arrived)) == [*missing]


def test_an_asset_may_be_named_by_its_uri() -> None:
    condition = stored(A & Asset.ref(uri="s3://b"))

    assert awaited(condition, {"a", "s3://a"}) == ["s3://b"]
    assert awaited(condition, {"a", "s3://a", "b", "s3://b"}) == []
