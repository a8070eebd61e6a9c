"""Why a message is in the dead-letter queue, by the attributes of who left it there."""

from __future__ import annotations

from typing import Any

import pytest

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.queues.dead_letter import MOVED_BY_SQS, DeadLetter


def letter(**attributes: str) -> DeadLetter:
    named: dict[str, Any] = {
        name: {"DataType": "String", "StringValue": text} for name, text in attributes.items()
    }
    return DeadLetter(Message("m-1", "{}", message_attributes=named))


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        (
            {"RequestID": "r-1", "ErrorCode": "200", "ErrorMessage": "1 event(s) were not forwarded"},
            "Lambda could not deliver it: 1 event(s) were not forwarded",
        ),
        (
            {
                "RULE_ARN": "arn:aws:events:eu-west-1:123456789012:rule/uploads",
                "TARGET_ARN": "arn:aws:sqs:eu-west-1:123456789012:orders",
                "ERROR_CODE": "NO_PERMISSIONS",
                "ERROR_MESSAGE": "No permissions",
                "RETRY_ATTEMPTS": "0",
            },
            "EventBridge could not deliver it: No permissions",
        ),
    ],
)
def test_aws_could_not_deliver_it(attributes: dict[str, str], message: str) -> None:
    found = letter(**attributes)

    assert (found.error_type, found.error_message) == ("Undelivered", message)


def test_an_attribute_of_the_senders_own_is_no_reason() -> None:
    found = letter(ErrorMessage="order 7 is late")

    assert (found.error_type, found.error_message) == ("MaxReceiveCount", MOVED_BY_SQS)


def test_what_a_dispatcher_says_goes_first() -> None:
    found = letter(
        RequestID="r-1",
        ErrorCode="200",
        ErrorMessage="x",
        HybridErrorType="Unmatched",
        HybridErrorMessage="y",
    )

    assert (found.error_type, found.error_message) == ("Unmatched", "y")
