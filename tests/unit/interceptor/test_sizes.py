"""What came in fits on the way out: SQS counts bytes, and each queue has its own bound on them."""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.parse import parse_message
from airflow_provider_hybrid.events.records.wire import COMPRESSED_BODY, NOT_IN_SQS
from tests.harness.proxy import Answer, Proxy, Request
from tests.unit.interceptor.batches import FEW, SEND, SENT, directly, from_kinesis, from_sqs
from tests.unit.interceptor.invoking import Interceptor, events, ids, logged, sns_record, sqs_record, verdict

LIMIT = 256 * 1024
"""Bytes, as Terraform's `aws_sqs_queue` sets it by default."""

LETTERS = random.Random(7)  # noqa: S311  (no secret)


def letters(number: int) -> str:
    """Make text that compresses badly."""
    return "".join(
        LETTERS.choices("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_", k=number)
    )


def bytes_of(entry: dict[str, Any]) -> int:
    """Count as SQS does."""
    size = len(entry["MessageBody"].encode())
    for name, attribute in entry.get("MessageAttributes", {}).items():
        binary = base64.b64decode(attribute.get("BinaryValue", ""))
        size += len(name) + len(attribute["DataType"]) + len(attribute.get("StringValue", "")) + len(binary)
    return size


@contextmanager
def bound_of(proxy: Proxy, limit: int) -> Iterator[None]:
    """Refuse each message of more bytes, as a queue's `MaximumMessageSize` does."""
    with proxy.fail_entries(
        SEND, lambda entry: bytes_of(entry) > limit, "InvalidParameterValue", sender_fault=True
    ):
        yield


def entries_of(request: Request) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = json.loads(request.body)["Entries"]
    return entries


def refusal(code: str, limit: int) -> Answer:
    """Refuse a call as a whole."""
    text = f"Reason: Message must be shorter than {limit} bytes."
    return Answer.of_json({"__type": f"com.amazonaws.sqs#{code}", "message": text}, 400)


@pytest.mark.parametrize("text", ["заказ", "订单", "größe", "注文😀", "order"])
def test_text_leaves_as_long_as_it_came(interceptor: Interceptor, text: str) -> None:
    message = Message("m-1", json.dumps({text: text * 10_000}, ensure_ascii=False), SENT, queue_name="orders")

    interceptor.invoke({"Records": [sqs_record(message)]})

    (forwarded,) = interceptor.received()
    assert parse_message(forwarded) == parse_message(message)
    assert len(forwarded.body.encode()) < len(message.body.encode()) + 200


def test_cyrillic_text_fits_into_a_queue_of_256_kib(interceptor: Interceptor) -> None:
    interceptor.sqs.set_queue_attributes(
        QueueUrl=interceptor.queue_url, Attributes={"MaximumMessageSize": f"{LIMIT}"}
    )
    message = Message("m-1", json.dumps({"текст": "заказ" * 19_000}), SENT, queue_name="orders")

    assert interceptor.invoke({"Records": [sqs_record(message)]}) == {"batchItemFailures": []}

    (forwarded,) = interceptor.received()
    assert COMPRESSED_BODY not in forwarded.message_attributes
    assert parse_message(forwarded) == parse_message(message)


TENANT = {"tenant": {"DataType": "String", "StringValue": "acme"}}


@pytest.mark.parametrize("short_of_it", [0, 1, 60, 100, 300, 600])
@pytest.mark.parametrize("attributes", [{}, TENANT], ids=["bare", "attributes"])
@pytest.mark.parametrize(
    "body",
    [
        lambda size: json.dumps({"order": letters(size - len('{"order": ""}'))}),
        letters,
        lambda size: json.dumps({"rows": ['"'] * 60_000, "rest": ""}).ljust(size)[:size],
    ],
    ids=["json", "text", "quotation marks"],
)
def test_what_fitted_into_its_queue_fits_into_one_of_the_same_size(
    interceptor: Interceptor, proxy: Proxy, body: Any, attributes: Any, short_of_it: int
) -> None:
    size = LIMIT - short_of_it - (len("tenantStringacme") if attributes else 0)
    message = Message("m-1", body(size), SENT, attributes, queue_name="orders")
    assert message.size == LIMIT - short_of_it

    with bound_of(proxy, LIMIT):
        assert interceptor.invoke({"Records": [sqs_record(message)]}) == {"batchItemFailures": []}

    (forwarded,) = interceptor.received()
    assert verdict(forwarded) == verdict(message)


