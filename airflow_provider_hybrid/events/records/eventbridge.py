"""EventBridge's own envelope, and the id of an event in it."""

from __future__ import annotations

from airflow_provider_hybrid.events.records.facts import Json, stable_id, text


def is_eventbridge(body: Json) -> bool:
    """Tell EventBridge's envelope.

    One that EventBridge wrote has all four marks. Others write it by hand, or leave fields out by an input
    transformer (Amazon Security Lake: neither ``id`` nor ``detail-type``), so source and detail are enough.
    """
    source, detail = body.get("source"), body.get("detail")
    by_shape = isinstance(source, str) and source and isinstance(detail, dict) and "specversion" not in body
    return bool(by_shape) or body.keys() >= {"id", "source", "detail-type", "detail"}


def eventbridge_id(envelope: Json) -> str:
    """Return the id in EventBridge's envelope; where there is none, one that is made of all that it says."""
    said = {name: value for name, value in envelope.items() if name != "id" and value is not None}
    return text(envelope, "id") or stable_id(said)
