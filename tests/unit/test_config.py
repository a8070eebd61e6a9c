"""The dispatcher's Variable: what it may say, and what an error says of what it may not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from airflow_provider_hybrid.config import load_config, parse_config
from airflow_provider_hybrid.exceptions import ConfigError

ROUTE: dict[str, Any] = {
    "name": "partner_a",
    "event_pattern": {"source": ["aws.s3"], "detail": {"object": {"key": [{"prefix": "orders/"}]}}},
    "trigger_dag_id": "partner_a",
    "conf": {"key": "{{ event.detail.object.key }}"},
}
DOCUMENT: dict[str, Any] = {
    "queue_url": "https://sqs.eu-west-1.amazonaws.com/123456789012/partner-events",
    "routes": [ROUTE],
}


def test_queue_and_routes_are_enough() -> None:
    config = parse_config(json.dumps(DOCUMENT))

    assert (config.aws_conn_id, config.dead_letter_queue_url, config.unmatched) == (
        "aws_default",
        None,
        "dead_letter",
    )
    assert [route.name for route in config.compiled_routes] == ["partner_a"]


def with_route(**changes: Any) -> dict[str, Any]:
    return {**DOCUMENT, "routes": [ROUTE, {**ROUTE, "name": "second", **changes}]}


@pytest.mark.parametrize(
    ("document", "error"),
    [
        ({**DOCUMENT, "queue": "x"}, "queue: unknown key, did you mean 'queue_url'?"),
        ({**DOCUMENT, "zzz": "hunter2"}, "zzz: unknown key; known here are queue_url, "),
        (with_route(pattern={}), "routes[1].pattern: unknown key, did you mean 'event_pattern'?"),
        ({"routes": [ROUTE]}, "queue_url: is missing; add it"),
        ({**DOCUMENT, "routes": []}, "routes: List should have at least 1 item"),
        ({**DOCUMENT, "unmatched": "drop"}, "unmatched: Input should be 'dead_letter', 'delete' or 'leave'"),
        ({**DOCUMENT, "unmatched": "drop"}, 'value found: "drop"'),
        ({**DOCUMENT, "queue_url": "partner-events"}, 'value found: "partner-events"'),
        ({**DOCUMENT, "max_messages": "many"}, "max_messages: Input should be a valid integer"),
        ({**DOCUMENT, "max_queued_runs": 1}, "max_queued_runs: Input should be greater than or equal to 2"),
        (
            {**DOCUMENT, "wait_time_seconds": 60},
            "wait_time_seconds: Input should be less than or equal to 20",
        ),
        (with_route(name="partner_a"), "routes[1].name: 'partner_a' is also the name of routes[0]"),
        (with_route(name="a/b"), "routes[1].name: String should match pattern"),
        (
            with_route(event_pattern={"detail": {"size": "5"}}),
            'routes[1].event_pattern.detail.size: expected an object or a list of values, found "5"; '
            'value found: "5"',
        ),
        (
            with_route(event_pattern={"source": ["a", {"prefx": "b"}]}),
            "routes[1].event_pattern.source[1].prefx: unknown operator",
        ),
        (with_route(conf={"key": "{{ event. }}"}), "routes[1].conf: not a Jinja template"),
        (with_route(note="{{"), "routes[1].note: not a Jinja template"),
        (with_route(trigger_dag_id="{% if %}"), "routes[1].trigger_dag_id: not a Jinja template"),
        (with_route(trigger_dag_id="a b"), "routes[1].trigger_dag_id: is no DAG id"),
        (
            with_route(batch={"max_events": 0}),
            "routes[1].batch.max_events: Input should be greater than or equal",
        ),
        (
            with_route(batch={"max_event": 1}),
            "routes[1].batch.max_event: unknown key, did you mean 'max_events'?",
        ),
        ([], "Input should be a valid dictionary"),
    ],
)
def test_an_error_names_path_value_and_fix(document: Any, error: str) -> None:
    with pytest.raises(ConfigError) as raised:
        parse_config(json.dumps(document))

    assert error in str(raised.value)


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(ConfigError, match=r"'hybrid_dispatcher' has 2 fault\(s\)"):
        parse_config(json.dumps({"routes": [], "unmatched": "delete"}))


def test_an_unknown_keys_value_is_not_shown() -> None:
    with pytest.raises(ConfigError) as raised:
        parse_config(json.dumps({**DOCUMENT, "password": "hunter2"}))

    assert "hunter2" not in str(raised.value)


def test_what_is_not_json_is_told_with_the_place() -> None:
    with pytest.raises(ConfigError, match="line 1 column 2"):
        parse_config("{rubbish")


def test_the_variable_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW_VAR_SECOND_DISPATCHER", json.dumps(DOCUMENT))

    assert load_config("second_dispatcher").queue_url == DOCUMENT["queue_url"]


def test_a_route_that_is_not_enabled_wants_nothing() -> None:
    config = parse_config(json.dumps(with_route(enabled=False)))

    assert [route.name for route in config.compiled_routes] == ["partner_a"]


def test_a_route_has_all_that_its_configuration_says() -> None:
    config = parse_config(json.dumps(with_route(batch={"max_events": 9}, event_id="x", note="y")))

    assert config.compiled_routes[1].max_events == 9


def test_comments_are_for_people() -> None:
    config = parse_config(json.dumps({"//": ["two", "lines"], **with_route(**{"//": "one"})}))

    assert len(config.compiled_routes) == 2
