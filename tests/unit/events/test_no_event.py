"""What lies on a queue and is no event."""

from __future__ import annotations

import json
from typing import Any

import pytest

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.parse import parse_message
from airflow_provider_hybrid.exceptions import MessageParseError
from tests.harness.cases import EVENTS

CONFIRMATION = {
    "Type": "SubscriptionConfirmation",
    "MessageId": "165545c9-2a5c-472c-8df2-7ff2be2b3b1b",
    "Token": "2336412f37fEXAMPLE",
    "TopicArn": "arn:aws:sns:eu-west-1:123456789012:orders",
    "Message": "You have chosen to subscribe to the topic arn:aws:sns:eu-west-1:123456789012:orders.",
    "SubscribeURL": "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=2336412f37fEXAMPLE",
    "Timestamp": "2026-11-22T02:00:00.000Z",
    "SignatureVersion": "1",
    "Signature": "EXAMPLE",
    "SigningCertURL": "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-x.pem",
}

PLACE = {"s3BucketName": "big-messages", "s3Key": "4bdc116c-dda9-4344-bfb1-cf49a2bcdd68"}

NO_EVENTS = {
    "a confirmation": (CONFIRMATION, "aws sns confirm-subscription"),
    "a farewell": (CONFIRMATION | {"Type": "UnsubscribeConfirmation"}, "aws sns subscribe"),
    "a pointer": (["software.amazon.payloadoffloading.PayloadS3Pointer", PLACE], "Extended Client Library"),
    "an old pointer": (["com.amazon.sqs.javamessaging.MessageS3Pointer", PLACE], "Extended Client Library"),
}


def as_it_is(body: Any) -> str:
    return json.dumps(body)


def inside_sns(body: Any) -> str:
    frame = json.loads((EVENTS / "sns_notification.json").read_text())
    return json.dumps(frame | {"Message": json.dumps(body)})


@pytest.mark.parametrize("wrap", [as_it_is, inside_sns])
@pytest.mark.parametrize(("body", "advice"), NO_EVENTS.values(), ids=NO_EVENTS.keys())
def test_it_is_rejected_with_what_to_do_and_without_its_secrets(body: Any, advice: str, wrap: Any) -> None:
    with pytest.raises(MessageParseError, match=advice) as caught:
        parse_message(Message("m-1", wrap(body)))

    reason = str(caught.value)
    assert not [secret for secret in ("EXAMPLE", "https", "big-messages", "4bdc") if secret in reason]


@pytest.mark.parametrize(
    "body", [{"Type": "SubscriptionConfirmation"}, {"Type": ["UnsubscribeConfirmation"]}]
)
def test_json_that_only_resembles_it_is_an_event(body: Any) -> None:
    (event,) = parse_message(Message("m-1", json.dumps(body)))

    assert event.detail == body
