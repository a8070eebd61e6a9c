"""Dispatchers that are in each other's way."""

from __future__ import annotations

import pytest

from airflow_provider_hybrid.cli.doctor.dispatchers import (
    check_bundles,
    check_queues,
    check_states,
    check_variables,
)
from airflow_provider_hybrid.cli.doctor.queues import check_dead_letters, check_depth
from tests.harness.metadata import add, known_dag


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


@pytest.mark.usefixtures("airflow_database")
def test_a_dispatcher_that_receives_nothing_is_named_with_what_to_do() -> None:
    add(known_dag("orders", is_paused=True), known_dag("files", is_paused=False))

    paused, missing = sorted(
        check_states(["orders", "files"]), key=lambda finding: finding.level, reverse=True
    )

    assert (paused.level, paused.mend) == ("warning", "`airflow dags unpause` lets it go on")
    assert paused.found == "'orders': it is paused: messages wait in the queue"
    assert missing.level == "fault"
    assert missing.found.startswith("'files': Airflow has no run of it")


def test_messages_that_wait_are_counted_and_dead_letters_are_a_warning() -> None:
    number = "ApproximateNumberOfMessages"
    in_flight = {f"{number}NotVisible": "2", f"{number}Delayed": "0"}

    (depth,) = check_depth({number: "5", **in_flight})
    (dead,) = check_dead_letters({number: "3", **in_flight})

    assert (depth.level, depth.found) == ("fine", "5 can be received, 2 are in flight or come back later")
    assert (dead.level, dead.found) == ("warning", "3 dead letter(s) wait for somebody to look")
    assert not [*check_dead_letters({number: "0", **in_flight})]
