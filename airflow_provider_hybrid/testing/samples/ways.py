"""The ways on which an event gets from its producer to the queue."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

from airflow_provider_hybrid.events.records.facts import stable_id
from airflow_provider_hybrid.events.records.s3 import s3_event
from airflow_provider_hybrid.events.records.shapes import is_record, service_of
from airflow_provider_hybrid.events.records.wire import COMPRESSED_BODY, IDENTITY, compress, json_body
from airflow_provider_hybrid.interceptor.unpack import open_object, open_record
from airflow_provider_hybrid.testing.samples.s3 import NOT_ON_EVENTBRIDGE
from airflow_provider_hybrid.testing.samples.sample import (
    ACCOUNT,
    REGION,
    TIME,
    Json,
    Sample,
    SampleError,
    made_up_id,
    moment_of,
    text_attribute,
    to_the_second,
)

Way = Callable[[Sample, str], Sample]
"""Leads a sample on; the text is the name of the queue that a record or the interceptor names."""

_TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:example-topic"


def eventbridge(sample: Sample, _queue: str) -> Sample:
    """Let S3 tell EventBridge, whose rule has the queue as its target.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
    """
    record = _only_record(sample)
    if record is None or service_of(record) != "aws:s3" or record["eventName"] in NOT_ON_EVENTBRIDGE:
        raise SampleError(
            f"{sample.name!r} does not come through EventBridge: of the samples only S3's own events do, "
            "without those of replication and of lost objects. For an event of your own take the sample "
            "'eventbridge', for a stream the way 'pipes'"
        )
    event = s3_event(record)
    detail = event["detail"]
    by_s3 = record["userIdentity"]["principalId"] == "s3.amazonaws.com"
    detail = {
        "version": "0",
        "event-version": "1.1",
        **detail,
        "requester": "s3.amazonaws.com" if by_s3 else ACCOUNT,
    }
    envelope = {
        "version": "0",
        "id": made_up_id(event),
        "detail-type": event["detail-type"],
        "source": "aws.s3",
        "account": ACCOUNT,
        "time": to_the_second(event["time"]),
        "region": event["region"],
        "resources": event["resources"],
        "detail": detail,
    }
    return Sample(sample.name, envelope)


def sns(sample: Sample, _queue: str) -> Sample:
    """Publish it to a topic to which the queue is subscribed."""
    return Sample(sample.name, _published(sample))


def sns_raw(sample: Sample, _queue: str) -> Sample:
    """Publish it to such a topic, with raw message delivery: SNS adds nothing."""
    return sample


def pipes(sample: Sample, queue: str) -> Sample:
    """Take it through an EventBridge pipe: from a stream, or else from another queue.

    - https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-kinesis.html
    - https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-event-source.html
    """
    record = _only_record(sample)
    if record is None or service_of(record) not in {"aws:kinesis", "aws:dynamodb"}:
        return Sample(sample.name, _received(sample, queue))
    if "kinesis" in record:
        record = {**record["kinesis"], **{name: value for name, value in record.items() if name != "kinesis"}}
    return Sample(sample.name, record)


def lambda_sqs(sample: Sample, queue: str) -> Sample:
    """Let a function of one's own receive it from another queue, and forward what it received."""
    return Sample(sample.name, {"Records": [_received(sample, queue)]})


def lambda_sns(sample: Sample, _queue: str) -> Sample:
    """Let a function of one's own receive it from a topic, and forward what it received."""
    record = {
        "EventVersion": "1.0",
        "EventSubscriptionArn": f"{_TOPIC}:21be56ed-a058-49f5-8c98-aedd2564c486",
        "EventSource": "aws:sns",
        "Sns": _published(sample),
    }
    return Sample(sample.name, {"Records": [record]})


def interceptor(sample: Sample, queue: str) -> Sample:
    """Invoke the interceptor with it, which translates it by the same functions."""
    body, frame = sample.body, {"id": stable_id(sample.body), "source": queue}
    record = _only_record(sample)
    try:
        (event,) = open_object(body, frame) if record is None else open_record(record)
    except (AttributeError, LookupError, TypeError, ValueError):
        return Sample(sample.name, body, {IDENTITY: text_attribute(stable_id(body))})
    return Sample(sample.name, event)


