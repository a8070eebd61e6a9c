"""A record of a DynamoDB stream, as Lambda receives it.

https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
"""

from __future__ import annotations

from typing import Any

from airflow_provider_hybrid.events.records.facts import stable_id
from airflow_provider_hybrid.testing.samples.sample import (
    ACCOUNT,
    REGION,
    TIME,
    Json,
    Sample,
    moment_of,
)

NAMES = ("dynamodb:INSERT", "dynamodb:MODIFY", "dynamodb:REMOVE")


def records(
    name: str,
    *,
    table: str = "example-table",
    keys: dict[str, Any] | None = None,
    new: dict[str, Any] | None = None,
    old: dict[str, Any] | None = None,
    time: str = TIME,
    region: str = REGION,
) -> Sample:
    """Make a list of one record. Items are DynamoDB's typed JSON: ``{"order": {"N": "7"}}``.

    Args:
        name: ``dynamodb:`` and the operation.
        table: The table's name.
        keys: The item's primary key.
        new: The item afterwards; without it the keys. A REMOVE has none.
        old: The item before; without it the keys. An INSERT has none.
        time: When it happened, ISO 8601 in UTC.
        region: The table's region.
    """
    kind = name.partition(":")[2]
    keys = keys or {"order": {"N": "7"}}
    change: Json = {"ApproximateCreationDateTime": int(moment_of(time).timestamp()), "Keys": keys}
    if kind != "REMOVE":
        change["NewImage"] = new or keys
    if kind != "INSERT":
        change["OldImage"] = old or keys
    change |= {
        "SequenceNumber": "400000000000000499660",
        "SizeBytes": 26,
        "StreamViewType": "NEW_AND_OLD_IMAGES",
    }
    record = {
        "eventID": stable_id(name, table, change),
        "eventName": kind,
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": region,
        "dynamodb": change,
        "eventSourceARN": f"arn:aws:dynamodb:{region}:{ACCOUNT}:table/{table}/stream/2026-11-01T00:00:00.000",
    }
    return Sample(name, {"Records": [record]})
