"""A record of a Kinesis data stream."""

from __future__ import annotations

from airflow_provider_hybrid.events.records.eventbridge import envelope
from airflow_provider_hybrid.events.records.facts import Json, iso, object_at, required, stable_id

_OF_EVERY_STREAM = {
    *("eventSource", "eventVersion", "eventID", "eventName", "eventSourceARN"),
    *("invokeIdentityArn", "awsRegion"),
}
"""The fields that the records of every kind of stream have."""


def kinesis_event(record: Json, data: Json) -> Json:
    """Translate a record of a Kinesis data stream: the ``kinesis`` object becomes the detail.

    The id is derived from the stream's ARN and from ``eventID``, which is unique within its stream: it holds
    the shard and the sequence number.
    https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html

    Args:
        record: As Lambda receives it.
        data: The field that replaces ``data``: either ``data``, decoded, or ``data_base64``.
    """
    arn = required(record, "eventSourceARN")
    detail = {name: value for name, value in kinesis_fields(record).items() if name != "data"} | data
    event_id, kind = stable_id(arn, required(record, "eventID")), required(record, "eventName")
    return envelope(
        record, event_id, "aws.kinesis", kind, iso(detail.get("approximateArrivalTimestamp")), arn, detail
    )


def kinesis_fields(record: Json) -> Json:
    """Return the fields that only Kinesis' records have.

    Lambda puts them below ``kinesis``, EventBridge Pipes beside the record's other fields.
    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-kinesis.html
    """
    if "kinesis" in record:
        return object_at(record, "kinesis")
    return {name: value for name, value in record.items() if name not in _OF_EVERY_STREAM}
