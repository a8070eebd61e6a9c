"""A record of any other AWS service."""

from __future__ import annotations

from airflow_provider_hybrid.events.records.eventbridge import envelope
from airflow_provider_hybrid.events.records.facts import Json, iso, stable_id, text
from airflow_provider_hybrid.events.records.shapes import service_of, without_receipt_handle


def service_event(record: Json) -> Json:
    """Translate a record of any other AWS service, such as ``aws:ses``: the whole record becomes the detail.

    The id is derived from the record, so that it is the same at each of Lambda's tries.
    """
    detail = without_receipt_handle(record)
    source, arn = service_of(record).replace(":", ".", 1), text(record, "eventSourceARN")
    when = record.get("eventTime")
    return envelope(
        record,
        stable_id(detail),
        source,
        text(record, "eventName"),
        when if isinstance(when, str) else iso(when),
        arn,
        detail,
    )
