"""Why a message is in the dead-letter queue, by the attributes of who left it there."""

from __future__ import annotations

import json
from typing import Any

import pytest

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.sqs.dead_letters.letter import MOVED_BY_SQS, NOBODY_SAYS_WHY, DeadLetter

MOVED = {"DeadLetterQueueSourceArn": "arn:aws:sqs:eu-west-1:123456789012:orders"}


def letter(body: str = "{}", system: dict[str, str] | None = None, **attributes: str) -> DeadLetter:
    named: dict[str, Any] = {
        name: {"DataType": "String", "StringValue": text} for name, text in attributes.items()
    }
    return DeadLetter(Message("m-1", body, system or {}, named))


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
        (
            {
                "SCHEDULE_ARN": "arn:aws:scheduler:us-east-1:123456789012:schedule/default/s",
                "TARGET_ARN": "arn:aws:sqs:us-east-1:123456789012:q",
                "ERROR_CODE": "AWS.SimpleQueueService.NonExistentQueue",
                "ERROR_MESSAGE": "The specified queue does not exist",
                "EXHAUSTED_RETRY_CONDITION": "MaximumRetryAttempts",
            },
            "EventBridge Scheduler could not deliver it: The specified queue does not exist",
        ),
        (
            {"SCHEDULE_ARN": "arn:aws:scheduler:::s", "ERROR_CODE": "NO_PERMISSIONS", "ERROR_MESSAGE": ""},
            "EventBridge Scheduler could not deliver it: NO_PERMISSIONS",
        ),
    ],
)
def test_aws_could_not_deliver_it(attributes: dict[str, str], message: str) -> None:
    found = letter(**attributes)

    assert (found.error_type, found.error_message) == ("Undelivered", message)


def test_an_attribute_of_the_senders_own_is_no_reason() -> None:
    found = letter(ErrorMessage="order 7 is late")

    assert (found.error_type, found.error_message) == ("Unknown", NOBODY_SAYS_WHY)


LAMBDA_FAILURE = {
    "version": "1.0",
    "timestamp": "2026-11-22T02:00:00.000Z",
    "requestContext": {
        "requestId": "r-1",
        "functionArn": "arn:aws:lambda:eu-west-1:123456789012:function:interceptor:$LATEST",
        "condition": "RetriesExhausted",
        "approximateInvokeCount": 3,
    },
    "requestPayload": {"Records": []},
    "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
    "responsePayload": {"errorMessage": "1 event(s) were not forwarded", "errorType": "NotForwardedError"},
}
STREAM_FAILURE = {
    "requestContext": {"requestId": "r-1", "functionArn": "arn", "condition": "RetryAttemptsExhausted"},
    "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
    "version": "1.0",
    "KinesisBatchInfo": {"shardId": "shardId-000000000001", "batchSize": 1},
}
PIPE_FAILURE = {
    "context": {
        "partnerResourceArn": "arn:aws:pipes:eu-west-1:123456789012:pipe/orders",
        "condition": "RetryAttemptsExhausted",
    },
    "version": "1.0",
    "DDBStreamBatchInfo": {"shardId": "shardId-000000000001", "batchSize": 1},
}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (LAMBDA_FAILURE, "Lambda could not deliver it: RetriesExhausted: 1 event(s) were not forwarded"),
        (STREAM_FAILURE, "Lambda could not deliver it: RetryAttemptsExhausted"),
        (PIPE_FAILURE, "EventBridge Pipes could not deliver it: RetryAttemptsExhausted"),
    ],
)
def test_a_services_record_of_a_failure_tells_why(body: Any, message: str) -> None:
    found = letter(json.dumps(body))

    assert (found.error_type, found.error_message) == ("Undelivered", message)


@pytest.mark.parametrize(
    "body",
    [
        'rubbish with "functionArn"',
        '{"context": {"partnerResourceArn": "x"}}',
        '{"requestContext": "functionArn", "functionArn": 1}',
        '["functionArn", "partnerResourceArn"]',
        '{"Type": "Notification", "TopicArn": "arn:aws:sns:eu-west-1:123456789012:t", "Message": "{}"}',
        '{"Error": "States.TaskFailed", "Cause": "7"}',
    ],
)
def test_where_nobody_says_why_nothing_is_claimed(body: str) -> None:
    assert letter(body).error_type == "Unknown"


def test_sqs_marks_what_it_has_moved() -> None:
    found = letter(system=MOVED)

    assert (found.error_type, found.error_message) == ("MaxReceiveCount", MOVED_BY_SQS)


def test_what_sqs_has_moved_since_counts_for_more_than_an_older_failure() -> None:
    assert letter(json.dumps(PIPE_FAILURE), MOVED).error_type == "MaxReceiveCount"


def test_what_a_dispatcher_says_goes_first() -> None:
    found = letter(
        RequestID="r-1",
        ErrorCode="200",
        ErrorMessage="x",
        HybridErrorType="Unmatched",
        HybridErrorMessage="y",
    )

    assert (found.error_type, found.error_message) == ("Unmatched", "y")
