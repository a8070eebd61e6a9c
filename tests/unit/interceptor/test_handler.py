"""What the interceptor does beside forwarding: FIFO queues, the filter, X-Ray, and what it is made of."""

from __future__ import annotations

import ast
import json
import re
import sys
from typing import Any

import pytest

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.interceptor import send
from airflow_provider_hybrid.interceptor.pattern import matches, read_pattern
from airflow_provider_hybrid.interceptor.source import code
from airflow_provider_hybrid.patterns.pattern import EventPattern
from tests.harness.cases import load
from tests.harness.pattern_cases import DOES_NOT_MATCH, MATCHES
from tests.harness.proxy import Answer, Proxy, Request
from tests.unit.interceptor.batches import SEND, from_s3, from_sqs
from tests.unit.interceptor.invoking import Interceptor, sqs_record

TRACE = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"
NOT_KNOWN = re.compile(r'wildcard|cidr|ignore-case|numeric|exactly|\$or|[a-z]\.[a-z]|fix": \["a", "b"')


def keys(messages: list[Message]) -> list[str]:
    return [json.loads(message.body)["detail"]["object"]["key"] for message in messages]


def test_fifo_one_group_per_object_one_deduplication_id_per_event(fifo: Interceptor) -> None:
    records = from_s3(2).records
    other = json.loads(load("aws_s3_2_1_red_flower").body)["Records"][0]

    fifo.invoke({"Records": [*records, other, records[0]]})
    fifo.invoke({"Records": [records[1]]})

    messages = fifo.received()
    assert keys(messages) == ["orders/0", "orders/1", "red flower.jpg"]
    assert len({message.group_id for message in messages}) == 3
    for message in messages:
        assert message.attributes["MessageDeduplicationId"] == json.loads(message.body)["id"]


def test_fifo_an_event_without_the_field_is_a_group_of_its_own(fifo: Interceptor) -> None:
    fifo.invoke({"Records": from_sqs(2).records})
    fifo.invoke({"id": "not fit for SQS " * 20, "source": "s", "detail-type": "t", "detail": {"object": 7}})

    messages = fifo.received()
    assert len({message.group_id for message in messages}) == 3
    assert {len(message.attributes["MessageDeduplicationId"]) for message in messages} == {3, 32}


def test_fifo_what_cannot_be_sent_holds_back_its_group_and_no_other(
    fifo: Interceptor, endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = Proxy(endpoint)
    proxy.start()
    monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.endpoint_url)
    send.sqs.cache_clear()
    upload = from_s3(1).records[0]
    bodies = [
        {**upload, "s3": {**upload["s3"], "object": {"key": key, "sequencer": f"{number}"}}}
        for number, key in enumerate(["a", "b", "a", "b", "a"])
    ]
    records = [
        sqs_record(Message(f"m-{number}", json.dumps({"Records": [body]}), {"SentTimestamp": "1"}))
        for number, body in enumerate(bodies)
    ]

    def second_of_a(entry: dict[str, Any]) -> bool:
        return json.loads(entry["MessageBody"])["detail"]["object"] == {"key": "a", "sequencer": "2"}

    with proxy.fail_entries(SEND, second_of_a, "InternalError", sender_fault=False):
        answer = fifo.invoke({"Records": records})
    again = fifo.invoke({"Records": [records[2], records[4]]})
    send.sqs.cache_clear()
    proxy.stop()

    assert [failure["itemIdentifier"] for failure in answer["batchItemFailures"]] == ["m-2", "m-4"]
    assert again == {"batchItemFailures": []}
    objects = [json.loads(message.body)["detail"]["object"] for message in fifo.received()]
    assert [thing["sequencer"] for thing in objects if thing["key"] == "a"] == ["0", "2", "4"]
    assert [thing["sequencer"] for thing in objects if thing["key"] == "b"] == ["1", "3"]


def test_batches_hold_ten_messages_and_a_mebibyte(interceptor: Interceptor, proxy: Proxy) -> None:
    interceptor.invoke({"Records": from_s3(25).records})
    assert proxy.requests[SEND] == 3

    large = from_sqs(10).records
    for record in large:
        record["body"] = json.dumps({"order": "x" * 300_000})
    interceptor.invoke({"Records": large})
    assert proxy.requests[SEND] == 3 + 4
    assert len(interceptor.received()) == 35