def compressed(sample: Sample, _queue: str) -> Sample:
    """Compress the body into a message attribute, as the interceptor does with large ones."""
    content = base64.b64encode(compress(json_body(sample.body))).decode()
    attribute = {"DataType": "Binary", "BinaryValue": content}
    body = f"in the message attribute {COMPRESSED_BODY}"
    return Sample(sample.name, body, {**sample.attributes, COMPRESSED_BODY: attribute}, is_in_body=False)


def binary(sample: Sample, _queue: str) -> Sample:
    """Put a CloudEvent's attributes into message attributes, and its data into the body.

    https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md
    """
    if not isinstance(sample.body, dict) or "specversion" not in sample.body:
        raise SampleError(f"{sample.name!r} has no binary mode: only the sample 'cloudevents' has")
    attributes = {
        f"ce-{name}": text_attribute(value if isinstance(value, str) else json.dumps(value))
        for name, value in sample.body.items()
        if name not in {"data", "datacontenttype"}
    }
    attributes["content-type"] = text_attribute(sample.body["datacontenttype"])
    return Sample(sample.name, sample.body["data"], {**sample.attributes, **attributes}, is_in_body=False)


WAYS: dict[str, Way] = {
    "eventbridge": eventbridge,
    "sns": sns,
    "sns-raw": sns_raw,
    "pipes": pipes,
    "interceptor": interceptor,
    "compressed": compressed,
    "lambda-sqs": lambda_sqs,
    "lambda-sns": lambda_sns,
    "binary": binary,
}
"""The ways by their names."""

WITHOUT_ATTRIBUTES = ("eventbridge", "interceptor")
"""The ways on which a message's attributes get lost."""


def _only_record(sample: Sample) -> Json | None:
    """Return the record in a producer's list of records; None if the sample is something else."""
    records = sample.body.get("Records") if isinstance(sample.body, dict) else None
    return records[0] if records and is_record(records[0]) else None


def _published(sample: Sample) -> Json:
    """Return SNS's envelope around a sample.

    https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
    """
    is_s3s = sample.name.startswith("s3:") and isinstance(sample.body, dict) and "detail" not in sample.body
    named = {
        name: {"Type": value["DataType"], "Value": value.get("StringValue") or value.get("BinaryValue")}
        for name, value in sample.attributes.items()
    }
    return {
        "Type": "Notification",
        "MessageId": made_up_id(sample.text, "sns"),
        "TopicArn": _TOPIC,
        **({"Subject": "Amazon S3 Notification"} if is_s3s else {}),
        "Message": sample.text,
        "Timestamp": TIME,
        "SignatureVersion": "1",
        "Signature": "EXAMPLEw6JRN...",
        "SigningCertURL": f"https://sns.{REGION}.amazonaws.com/SimpleNotificationService-example.pem",
        "UnsubscribeURL": f"https://sns.{REGION}.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=EXAMPLE",
        **({"MessageAttributes": named} if named else {}),
    }


def _received(sample: Sample, queue: str) -> Json:
    """Return the record that Lambda and Pipes make of a message in another queue.

    https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
    """
    sent = str(int(moment_of(TIME).timestamp() * 1000))
    named: dict[str, Any] = {}
    for name, value in sample.attributes.items():
        lists: Json = {"stringListValues": [], "binaryListValues": []}
        named[name] = lists | {key[0].lower() + key[1:]: text for key, text in value.items()}
    return {
        "messageId": made_up_id(sample.text, "sqs"),
        "receiptHandle": "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a...",
        "body": sample.text,
        "attributes": {
            "ApproximateReceiveCount": "1",
            "SentTimestamp": sent,
            "SenderId": "AIDAIENQZJOLO23YVJ4VO",
            "ApproximateFirstReceiveTimestamp": sent,
        },
        "messageAttributes": named,
        "md5OfBody": "e4e68fb7bd0e697a0ae8f1bb342846b3",
        "eventSource": "aws:sqs",
        "eventSourceARN": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{queue}",
        "awsRegion": REGION,
    }
