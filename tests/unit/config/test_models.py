"""The dispatcher's Variable: what it may say, and what an error says of what it may not."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from airflow.sdk.execution_time import supervisor
from airflow.secrets.local_filesystem import LocalFilesystemBackend

from airflow_provider_hybrid.config.models import DispatcherConfig
from airflow_provider_hybrid.config.read import find_faults, load_config, parse_config
from airflow_provider_hybrid.config.variable import included_text
from airflow_provider_hybrid.exceptions import ConfigError
from tests.harness.supervising import supervise
from tests.harness.supervisor import Supervisor

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


def faults_of(document: Any) -> tuple[str, ...]:
    found = find_faults(json.dumps(document), lambda name: included_text(None, name))
    return tuple(map(str, found.broken.faults if isinstance(found, DispatcherConfig) else found))


def with_route(**changes: Any) -> dict[str, Any]:
    return {**DOCUMENT, "routes": [ROUTE, {**ROUTE, "name": "second", **changes}]}


@pytest.mark.parametrize(
    ("document", "error"),
    [
        ({**DOCUMENT, "queue": "x"}, "queue: unknown key, did you mean 'queue_url'?"),
        ({**DOCUMENT, "zzz": "hunter2"}, "zzz: unknown key; known here are queue_url, "),
        (with_route(pattern={}), "routes[1].pattern: unknown key, did you mean 'event_pattern'?"),
        ({"routes": [ROUTE]}, "queue_url: is missing; add it"),
        ({**DOCUMENT, "routes": []}, "routes: is missing or empty; add a route, or name Variables"),
        ({"queue_url": DOCUMENT["queue_url"]}, "routes: is missing or empty; add a route"),
        ({**DOCUMENT, "routes": {}}, "routes: is no list; write one, in square brackets; value found: {}"),
        (
            {**DOCUMENT, "include": "team_a"},
            'include: is no list; write one, in square brackets; value found: "team_a"',
        ),
        (
            {**DOCUMENT, "unmatched": "drop"},
            "unmatched: is none of the words that may stand here; write 'dead_letter', 'delete' or 'leave'",
        ),
        ({**DOCUMENT, "unmatched": "drop"}, 'value found: "drop"'),
        ({**DOCUMENT, "queue_url": "partner-events"}, 'value found: "partner-events"'),
        ({**DOCUMENT, "max_messages": "many"}, "max_messages: is no whole number; write one without quotes"),
        (
            {**DOCUMENT, "max_queued_runs": 0},
            "max_queued_runs: is too small; write 1 or more; value found: 0",
        ),
        (
            {**DOCUMENT, "max_queued_runs_total": 1},
            "max_queued_runs_total: is too small; write 2 or more",
        ),
        (with_route(max_queued_runs=0), "routes[1].max_queued_runs: is too small; write 1 or more"),
        (
            {**DOCUMENT, "wait_time_seconds": 60},
            "wait_time_seconds: is too large; write 20 or less",
        ),
        (with_route(name="partner_a"), "routes[1].name: 'partner_a' is also the name of routes[0]"),
        (with_route(name="a/b"), "routes[1].name: is no name; write up to 100 letters, digits"),
        (
            with_route(event_pattern={"detail": {"size": "5"}}),
            'routes[1].event_pattern.detail.size: expected an object or a list of values, found "5"',
        ),
        (
            with_route(event_pattern={"source": ["a", {"prefx": "b"}]}),
            "routes[1].event_pattern.source[1].prefx: unknown operator, did you mean 'prefix'?",
        ),
        (with_route(conf={"key": "{{ event. }}"}), "routes[1].conf: not a Jinja template"),
        (with_route(note="{{"), "routes[1].note: not a Jinja template"),
        (with_route(trigger_dag_id="{% if %}"), "routes[1].trigger_dag_id: not a Jinja template"),
        (with_route(trigger_dag_id="a b"), "routes[1].trigger_dag_id: is no DAG id"),
        (
            with_route(batch={"max_events": 0}),
            "routes[1].batch.max_events: is too small; write 1 or more",
        ),
        (
            with_route(batch={"max_event": 1}),
            "routes[1].batch.max_event: unknown key, did you mean 'max_events'?",
        ),
        (
            with_route(batch={"max_events": 5, "window_seconds": 7}),
            "batch.window_seconds: is no multiple of 5; write one, as 60",
        ),
        (with_route(batch={"max_events": 5, "window_seconds": 40_000}), "is too large; write 39600 or less"),
        (
            with_route(batch={"max_events": 5, "key": "a"}),
            "routes[1].batch: has a 'key' and no 'window_seconds'; add it",
        ),
        (
            with_route(batch={"max_events": 5, "window_seconds": 5, "key": "{{"}),
            "routes[1].batch.key: not a Jinja template",
        ),
        (with_route(delay_seconds=-1), "routes[1].delay_seconds: is too small; write 0 or more"),
        (with_route(delay_seconds=1_200_000), "routes[1].delay_seconds: is too large; write 1123200 or less"),
        (with_route(max_runs_per_minute=0), "routes[1].max_runs_per_minute: is too small; write 1 or more"),
        *(
            (
                {**with_route(**waits), "queue_url": f"{DOCUMENT['queue_url']}.fifo"},
                "routes[1]: 'delay_seconds', 'window_seconds' and 'max_runs_per_minute' cannot be used with "
                "a FIFO queue: a message that waits holds back all behind it",
            )
            for waits in (
                {"delay_seconds": 1},
                {"max_runs_per_minute": 1},
                {"batch": {"max_events": 5, "window_seconds": 5}},
            )
        ),
        ([], "the document is no object; write one, in curly braces; value found: []"),
        (
            {**DOCUMENT, "region_name": " eu-west-1"},
            "region_name: is no AWS region; write it as in 'eu-west-1'",
        ),
        (
            {**DOCUMENT, "dead_letter_queue_url": DOCUMENT["queue_url"]},
            "dead_letter_queue_url: is the queue itself",
        ),
    ],
)
def test_an_error_names_path_value_and_fix(document: Any, error: str) -> None:
    assert error in "\n".join(faults_of(document))


RIGHT = "https://sqs.eu-west-1.amazonaws.com/123456789012/orders"


@pytest.mark.parametrize("key", ["queue_url", "dead_letter_queue_url"])
@pytest.mark.parametrize(
    ("written", "right"),
    [
        (f" {RIGHT}", RIGHT),
        (f"{RIGHT}\n", RIGHT),
        (f"\u00a0{RIGHT}\u200b", RIGHT),
        (f'"{RIGHT}"', RIGHT),
        (RIGHT.removeprefix("https://"), RIGHT),
        (
            "https://eu-west-1.console.aws.amazon.com/sqs/v3/home?region=eu-west-1#/queues/https%3A%2F%2F"
            "sqs.eu-west-1.amazonaws.com%2F123456789012%2Forders",
            RIGHT,
        ),
        (
            "https://console.aws.amazon.com/sqs/home?region=eu-west-1#queue-browser:selected="
            f"{RIGHT};prefix=",
            RIGHT,
        ),
        ("arn:aws:sqs:eu-west-1:123456789012:orders", RIGHT),
        (
            "arn:aws-cn:sqs:cn-north-1:123456789012:orders.fifo",
            "https://sqs.cn-north-1.amazonaws.com.cn/123456789012/orders.fifo",
        ),
        (
            "arn:aws-us-gov:sqs:us-gov-west-1:123456789012:orders",
            "https://sqs.us-gov-west-1.amazonaws.com/123456789012/orders",
        ),
    ],
)
def test_what_is_no_queue_url_is_told_with_the_right_form(key: str, written: str, right: str) -> None:
    with pytest.raises(ConfigError) as raised:
        parse_config(json.dumps({**DOCUMENT, key: written}))

    (fault,) = str(raised.value).splitlines()[1:]
    assert fault.startswith(f"- {key}: ")
    assert f"write '{right}'" in fault


@pytest.mark.parametrize(
    "written",
    [
        "partner-events",
        "",
        "arn:aws:sns:eu-west-1:123456789012:orders",
        "arn:aws:sqs:nowhere:123456789012:orders",
        "arn:",
        "https://eu-west-1.console.aws.amazon.com/sqs/v3/home?region=eu-west-1#/queues",
        "https://sqs.eu-west-1.amazonaws.com/orders",
        "https://sqs.eu-west-1.amazonaws.com/",
        f"{RIGHT}?Action=SendMessage",
        "https://sqs.<region>.amazonaws.com/123456789012/orders",
        "{{ var.value.queue_url }}",
        "http://[::1/1/q",
        "http://host:99999/1/q",
        "ftp://host/1/q",
    ],
)
def test_where_the_right_form_cannot_be_told_it_is_described(written: str) -> None:
    with pytest.raises(ConfigError, match=r"queue_url: is .*it looks like https://sqs\.<region>"):
        parse_config(json.dumps({**DOCUMENT, "queue_url": written}))


@pytest.mark.parametrize(
    "url",
    [
        RIGHT,
        f"{RIGHT}.fifo",
        f"{RIGHT}/",
        "https://queue.amazonaws.com/123456789012/orders",
        "https://vpce-0a1b.sqs.us-east-1.vpce.amazonaws.com/123456789012/orders",
        "http://127.0.0.1:4566/000000000000/orders",
        "http://[::1]:4566/000000000000/orders",
        "http://localstack_main:4566/queue/eu-west-1/000000000000/orders",
        "http://sqs.eu-west-1.localhost.localstack.cloud:4566/000000000000/orders",
        "https://message-queue.api.cloud.yandex.net/b1g8/dj6/orders",
    ],
)
def test_a_queue_url_is_taken_as_it_is(url: str) -> None:
    assert parse_config(json.dumps({**DOCUMENT, "queue_url": url})).queue_url == url


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('{"routes": [], "routes": [1]}', "routes: stands more than once"),
        ('{"a": {"b": [{"c": 1, "c": 2}]}}', "a.b[0].c: stands more than once"),
        ('{"routes": [{"conf": {"x": 1, "x": 1}}], "routes": []}', "routes[0].conf.x: stands more than once"),
        ('{"queue_url": "x", "unmatched": "leave", "queue_url": "x"}', "queue_url: stands more than once"),
    ],
)
def test_a_key_that_stands_twice_is_a_fault(text: str, fault: str) -> None:
    with pytest.raises(ConfigError) as raised:
        parse_config(text)

    assert f"- {fault} in its object; keep one\n" in str(raised.value)


def test_a_key_that_stands_twice_is_a_fault_where_all_else_is_right() -> None:
    text = json.dumps(DOCUMENT)

    with pytest.raises(ConfigError, match=r"1 fault\(s\):\n- unmatched: stands more than once"):
        parse_config(f'{text[:-1]}, "unmatched": "leave", "unmatched": "leave"}}')


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_a_number_that_json_does_not_know_is_told(number: str) -> None:
    with pytest.raises(ConfigError, match=f"it is not JSON: {number} is not a JSON value"):
        parse_config(f'{{"max_messages": {number}}}')


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


def test_a_byte_order_mark_is_read_over() -> None:
    assert parse_config(f"\ufeff{json.dumps(DOCUMENT)}").queue_url == DOCUMENT["queue_url"]


def hand_over(monkeypatch: pytest.MonkeyPatch, value: Any, folder: Path) -> None:
    """Let Airflow's file backend have a Variable that is no text."""
    file = folder / "variables.yaml"
    file.write_text(yaml.safe_dump({"hybrid_dispatcher": value}))
    backend = LocalFilesystemBackend(variables_file_path=str(file))
    monkeypatch.setattr(supervisor, "ensure_secrets_backend_loaded", lambda: [backend])


