"""The list of records in which AWS services hand events to Lambda, and S3 to everybody.

https://docs.aws.amazon.com/lambda/latest/dg/lambda-services.html
"""

from __future__ import annotations

from typing import Any

from airflow_provider_hybrid.events.envelopes.fields import Fields


def has_records_from(body: dict[str, Any], event_source: str) -> bool:
    """Say whether a body lists records of a service, such as ``aws:kinesis``.

    One of them is enough: a list that is broken elsewhere is then an error, and not plain JSON. SNS alone
    writes ``EventSource`` with a capital.
    """
    records = body.get("Records")
    return isinstance(records, list) and any(
        isinstance(record, dict) and event_source in (record.get("eventSource"), record.get("EventSource"))
        for record in records
    )


def account_of(record: Fields) -> str | None:
    """Return the account in a record's ``eventSourceARN``, ``arn:partition:service:region:account:...``."""
    parts = (record.text("eventSourceARN") or "").split(":", 5)
    return (parts[4] or None) if len(parts) > 5 else None  # noqa: PLR2004  (an ARN has six parts)
