"""Messages and configurations that the tests make up."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from airflow_provider_hybrid.routing.run_id import run_id

if TYPE_CHECKING:
    from tests.demo.cloud import Cloud


def eventbridge(event_id: str, detail: dict[str, Any]) -> str:
    """Return the body of a message as EventBridge sends it; all have the same time."""
    return json.dumps(
        {
            "version": "0",
            "id": event_id,
            "detail-type": "Order Placed",
            "source": "shop",
            "account": "123456789012",
            "time": "2026-11-22T06:00:00Z",
            "region": "us-east-1",
            "resources": [],
            "detail": detail,
        }
    )


def route(dag_id: str, **detail: list[Any]) -> dict[str, Any]:
    """Return a route to a DAG for the events of `eventbridge`; the conf is the event's detail."""
    pattern: dict[str, Any] = {"source": ["shop"]}
    if detail:
        pattern["detail"] = detail
    return {
        "name": dag_id,
        "event_pattern": pattern,
        "trigger_dag_id": dag_id,
        "conf": {"number": "{{ event.detail.number }}"},
    }


def run_of(route: str, event_id: str) -> str:
    """Return the id of the run that a route starts for an event of `eventbridge`."""
    return run_id(route, event_id, event_id)


def configuration(cloud: Cloud, *routes: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return a dispatcher's Variable."""
    document = {"queue_url": cloud.queue_url, "dead_letter_queue_url": cloud.dead_letter_queue_url}
    return {**document, "routes": list(routes), **changes}