def test_a_variable_that_a_secrets_backend_hands_over_as_an_object_is_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    hand_over(monkeypatch, DOCUMENT, tmp_path)

    assert load_config().queue_url == DOCUMENT["queue_url"]


@pytest.mark.usefixtures("supervisor")
def test_an_object_that_json_cannot_write_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    hand_over(monkeypatch, {**DOCUMENT, "since": date(2026, 11, 28)}, tmp_path)

    with pytest.raises(ConfigError, match=r"'hybrid_dispatcher' is a dict that JSON cannot write: .* date"):
        load_config()


def test_a_variable_that_does_not_exist_is_told_with_the_command_that_makes_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    hand_over(monkeypatch, DOCUMENT, tmp_path)
    supervise(monkeypatch, Supervisor())

    with pytest.raises(ConfigError, match=r"'another' does not exist.*`airflow variables set another "):
        load_config("another")


def test_a_route_that_is_not_enabled_wants_nothing() -> None:
    config = parse_config(json.dumps(with_route(enabled=False)))

    assert [route.name for route in config.compiled_routes] == ["partner_a"]


def test_a_route_has_all_that_its_configuration_says() -> None:
    config = parse_config(json.dumps(with_route(batch={"max_events": 9}, event_id="x", note="y")))

    assert config.compiled_routes[1].max_events == 9


def test_comments_are_for_people() -> None:
    config = parse_config(json.dumps({"//": ["two", "lines"], **with_route(**{"//": "one"})}))

    assert len(config.compiled_routes) == 2
