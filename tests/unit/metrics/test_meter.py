"""What a meter makes of what happens."""

from __future__ import annotations

from typing import Any

import pytest

from airflow_provider_hybrid.compat import metrics
from airflow_provider_hybrid.metrics.meter import Meter
from airflow_provider_hybrid.record.line import Line, RunLine

NAMES_LIMIT = 250
"""Airflow drops a name that is longer with its tags: `stat_name_default_handler`."""


class Client:
    """Airflow's metrics, as far as they are called."""

    def __init__(self, error: Exception | None = None) -> None:
        self.sent: list[tuple[str, float, dict[str, str]]] = []
        self._error = error

    def incr(self, name: str, value: float, *, tags: dict[str, str]) -> None:
        if self._error:
            raise self._error
        self.sent.append((name, value, tags))

    gauge = timing = incr


@pytest.fixture
def client(set_metrics: Any, monkeypatch: pytest.MonkeyPatch) -> Client:
    set_metrics(True)
    made = Client()
    monkeypatch.setattr(metrics, "_stats", lambda _: made)
    return made


def line(number: int, outcome: Any = "started", **fields: Any) -> Line:
    return Line(f"m-{number}", outcome, settled_at=12.5, **fields)


def sent(client: Client, name: str) -> list[tuple[float, dict[str, str]]]:
    return [(value, tags) for sent, value, tags in client.sent if sent == name]


def test_a_run_that_messages_share_counts_once(client: Client) -> None:
    run = RunLine("files", "dag", "r-1", outcome="started")

    Meter("d", "task").settled([line(number, runs=(run,)) for number in range(3)])

    assert sent(client, "hybrid.runs.started") == [(1, {"dag_id": "d", "route": "files"})]
    assert sent(client, "hybrid.messages.routed") == [
        (3, {"dag_id": "d", "route": "files", "outcome": "started"})
    ]


def test_a_message_of_two_routes_counts_for_each(client: Client) -> None:
    runs = tuple(RunLine(route, "dag", f"{route}-1", outcome="started") for route in ("a", "b"))

    Meter("d", "task").settled([line(1, runs=runs)])

    assert sorted(tags["route"] for _, tags in sent(client, "hybrid.messages.routed")) == ["a", "b"]
    assert sent(client, "hybrid.messages.settled") == [(1, {"dag_id": "d", "outcome": "started"})]


def test_only_a_message_that_started_a_run_has_a_delay(client: Client) -> None:
    Meter("d", "task").settled([line(1, sent_at=10.0), line(2), line(3, "existed", sent_at=1.0)])

    assert sent(client, "hybrid.messages.delay") == [(2500, {"dag_id": "d"})]


def test_a_rejected_message_that_waits_is_no_dead_letter(client: Client) -> None:
    Meter("d", "task").settled([line(1, "waiting", error_type="RouteError", returns_at=99.0)])

    assert sent(client, "hybrid.messages.dead_lettered") == []
    assert sent(client, "hybrid.messages.returned") == [(1, {"dag_id": "d"})]


def test_the_longest_names_are_within_airflows_limit(client: Client) -> None:
    run = RunLine("r" * 100, "dag", "r-1", outcome="started")

    Meter("d" * 250, "task").settled([line(1, "unmatched", runs=(run,))])

    longest = max(
        len(",".join((name, *(f"{tag}={value}" for tag, value in tags.items()))))
        for name, _, tags in client.sent
    )
    assert longest <= NAMES_LIMIT


def test_what_airflow_refuses_in_a_name_is_replaced(client: Client) -> None:
    Meter("größe,a=b c/d:e|f\n", "task").planned(1)

    assert sent(client, "hybrid.batch.size") == [(1, {"dag_id": "gr__e_a_b_c_d_e_f_"})]


def test_nothing_is_sent_where_metrics_are_off_or_nobody_knows_the_dag(
    client: Client, set_metrics: Any
) -> None:
    Meter(None, "triggerer").listened(1.0, 2)
    set_metrics(False)
    Meter("d", "task").settled([line(1)])
    Meter("d", "task").planned(1)

    assert client.sent == []


def test_what_cannot_be_sent_is_told_once_and_costs_nothing(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(metrics, "_stats", lambda _: Client(ValueError("secret")))
    metrics._complain.cache_clear()

    for _ in range(2):
        Meter("d", "task").planned(1)

    (told,) = caplog.messages
    assert told.startswith(
        "Figures for monitoring are not sent: ValueError. Look at the section [metrics] of airflow.cfg"
    )
    assert "secret" not in told


def test_a_message_that_only_waits_does_not_make_its_route_look_alive(client: Client) -> None:
    waits, refused = RunLine("full", "dag", "r-1"), RunLine("other", "dag", "r-2", outcome="started")

    Meter("d", "task").settled([line(1, "waiting", runs=(waits, refused))])

    assert [tags["route"] for _, tags in sent(client, "hybrid.routes.settled_at")] == ["other"]
