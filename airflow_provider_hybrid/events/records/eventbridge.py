"""EventBridge's envelope: how to recognise it, to find its id, and to write it."""

from __future__ import annotations

from airflow_provider_hybrid.events.records.facts import Json, present, stable_id, text


def is_eventbridge(body: Json) -> bool:
    """Say whether a body is in EventBridge's envelope.

    EventBridge itself writes ``id``, ``source``, ``detail-type`` and ``detail``. Other senders, and input
    transformers, leave fields out (Amazon Security Lake: ``id`` and ``detail-type``), so source and detail
    are enough.
    """
    source, detail = body.get("source"), body.get("detail")
    by_shape = isinstance(source, str) and source and isinstance(detail, dict) and "specversion" not in body
    return bool(by_shape) or body.keys() >= {"id", "source", "detail-type", "detail"}


def eventbridge_id(envelope: Json) -> str:
    """Return the id in EventBridge's envelope; if there is none, one derived from all other fields."""
    said = {name: value for name, value in envelope.items() if name != "id" and value is not None}
    return text(envelope, "id") or stable_id(said)


def envelope(
    record: Json,
    event_id: str,
    source: str,
    kind: str | None,
    when: str | None,
    arn: str | None,
    detail: Json,
) -> Json:
    """Write an event as EventBridge does, without the fields that are None.

    Args:
        record: The record of the event, for account and region.
        event_id: The event's id.
        source: The service, for example ``aws.s3``.
        kind: The detail-type.
        when: ISO 8601, UTC.
        arn: The ARN of the resource that the event is about.
        detail: The facts of the event.
    """
    return present(
        {
            "version": "0",
            "id": event_id,
            "detail-type": kind,
            "source": source,
            "account": _account(text(record, "eventSourceARN") or ""),
            "time": when,
            "region": text(record, "awsRegion"),
            "resources": [arn] if arn else None,
            "detail": detail,
        }
    )


def _account(arn: str) -> str | None:
    """Return the account in an ARN, ``arn:partition:service:region:account:resource``."""
    match arn.split(":", 5):
        case [_, _, _, _, account, _]:
            return account or None
    return None
