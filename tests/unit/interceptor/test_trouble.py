"""When SQS refuses, throttles or is away, every event is forwarded or reported for redelivery."""

from __future__ import annotations

import json
from os import urandom
from typing import Any

import pytest

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.interceptor.handler import ForwardError
from tests.harness.cases import load
from tests.harness.proxy import Answer, Proxy, Request
from tests.unit.interceptor.batches import (
    FEW,
    SEND,
    SENT,
    directly,
    from_dynamodb,
    from_kinesis,
    from_s3,
    from_sns,
    from_sqs,
    third,
    with_key,
)
from tests.unit.interceptor.invoking import Interceptor, ids, logged, sqs_record

ALL_OR_NOTHING = pytest.mark.parametrize("source", [from_s3, from_sns])
BY_RECORD = pytest.mark.parametrize("source", [from_sqs, from_kinesis, from_dynamodb])
ANY = pytest.mark.parametrize("source", [from_s3, from_sns, from_sqs, from_kinesis, from_dynamodb])


@BY_RECORD
def test_the_records_that_sqs_refuses_are_reported(
    interceptor: Interceptor, proxy: Proxy, source: Any
) -> None:
    batch = source(FEW)
    with proxy.fail_entries(SEND, third, "InternalError", sender_fault=True):
        answer = interceptor.invoke({"Records": batch.records})

    reported = [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]
    lost = [index for index in range(FEW) if index % 10 % 3 == 0]
    assert reported == [batch.items[index] for index in lost]
    assert set(ids(interceptor.received())) == {
        event_id for index, event_id in enumerate(directly(batch.records)) if index not in lost
    }


@ALL_OR_NOTHING
def test_an_error_reports_what_sqs_refuses_of_a_source_without_partial_responses(
    interceptor: Interceptor, proxy: Proxy, source: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    batch = source(FEW)
    with (
        proxy.fail_entries(SEND, third, "InternalError", sender_fault=True),
        pytest.raises(ForwardError, match="10 event"),
    ):
        interceptor.invoke({"Records": batch.records})

    lines = logged(capsys)
    refused = {event_id for line in lines if line["level"] == "ERROR" for event_id in line["event_ids"]}
    assert {line.get("code") for line in lines} == {None, "InternalError"}
    assert set(ids(interceptor.received())) | refused == set(directly(batch.records))


@ANY
def test_what_sqs_cannot_take_just_then_is_sent_again(
    interceptor: Interceptor, proxy: Proxy, source: Any
) -> None:
    batch = source(FEW)
    seen: list[str] = []

    def at_first(entry: dict[str, Any]) -> bool:
        seen.append(entry["MessageBody"])
        return third(entry) and seen.count(entry["MessageBody"]) == 1

    with proxy.fail_entries(SEND, at_first, "InternalError", sender_fault=False):
        assert interceptor.invoke({"Records": batch.records}) == {"batchItemFailures": []}

    assert set(ids(interceptor.received())) == set(directly(batch.records))


@ANY
def test_a_throttled_call_is_made_again(interceptor: Interceptor, proxy: Proxy, source: Any) -> None:
    batch = source(FEW)
    throttled = Answer.of_json({"__type": "com.amazonaws.sqs#RequestThrottled", "message": "later"}, 400)

    def at_first(request: Request, forward: Any) -> Answer:
        return throttled if proxy.struck[SEND] == 1 else forward(request)

    with proxy.fault(SEND, at_first):
        assert interceptor.invoke({"Records": batch.records}) == {"batchItemFailures": []}

    assert set(ids(interceptor.received())) == set(directly(batch.records))


@pytest.mark.parametrize("code", ["RequestThrottled", "QueueDoesNotExist"])
def test_a_call_that_is_refused_for_good_is_reported(
    interceptor: Interceptor, proxy: Proxy, code: str
) -> None:
    batch = from_sqs(2)
    with proxy.fail(SEND, code, 400):
        answer = interceptor.invoke({"Records": batch.records})

    assert [failure["itemIdentifier"] for failure in answer["batchItemFailures"]] == batch.items


def test_an_error_reports_a_call_that_is_refused_for_good(interceptor: Interceptor, proxy: Proxy) -> None:
    with proxy.fail(SEND, "QueueDoesNotExist", 400), pytest.raises(ForwardError):
        interceptor.invoke({"order": 7})


def test_when_sqs_is_away_all_is_reported(interceptor: Interceptor, proxy: Proxy) -> None:
    batch = from_kinesis(2)
    with proxy.away():
        answer = interceptor.invoke({"Records": batch.records})

        assert [failure["itemIdentifier"] for failure in answer["batchItemFailures"]] == batch.items
        with pytest.raises(ForwardError):
            interceptor.invoke(json.loads(load("eventbridge_s3").body))


def test_what_is_too_large_for_sqs_is_reported_alone(interceptor: Interceptor) -> None:
    records = from_sqs(3).records
    records[1]["body"] = json.dumps({"order": urandom(1_100_000).hex()})

    answer = interceptor.invoke({"Records": records})

    assert answer == {"batchItemFailures": [{"itemIdentifier": "m-1"}]}
    assert set(ids(interceptor.received())) == {"m-0", "m-2"}


def test_one_record_with_several_events_is_reported_once(interceptor: Interceptor, proxy: Proxy) -> None:
    body = json.dumps({"Records": from_s3(12).records})
    with proxy.fail_entries(SEND, third, "InternalError", sender_fault=True):
        answer = interceptor.invoke({"Records": [sqs_record(Message("m-1", body, SENT))]})

    assert answer == {"batchItemFailures": [{"itemIdentifier": "m-1"}]}


def test_nothing_of_an_event_is_logged(
    interceptor: Interceptor,
    proxy: Proxy,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    records = [with_key(record, "m4rk3r") for record in from_s3(1).records]
    records += [
        sqs_record(Message("m-1", "m4rk3r", SENT)),
        sqs_record(Message("m-2", '{"a": "m4rk3r"}', SENT)),
    ]
    with proxy.fail(SEND, "m4rk", 400), pytest.raises(ForwardError) as caught:
        interceptor.invoke({"Records": records})
    monkeypatch.setenv("EVENT_PATTERN", '{"source": ["nobody"]}')
    interceptor.invoke({"Records": records})

    told = capsys.readouterr()
    assert "m-2" in told.out
    assert "m4rk3r" not in told.out + told.err + str(caught.value)
