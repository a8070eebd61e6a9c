"""Typical mistakes, made on purpose: the kit's error says what to do about each."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from airflow_provider_hybrid.exceptions import HybridError
from airflow_provider_hybrid.testing import routes_of, sample_event

ROUTE: dict[str, Any] = {
    "name": "partner_a",
    "event_pattern": {
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": {
            "bucket": {"name": ["partner-a"]},
            "object": {"key": [{"prefix": "orders/"}], "size": [{"numeric": [">", 0]}]},
        },
    },
    "trigger_dag_id": "load_a",
    "conf": {"key": "{{ event.detail.object.key }}", "day": "{{ event.detail.object.key.split('/')[1] }}"},
}
AGE = {"detail": {"age": [7]}}
KEY = "orders/2026-11-22/a b.csv"
CONF = {"key": KEY, "day": "2026-11-22"}


def attempt(
    change: Callable[[dict[str, Any]], object] = dict.copy,
    event: Any = None,
    dag_id: str = "load_a",
    **expected: Any,
) -> None:
    """Expect the run of the route, after something has gone wrong."""
    route = deepcopy(ROUTE)
    change(route)
    event = event or sample_event("s3:ObjectCreated:Put", bucket="partner-a", key=KEY)
    routes_of([route]).given(event).starts(dag_id, **expected)


def detail(**fields: Any) -> Callable[[dict[str, Any]], object]:
    return lambda route: route["event_pattern"]["detail"]["object"].update(fields)


def pattern(**fields: Any) -> Callable[[dict[str, Any]], object]:
    named = {name.replace("_", "-"): value for name, value in fields.items()}
    return lambda route: route["event_pattern"].update(named)


def upload(**facts: Any) -> Any:
    return sample_event("s3:ObjectCreated:Put", **{"bucket": "partner-a", "key": KEY, **facts})


def test_without_a_mistake_it_starts() -> None:
    attempt(conf=CONF)


MISTAKES: dict[str, tuple[Callable[[], object], str]] = {
    "another bucket": (
        lambda: attempt(event=upload(bucket="partner-b")),
        "the pattern has 'partner-a' and the event 'partner-b' as 'detail.bucket.name': mend the one that is "
        "wrong, or add 'partner-b' to the list",
    ),
    "a key in the sample that is URL-encoded": (
        lambda: attempt(event=upload(key="orders%2F2026-11-22%2Fa+b.csv")),
        "'detail.object.key' is still URL-encoded. sample_event encodes a key as S3 does: give it the key as "
        "it is in the bucket, 'orders/2026-11-22/a b.csv'",
    ),
    "a key in the pattern that is URL-encoded": (
        lambda: attempt(detail(key=["orders/2026-11-22/a+b.csv"])),
        "the pattern's 'detail.object.key' is URL-encoded, and routes see it decoded: write it as it is in "
        "the bucket, 'orders/2026-11-22/a b.csv'",
    ),
    "the name of a notification as detail-type": (
        lambda: attempt(pattern(detail_type=["s3:ObjectCreated:Put"])),
        "'s3:ObjectCreated:Put' is the name of a notification; routes see the detail-type: write 'Object "
        "Created'",
    ),
    "a detail-type that is misspelt": (
        lambda: attempt(pattern(detail_type=["Object Create"])),
        "the pattern has 'Object Create' and the event 'Object Created' as 'detail-type': mend the one that "
        "is wrong",
    ),
    "another kind of event": (
        lambda: attempt(event=sample_event("s3:LifecycleTransition", bucket="partner-a", key=KEY)),
        "if the route is to want this event, let 'detail-type' in its 'event_pattern' allow 'Object Storage "
        "Class Changed'; if not, take an event that it is to want",
    ),
    "a number in the pattern as a text": (
        lambda: attempt(detail(size=["1024"])),
        "'detail.object.size' is a number, and a text never equals a number: write it without "
        "quotation marks",
    ),
    "a number for 'numeric' as a text": (
        lambda: attempt(detail(size=[{"numeric": [">", "0"]}])),
        "routes[0].event_pattern.detail.object.size",
    ),
    "a slash before the prefix": (
        lambda: attempt(detail(key=[{"prefix": "/orders/"}])),
        "'detail.object.key' begins without a slash: write 'orders/'",
    ),
    "upper and lower case": (
        lambda: attempt(detail(key=[{"suffix": ".CSV"}])),
        "upper and lower case differ in 'detail.object.key'",
    ),
    "a field in the pattern that the event does not have": (
        lambda: attempt(detail(sise=[1024])),
        "the event has in 'detail.object': 'key', 'size', 'etag', 'sequencer'. Did you mean 'size'?",
    ),
    "a field in a template that the event does not have": (
        lambda: attempt(lambda route: route["conf"].update(key="{{ event.detail.objekt.key }}")),
        "it has no 'detail.objekt'; the event has in 'detail': 'version', 'bucket', 'object', ",
    ),
    "a template that the event's value does not fit": (
        lambda: attempt(
            lambda route: route["conf"].update(day="{{ event.detail.object.key.split('/')[3] }}")
        ),
        "field 'conf.day', event",
    ),
    "an alternative that is not met": (
        lambda: attempt(
            lambda route: route["event_pattern"].update({"$or": [{"account": ["1"]}, {"id": ["1"]}]})
        ),
        "none of the alternatives in '$or' holds; mend one, or take another event",
    ),
    "a field below one that is no object": (
        lambda: attempt(detail(key={"name": ["a"]})),
        "the event has no object at 'detail.object.key'",
    ),
    "a text in the event for a number in the pattern": (
        lambda: attempt(
            lambda route: route.update(event_pattern=AGE), sample_event("json", data={"age": "7"})
        ),
        "'detail.age' is a text, and a number never equals a text: write it in quotation marks",
    ),
    "a text in the event for 'numeric'": (
        lambda: attempt(
            lambda route: route.update(event_pattern={"detail": {"age": [{"numeric": [">", 0]}]}}),
            sample_event("json", data={"age": "7"}),
        ),
        "'detail.age' is a text, and 'numeric' compares numbers: let the sender write it as a number",
    ),
    "conditions that no single element of an array meets": (
        lambda: attempt(
            lambda route: route.update(event_pattern={"detail": {"parts": {"a": [1], "b": [1]}}}),
            sample_event("json", data={"parts": [{"a": 1, "b": 2}, {"a": 2, "b": 1}]}),
        ),
        "look at the conditions on the elements of arrays: one element must meet all of them",
    ),
    "a path as one key with dots": (
        lambda: attempt(lambda route: route.update(event_pattern={"detail.bucket.name": ["partner-b"]})),
        "the pattern has 'partner-b' and the event 'partner-a' as 'detail.bucket.name'",
    ),
    "a route that is switched off, and wants another event": (
        lambda: attempt(lambda route: route.update(enabled=False), upload(bucket="partner-b")),
        "route 'partner_a': is switched off; also detail.bucket.name: wants ['partner-a'], found 'partner-b'",
    ),
    "another conf": (
        lambda: attempt(conf={**CONF, "day": "2026-11-23"}),
        "  conf.day: expected '2026-11-23', found '2026-11-22'\n  to do: mend the route 'partner_a'",
    ),
    "a route that is switched off": (
        lambda: attempt(lambda route: route.update(enabled=False)),
        "route 'partner_a': is switched off ('enabled' is false)\n      to do: take \"enabled\": false off "
        "the route",
    ),
    "an event of another source": (
        lambda: attempt(event=sample_event("eventbridge", source="com.example.shop")),
        "the event comes from 'com.example.shop'. Take an event of the sender that the route means, or add "
        "'com.example.shop' to 'source'",
    ),
    "the detail of an event alone": (
        lambda: attempt(event=upload(via="eventbridge")["detail"]),
        "The body names no source, so all of it is the detail of an event from the queue 'partner-events'.",
    ),
    "the DAG's name misspelt": (
        lambda: attempt(dag_id="load_aa"),
        "no route starts a DAG 'load_aa'; did you mean 'load_a'?",
    ),
    "the route's name in the place of the DAG's": (
        lambda: attempt(dag_id="partner_a"),
        "'partner_a' is the name of a route; the DAG that it starts is 'load_a': expect that one",
    ),
    "the route's name misspelt": (
        lambda: attempt(route="partner_b"),
        "there is no route 'partner_b'; did you mean 'partner_a'?",
    ),
    "a message that is no event": (
        lambda: attempt(event="rubbish"),
        "MessageParseError: the body is not JSON",
    ),
    "a key of a route misspelt": (
        lambda: attempt(lambda route: route.update(pattern={})),
        "routes[0].pattern: unknown key, did you mean 'event_pattern'?",
    ),
}


@pytest.mark.parametrize(("make", "advice"), MISTAKES.values(), ids=MISTAKES)
def test_the_error_says_what_to_do(make: Callable[[], object], advice: str) -> None:
    with pytest.raises((AssertionError, HybridError)) as raised:
        make()

    assert advice in str(raised.value)


def test_a_file_that_is_not_json_is_named(tmp_path: Path) -> None:
    file = tmp_path / "hybrid_dispatcher.json"
    file.write_text('{"queue_url": ')

    with pytest.raises(HybridError, match=r"hybrid_dispatcher.json' has 1 fault.*\n- it is not JSON: .*Mend"):
        routes_of(file)


def test_one_broken_route_is_a_fault_though_the_others_would_go_on() -> None:
    with pytest.raises(
        HybridError, match=r"'configuration' has 1 fault\(s\):\n- routes\[1\].confs: unknown key"
    ):
        routes_of([ROUTE, {**ROUTE, "name": "b", "confs": {}}])


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(None, "No such file or directory; a relative path begins in "), (b"\xff", "is not UTF-8; save it as")],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None, sentence: str) -> None:
    file = tmp_path / "hybrid_dispatcher.json"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(HybridError) as raised:
        routes_of(file)

    assert str(file) in str(raised.value)
    assert sentence in str(raised.value)
