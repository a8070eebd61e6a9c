"""Messages that are no events: they belong to the protocol of SNS, or of the SQS Extended Client Library."""

from __future__ import annotations

from typing import Any

_CONFIRMATIONS = ("SubscriptionConfirmation", "UnsubscribeConfirmation")
"""https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html"""

_POINTERS = ("PayloadS3Pointer", "MessageS3Pointer")
"""The end of the class name in a pointer of the SQS Extended Client Library's later and earlier versions.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-managing-large-messages.html
"""


def why_no_event(body: Any) -> str | None:
    """Say why a body is no event and what to do about it; return None if it may be one.

    A confirmation holds a token and a link, and a pointer the place of an object: the reason quotes neither.

    Args:
        body: As `json.loads` returns it.
    """
    if isinstance(body, dict) and body.get("Type") in _CONFIRMATIONS and "TopicArn" in body:
        return (
            f"it is SNS's {body['Type']} and no event. To confirm it run `aws sns confirm-subscription` "
            "with the token in this message; or subscribe the queue with `aws sns subscribe --protocol sqs` "
            "from the account that owns the queue, which needs no confirmation"
        )
    if isinstance(body, list) and body and isinstance(body[0], str) and body[0].endswith(_POINTERS):
        return (
            "it is a pointer of the SQS Extended Client Library and no event: the message lies in S3. Let "
            "the sender send the event itself (up to 1 MiB), or let S3 notify the queue of that object"
        )
    return None