def test_a_notification_of_a_topic_with_a_subject_fits_too(interceptor: Interceptor, proxy: Proxy) -> None:
    text = json.dumps({"rows": ['"'] * 40_000, "rest": letters(20_000)})
    assert len(text) < LIMIT < len(json.dumps(text))
    record = sns_record(text, Subject="orders")

    with bound_of(proxy, LIMIT):
        interceptor.invoke({"Records": [record]})

    (event,) = events(interceptor.received())
    assert (event.id, event.detail) == (record["Sns"]["MessageId"], json.loads(text))


def kinesis_of(data: bytes) -> list[Any]:
    """Make three records, with data of its own in the second."""
    records = from_kinesis(3).records
    records[1]["kinesis"]["data"] = base64.b64encode(data).decode()
    return records


def test_binary_data_of_900_kb_fits_into_a_mebibyte(interceptor: Interceptor, proxy: Proxy) -> None:
    records = kinesis_of(LETTERS.randbytes(900_000))

    with bound_of(proxy, 1024 * 1024):
        assert interceptor.invoke({"Records": records}) == {"batchItemFailures": []}

    forwarded = events(interceptor.received())
    assert {event.id: event.detail for event in forwarded} == {
        event.id: event.detail for event in parse_message(Message("m", json.dumps({"Records": records})))
    }


@pytest.mark.parametrize(
    ("size", "limit"), [(900_000, LIMIT), (2_000_000, 1024 * 1024), (4_000_000, 1024 * 1024)]
)
def test_what_fits_in_no_form_is_reported_alone_and_logged_with_size_and_limit(
    interceptor: Interceptor, proxy: Proxy, capsys: pytest.CaptureFixture[str], size: int, limit: int
) -> None:
    records = kinesis_of(LETTERS.randbytes(size))
    small, large, other = directly(records)

    def bounded(request: Request, forward: Any) -> Answer:
        return (
            refusal("InvalidParameterValue", limit)
            if any(bytes_of(entry) > limit for entry in entries_of(request))
            else forward(request)
        )

    with proxy.fault(SEND, bounded):
        answer = interceptor.invoke({"Records": records})

    item = records[1]["kinesis"]["sequenceNumber"]
    assert answer == {"batchItemFailures": [{"itemIdentifier": item}]}
    assert set(ids(interceptor.received())) == {small, other}
    (line,) = [line for line in logged(capsys) if line["level"] == "ERROR"]
    assert (line["event_ids"], line["limit"]) == ([large], limit)
    assert size < line["bytes"] < size * 1.4


def test_a_bound_on_batches_below_todays_is_kept_too(interceptor: Interceptor, proxy: Proxy) -> None:
    batch = from_sqs(FEW)
    for record in batch.records:
        record["body"] = json.dumps({"order": letters(30_000)})

    def bounded(request: Request, forward: Any) -> Answer:
        size = sum(map(bytes_of, entries_of(request)))
        return refusal("BatchRequestTooLong", LIMIT) if size > LIMIT else forward(request)

    with proxy.fault(SEND, bounded):
        assert interceptor.invoke({"Records": batch.records}) == {"batchItemFailures": []}

    assert set(ids(interceptor.received())) == set(batch.items)


@pytest.mark.parametrize(
    "text", ["\\ufffe", "\\uffff", "\\ud800", "\\u0001", "\\ud83d\\ude00", "\x7f", "\\u0000"]
)
def test_characters_that_sqs_refuses_leave_escaped(interceptor: Interceptor, text: str) -> None:
    message = Message("m-1", f'{{"order": "{text}"}}', SENT, queue_name="orders")

    interceptor.invoke({"Records": [sqs_record(message)]})

    (forwarded,) = interceptor.received()
    assert not NOT_IN_SQS.search(forwarded.body)
    assert verdict(forwarded) == verdict(message)
