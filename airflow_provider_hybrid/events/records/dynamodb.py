"""A record of a DynamoDB stream."""

from __future__ import annotations

from airflow_provider_hybrid.events.records.eventbridge import envelope
from airflow_provider_hybrid.events.records.facts import Json, iso, object_at, required, text


def dynamodb_event(record: Json) -> Json:
    """Translate a record of a DynamoDB stream: the ``dynamodb`` object, in typed JSON, becomes the detail.

    AWS calls a record's ``eventID`` globally unique; ``eventName`` is INSERT, MODIFY or REMOVE.
    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_Record.html
    """
    change, arn = object_at(record, "dynamodb"), text(record, "eventSourceARN")
    event_id, kind = required(record, "eventID"), required(record, "eventName")
    when = iso(change.get("ApproximateCreationDateTime"))
    return envelope(record, event_id, "aws.dynamodb", kind, when, arn, change)
