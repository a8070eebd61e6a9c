"""Invocations with many records, of each source that Lambda polls or that calls it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.parse import parse_message
from tests.harness.cases import load
from tests.unit.interceptor.invoking import sns_record, sqs_record

SEND = "SendMessageBatch"
"""The call that proxies disturb."""

SENT = {"SentTimestamp": "1795312800000"}

FEW = 25
"""Records of an invocation that take several calls to SQS."""


@dataclass(frozen=True)
class Batch:
    """An invocation.

    Args:
        records: What it consists of.
        items: What AWS calls each record in a partial batch response; none where there is no such response.
    """

    records: list[Any]
    items: list[str]


def from_s3(number: int) -> Batch:
    record = json.loads(load("aws_s3_2_5_put").body)["Records"][0]
    return Batch([with_key(record, f"orders/{index}") for index in range(number)], [])


def from_sns(number: int) -> Batch:
    records = from_s3(number).records
    return Batch([sns_record(json.dumps({"Records": [record]})) for record in records], [])


def from_sqs(number: int) -> Batch:
    messages = [Message(f"m-{index}", json.dumps({"order": index}), SENT) for index in range(number)]
    return Batch([sqs_record(message) for message in messages], [message.message_id for message in messages])


def from_kinesis(number: int) -> Batch:
    record = json.loads(load("aws_lambda_kinesis").body)["Records"][0]
    items = [f"4959033827149025660855969253836157109592157598913658{index:04}" for index in range(number)]
    records = [
        {**record, "eventID": f"shardId-0:{item}", "kinesis": {**record["kinesis"], "sequenceNumber": item}}
        for item in items
    ]
    return Batch(records, items)


def from_dynamodb(number: int) -> Batch:
    record = json.loads(load("aws_lambda_dynamodb").body)["Records"][0]
    items = [f"44215845000000000174504390{index:02}" for index in range(number)]
    records = [
        {**record, "eventID": f"e-{item}", "dynamodb": {**record["dynamodb"], "SequenceNumber": item}}
        for item in items
    ]
    return Batch(records, items)


def with_key(record: Any, key: str) -> Any:
    s3 = record["s3"]
    return {**record, "s3": {**s3, "object": {**s3["object"], "key": key}}}


def directly(records: list[Any]) -> list[str]:
    """Return the id of the event in each record, as Airflow's side derives it."""
    return [event.id for event in parse_message(Message("m", json.dumps({"Records": records})))]


def third(entry: dict[str, Any]) -> bool:
    """Pick every third entry of a call, its first included."""
    return int(entry["Id"]) % 3 == 0
