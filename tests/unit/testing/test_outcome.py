"""What a test expects of an event, and what it is told if something else comes of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import pytest

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.exceptions import ConfigError
from airflow_provider_hybrid.testing import Outcome, Routes, routes_of, sample_event, sample_message
from tests.demo.world import configuration, make_world

ROUTE: dict[str, Any] = {
    "name": "orders",
    "event_pattern": {
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": {"bucket": {"name": ["partner-a"]}, "object": {"size": [{"numeric": [">", 0]}]}},
    },
    "trigger_dag_id": "load_orders",
    "conf": {"key": "{{ event.detail.object.key }}", "size": "{{ event.detail.object.size }}"},
    "note": "from {{ event.detail.bucket.name }}",
}
KEY = "orders/2026-11-22/a b.csv"


def given(*routes: dict[str, Any], **facts: Any) -> Outcome:
    facts = {"bucket": "partner-a", "key": KEY, **facts}
    return routes_of(routes or (ROUTE,)).given(sample_event("s3:ObjectCreated:Put", **facts))


def told(expect: Callable[[], object]) -> str:
    with pytest.raises(AssertionError) as raised:
        expect()
    return str(raised.value)


def test_a_run_is_as_expected() -> None:
    outcome = given().starts(
        "load_orders",
        conf={"key": KEY, "size": 1024},
        run_id="orders__orders-2026-11-22-a-b.csv__9010a11b45cb3943b15b",
        note="from partner-a",
        route="orders",
        after=timedelta(0),
    )

    assert outcome.nothing_else().is_deleted() is outcome
    assert [run.trigger_dag_id for run in outcome.launches] == ["load_orders"]
    assert repr(outcome) == "<Outcome: starts load_orders; the message: deleted once its 1 run exists>"


def test_a_value_may_be_anything() -> None:
    given().starts("load_orders", conf={"key": ANY, "size": pytest.approx(1000, abs=50)})


def test_a_difference_is_told_key_by_key() -> None:
    route = {**ROUTE, "conf": {"a": {"b": [1, 2]}, "n": "{{ event.detail.object.size }}", "more": True}}

    error = told(
        lambda: given(route).starts("load_orders", conf={"a": {"b": [1, 3, 4]}, "n": "1024", "less": 1})
    )

    assert error.splitlines() == [
        "the run of DAG 'load_orders' that the route 'orders' starts is another one:",
        "  conf.a.b[1]: expected 3, found 2",
        "  conf.a.b: expected 3 elements, found 2",
        "  conf.n: expected '1024', found 1024 (a string and a number: a template that is one expression "
        "keeps its value's type, and any other makes a text)",
        "  conf.less: expected 1, found nothing",
        "  conf.more: expected nothing, found True",
        "  to do: mend the route 'orders', or what the test expects",
    ]


@pytest.mark.parametrize(
    ("expected", "difference"),
    [
        ({"run_id": "x"}, "run_id: expected 'x', found 'orders__orders-2026-11-22-a-b.csv__"),
        ({"note": "x"}, "note: expected 'x', found 'from partner-a'"),
        ({"after": timedelta(hours=1)}, "after: expected datetime.timedelta(seconds=3600), found"),
        ({"window": timedelta(hours=1)}, "window: expected datetime.timedelta(seconds=3600), found None"),
        ({"conf": {"key": KEY, "size": True}}, "conf.size: expected True, found 1024"),
    ],
)
def test_each_fact_of_a_run_is_compared(expected: dict[str, Any], difference: str) -> None:
    assert difference in told(lambda: given().starts("load_orders", **expected))


def test_a_delay_and_a_window_are_compared() -> None:
    delayed = {**ROUTE, "delay_seconds": 600}
    window = {**ROUTE, "batch": {"max_events": 5, "window_seconds": 300}, "delay_seconds": 60}

    given(delayed).starts("load_orders", after=timedelta(minutes=10))
    given(window).starts(
        "load_orders",
        conf={"events": [{"key": KEY, "size": 1024}]},
        window=timedelta(minutes=5),
        after=timedelta(minutes=1),
    )
    assert "after: expected" in told(lambda: given(delayed).starts("load_orders", after=timedelta(0)))


def test_the_events_of_one_message_share_a_run_of_a_batch() -> None:
    route = {**ROUTE, "batch": {"max_events": 5}}
    events = [sample_event("s3:ObjectCreated:Put", bucket="partner-a", key=key) for key in ("a", "b")]

    routes_of([route]).given(events).starts(
        "load_orders", conf={"events": [{"key": "a", "size": 1024}, {"key": "b", "size": 1024}]}
    ).nothing_else()


def test_two_routes_start_two_runs_and_a_third_is_too_much() -> None:
    second = {**ROUTE, "name": "audit", "trigger_dag_id": "audit"}

    given(ROUTE, second).starts("load_orders").starts("audit").nothing_else()
    error = told(lambda: given(ROUTE, second).starts("load_orders").nothing_else())

    assert "more starts than was expected:\n  a run of DAG 'audit', by the route 'audit'" in error


def test_one_dag_by_two_routes_is_told_apart_by_conf_or_route() -> None:
    second = {**ROUTE, "name": "again", "conf": {"again": True}}

    outcome = given(ROUTE, second)

    outcome.starts("load_orders", conf={"again": True}).starts("load_orders", route="orders").nothing_else()
    given(ROUTE, second).starts("load_orders").starts("load_orders").nothing_else()


def test_nothing_starts_and_the_reason_is_the_expected_one() -> None:
    given(size=0).starts_nothing(because="detail.object.size").is_dead_lettered(because="Unmatched")
    given(size=0).starts_nothing(because="Unmatched")

    error = told(lambda: given(size=0).starts_nothing(because="detail.bucket"))
    assert error.startswith("nothing starts, but not because of 'detail.bucket'.")
    assert "route 'orders': detail.object.size: wants [{'numeric': ['>', 0]}], found 0" in error


def test_a_run_that_starts_all_the_same_is_told() -> None:
    assert told(given().starts_nothing).startswith(
        "nothing was expected to start, and this does:\n  a run of DAG 'load_orders', by the route 'orders'"
    )


def test_a_route_s_own_reason_may_be_asked_for() -> None:
    second = {**ROUTE, "name": "audit", "event_pattern": {"source": ["shop"]}}

    given(ROUTE, second).starts_nothing(because="source", route="audit")

    assert "there is no route 'audi'; did you mean 'audit'?" in told(
        lambda: given(ROUTE, second).starts_nothing(route="audi")
    )


def test_the_end_of_a_message_is_compared() -> None:
    document = {"queue_url": "https://sqs/1/events", "routes": [ROUTE]}
    unwanted = sample_event("s3:ObjectCreated:Put", bucket="partner-b")

    routes_of({**document, "unmatched": "delete"}).given(unwanted).starts_nothing().is_deleted()
    routes_of({**document, "unmatched": "leave"}).given(unwanted).stays(because="Unmatched")
    dead = routes_of(document).given(unwanted)
    dead.is_dead_lettered()

    assert told(dead.is_deleted).startswith("the message is not deleted.")
    assert told(dead.stays).startswith("the message does not stay in the queue.")
    assert told(given().is_dead_lettered).startswith("the message does not go to the dead-letter queue.")
    assert told(lambda: dead.is_dead_lettered(because="RouteError")).startswith(
        "the message is rejected, but not because of 'RouteError'."
    )


@pytest.mark.parametrize("wrap", [lambda m: m, lambda m: {"Messages": [m]}], ids=["one", "as the CLI prints"])
def test_a_whole_message_is_an_event_too(wrap: Callable[[Any], Any]) -> None:
    message = sample_message("s3:ObjectCreated:Put", bucket="partner-a", key=KEY, via="compressed")

    routes_of([ROUTE]).given(wrap(message)).starts("load_orders")


def test_messages_are_given_one_by_one() -> None:
    with pytest.raises(ValueError, match="takes one message, and these are 2"):
        routes_of([ROUTE]).given({"Messages": [sample_message("json"), sample_message("json")]})


def test_a_text_is_a_body_to_the_letter() -> None:
    routes = routes_of([{**ROUTE, "event_pattern": {"source": ["partner-events"]}, "conf": None}])

    routes.given('{"order": 7}').starts("load_orders")
    routes.given("rubbish").is_dead_lettered(because="the body is not JSON")


def test_it_is_what_the_dispatcher_would_do() -> None:
    """The kit asks the function that `hybrid explain` asks."""
    routes = routes_of([ROUTE])
    message = sample_message("s3:ObjectCreated:Put", bucket="partner-a", key=KEY)

    explained = routes._config.explain(Message.from_sqs(message, "partner-events"))

    assert routes.given(message).launches == explained.delivery.launches


def folder(tmp_path: Path) -> Path:
    document = {"queue_url": "https://sqs/1/events", "include": ["team_a"]}
    (tmp_path / "hybrid_dispatcher.json").write_text(json.dumps(document))
    (tmp_path / "team_a.json").write_text(json.dumps([ROUTE]))
    return tmp_path / "hybrid_dispatcher.json"


def starts(routes: Routes) -> None:
    routes.given(sample_event("s3:ObjectCreated:Put", bucket="partner-a", key=KEY)).starts("load_orders")


def test_included_variables_are_files_beside_the_configuration(tmp_path: Path) -> None:
    starts(routes_of(folder(tmp_path)))
    starts(routes_of(str(folder(tmp_path))))
    starts(routes_of(tmp_path / "team_a.json"))


def test_included_variables_may_be_elsewhere(tmp_path: Path) -> None:
    file = folder(tmp_path)
    (tmp_path / "team_a.json").rename(tmp_path.parent / "team_a.json")

    starts(routes_of(file, include=tmp_path.parent))
    starts(routes_of(json.loads(file.read_text()), include={"team_a": [ROUTE]}))
    starts(routes_of(file, include={"team_a": json.dumps([ROUTE])}))
    with pytest.raises(ConfigError, match="'include' of routes_of has no 'team_a'; add it"):
        routes_of(file, include={"team_b": [ROUTE]})


@pytest.mark.parametrize("delivery", make_world().deliveries, ids=lambda delivery: str(delivery.uri))
def test_the_demo_s_configuration_starts_each_partner_s_dag(delivery: Any) -> None:
    routes = routes_of(configuration("https://sqs/1/partner-events", None))

    event = sample_event("s3:ObjectCreated:Put", bucket=delivery.bucket, key=delivery.key)

    routes.given(event).starts(delivery.dag_id, conf=delivery.conf).nothing_else()


def test_the_demo_s_configuration_rejects_what_no_route_wants() -> None:
    world = make_world()
    routes = routes_of(configuration("https://sqs/1/partner-events", None))

    event = sample_event("s3:ObjectCreated:Put", bucket=world.unwanted_bucket, key=world.unwanted_key)

    routes.given(event).starts_nothing(because="detail.bucket.name").is_dead_lettered("Unmatched")
    routes.given(world.rubbish).is_dead_lettered("MessageParseError")