def test_the_trace_header_goes_along(
    interceptor: Interceptor, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("_X_AMZN_TRACE_ID", TRACE)
    another = TRACE.replace("1-5759", "1-6759")
    of_its_own = sqs_record(Message("m-1", "{}", {"SentTimestamp": "1", "AWSTraceHeader": another}))
    traces = []

    def look(request: Request, forward: Any) -> Answer:
        (entry,) = json.loads(request.body)["Entries"]
        traces.append(entry["MessageSystemAttributes"]["AWSTraceHeader"]["StringValue"])
        return forward(request)

    with proxy.fault(SEND, look):
        interceptor.invoke({"Records": [of_its_own]})
        interceptor.invoke(json.loads(load("aws_s3_2_5_put").body))

    assert traces == [another, TRACE]


def test_only_what_the_pattern_wants_is_forwarded(
    interceptor: Interceptor, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wanted = {"key": [{"prefix": "orders/"}], "size": [{"exists": True}]}
    monkeypatch.setenv("EVENT_PATTERN", json.dumps({"source": ["aws.s3"], "detail": {"object": wanted}}))
    upload = from_s3(1).records[0]
    other = json.loads(load("aws_s3_2_1_red_flower").body)["Records"][0]
    no_envelope = sqs_record(Message("m-1", "no JSON", {"SentTimestamp": "1"}))

    interceptor.invoke({"Records": [upload, other]})
    interceptor.invoke({"Records": [no_envelope]})

    bodies = [json.loads(message.body) for message in interceptor.received()]
    assert [body.get("detail", {}).get("object", {}).get("key") for body in bodies] == ["orders/0", None]
    assert "not wanted" in capsys.readouterr().out


@pytest.mark.parametrize("condition", [{"cidr": "10.0.0.0/8"}, {"wildcard": "*"}, {"prefix": 7}, [1]])
def test_a_pattern_beyond_what_it_knows_drops_nothing(
    interceptor: Interceptor, monkeypatch: pytest.MonkeyPatch, condition: Any
) -> None:
    monkeypatch.setenv("EVENT_PATTERN", json.dumps({"detail": {"object": {"key": [condition]}}}))

    with pytest.raises(ValueError, match="EVENT_PATTERN"):
        interceptor.invoke(json.loads(load("aws_s3_2_5_put").body))


@pytest.mark.parametrize("pattern", ['{"$or": [{"source": ["a"]}]}', '{"source": "aws.s3"}', '["a"]'])
def test_what_is_no_pattern_drops_nothing(
    interceptor: Interceptor, monkeypatch: pytest.MonkeyPatch, pattern: str
) -> None:
    monkeypatch.setenv("EVENT_PATTERN", pattern)

    with pytest.raises(ValueError, match="EVENT_PATTERN"):
        interceptor.invoke(json.loads(load("aws_s3_2_5_put").body))


@pytest.mark.parametrize(
    ("pattern", "event"),
    [pytest.param(pattern, event, id=name) for name, pattern, event in [*MATCHES, *DOES_NOT_MATCH]],
)
def test_the_filter_says_what_a_route_would_say(pattern: Any, event: Any) -> None:
    text = json.dumps(pattern)
    if NOT_KNOWN.search(text):
        with pytest.raises(ValueError, match="leave it to a route"):
            read_pattern(text)
    else:
        assert matches(read_pattern(text), event) == EventPattern(pattern).matches(event)


def test_it_is_one_file_of_pythons_library_and_boto3() -> None:
    imported = {
        (node.module or "").split(".")[0] if isinstance(node, ast.ImportFrom) else name.name.split(".")[0]
        for node in ast.walk(ast.parse(code()))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in node.names
    }

    assert imported - sys.stdlib_module_names == {"boto3", "botocore"}


def test_no_module_takes_a_name_of_another_in_that_file() -> None:
    names = [
        node.name if isinstance(node, ast.FunctionDef | ast.ClassDef) else ast.unparse(node.targets[0])
        for node in ast.parse(code()).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Assign)
    ]

    assert len(names) > 20
    assert sorted(names) == sorted(set(names))
