"""Dispatchers that are in each other's way."""

from __future__ import annotations

import pytest

from airflow_provider_hybrid.cli.doctor.dispatchers import check_bundles, check_queues, check_variables


def test_two_dispatchers_that_answer_to_one_variable_are_named() -> None:
    dispatchers = {"first": "hybrid_dispatcher", "copy": "hybrid_dispatcher", "orders": "orders"}

    (finding,) = check_variables(dispatchers)

    assert finding.level == "warning"
    assert finding.found == "the DAGs 'copy', 'first' all answer to the Variable 'hybrid_dispatcher'"
    assert "config_variable" in finding.mend


def test_dispatchers_with_a_variable_each_are_fine() -> None:
    assert list(check_variables({"a": "a", "b": "b"})) == []


def test_two_variables_with_one_queue_are_named() -> None:
    (finding,) = check_queues({"a": "https://sqs/1/q", "b": "https://sqs/1/other", "c": "https://sqs/1/q"})

    assert finding.level == "warning"
    assert "the Variables 'a', 'c' all name the queue https://sqs/1/q" in finding.found


@pytest.mark.parametrize(
    "host",
    [
        "queue.amazonaws.com",
        "sqs-fips.us-east-1.amazonaws.com",
        "vpce-0a1b.sqs.us-east-1.vpce.amazonaws.com",
    ],
)
def test_two_spellings_of_one_queue_are_one_queue(host: str) -> None:
    queue_urls = {"a": "https://sqs.us-east-1.amazonaws.com/1/q", "b": f"https://{host}/1/q/"}

    (finding,) = check_queues(queue_urls)

    assert "the Variables 'a', 'b'" in finding.found


@pytest.mark.parametrize(
    "names",
    [
        ["example", "dags-folder", "example", "dags-folder"],
        ["dags-folder", "example", "dags-folder"],
        ["dags-folder", "example"],
    ],
    ids="-".join,
)
def test_a_dag_that_two_bundles_hold_is_named(names: list[str]) -> None:
    (finding,) = check_bundles({"partner_a": names})

    assert (
        "'partner_a' comes now from one DAG bundle, now from another: 'dags-folder', 'example'"
        in finding.found
    )


@pytest.mark.parametrize("names", [["git", "git"], ["dags-folder", "git", "git"]], ids="-".join)
def test_a_dag_that_was_moved_is_fine(names: list[str]) -> None:
    assert list(check_bundles({"partner_a": names})) == []
