"""The reasons that AWS's services leave with a message that they could not deliver."""

from __future__ import annotations

from typing import Any

from airflow_provider_hybrid.events.json_text import read_json
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.exceptions import MessageParseError

_BY_ATTRIBUTES = {
    ("RequestID", "ErrorCode", "ErrorMessage"): "Lambda",
    ("SCHEDULE_ARN", "ERROR_CODE", "ERROR_MESSAGE"): "EventBridge Scheduler",
    ("RULE_ARN", "ERROR_CODE", "ERROR_MESSAGE"): "EventBridge",
}
"""The message attributes that mark a service's dead letter; the last two are its code and its reason.

- https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
- https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
- https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
"""

_BY_BODY = {
    ("requestContext", "functionArn"): "Lambda",
    ("context", "partnerResourceArn"): "EventBridge Pipes",
}
"""The object in the body, and the field in it, that mark a service's record of a failure.

``condition`` stands beside that field; ``responsePayload.errorMessage`` is the error of a function.

- https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html#invocation-async-destinations
- https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
- https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-error-troubleshooting.html
"""


def undelivered(message: Message) -> str | None:
    """Say which service could not deliver a message, and why; None if no service says so.

    Args:
        message: As received from the dead-letter queue.
    """
    for names, service in _BY_ATTRIBUTES.items():
        if message.message_attributes.keys() >= set(names):
            code, reason = (_text(message, name) for name in names[-2:])
            return _sentence(service, reason or code)
    for (context, field), service in _BY_BODY.items():
        if f'"{field}"' in message.body and (record := _record(message.body)):
            about = record.get(context)
            if isinstance(about, dict) and field in about and "condition" in about:
                return _sentence(service, about["condition"], _raised(record))
    return None


def _sentence(service: str, *reasons: Any) -> str:
    said = ": ".join(reason for reason in reasons if reason and isinstance(reason, str))
    return f"{service} could not deliver it: {said or 'it gives no reason'}"


def _text(message: Message, name: str) -> str:
    return str(message.message_attributes[name].get("StringValue") or "")


def _record(body: str) -> dict[str, Any] | None:
    try:
        record = read_json(body, "the body")
    except MessageParseError:
        return None
    return record if isinstance(record, dict) else None


def _raised(record: dict[str, Any]) -> Any:
    payload = record.get("responsePayload")
    return payload.get("errorMessage") if isinstance(payload, dict) else None
