"""What `hybrid validate` warns of in a pattern: surely a slip, with the right word; and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from airflow_provider_hybrid.cli.checks.warnings import warnings
from airflow_provider_hybrid.config.read import parse_config

EVENTS = Path(__file__).parents[2] / "events" / "expected"
PAYLOADS = sorted(path.stem for path in EVENTS.glob("*.json"))


def warned(pattern: dict[str, Any]) -> list[str]:
    route = {"name": "a", "event_pattern": pattern, "trigger_dag_id": "d"}
    document = {"queue_url": "https://sqs.eu-west-1.amazonaws.com/123456789012/orders", "routes": [route]}
    return [
        text.removeprefix("routes[0]: event_pattern.")
        for text in warnings(parse_config(json.dumps(document)).places)
    ]


def asking_for(value: Any) -> Any:
    """Return a pattern that wants every scalar of an event as it is."""
    if isinstance(value, dict):
        return {key: wanted for key, below in value.items() if (wanted := asking_for(below))}
    if isinstance(value, list):
        return [item for item in value if not isinstance(item, dict | list)]
    return [value]


@pytest.mark.parametrize("name", PAYLOADS)
def test_a_pattern_that_wants_what_was_sent_is_no_slip(name: str) -> None:
    for event in json.loads((EVENTS / f"{name}.json").read_text(encoding="utf-8"))["events"]:
        assert warned(asking_for(event)) == []


@pytest.mark.parametrize(
    "pattern",
    [
        {"source": ["aws.s3"], "detail-type": ["Object Annotation Created"]},
        {"source": ["aws.s3"], "detail-type": ["Object Thing That S3 Adds Tomorrow"]},
        {
            "source": ["aws.s3"],
            "detail-type": ["AWS API Call via CloudTrail"],
            "detail": {"eventName": ["PutObject"]},
        },
        {
            "source": ["aws.s3"],
            "detail-type": ["AWS API Call via CloudTrail"],
            "detail": {
                "eventSource": ["s3.amazonaws.com"],
                "requestParameters": {"bucketName": ["partner-a"], "key": [{"prefix": "orders/"}]},
                "userIdentity": {"type": ["IAMUser"]},
                "sourceIPAddress": [{"cidr": "10.0.0.0/8"}],
            },
        },
        {"source": ["aws.s3"], "detail": {"eventName": ["PutObject"], "requestParameters": {"key": ["k"]}}},
        {"source": ["aws.s3"], "detail-type": [{"prefix": "Object "}]},
        {"source": ["aws.s3"], "detail-type": [{"wildcard": "Object*Created"}]},
        {"source": ["aws.s3"], "detail-type": [{"anything-but": "Object Deleted"}]},
        {"source": ["aws.s3"], "detail-type": [{"exists": True}]},
        {"source": ["aws.s3"], "detail-type": ["Replication:OperationFailedReplication"]},
        {"source": ["aws.s3"], "detail-type": ["ReducedRedundancyLostObject"]},
        {"source": ["aws.s3"], "detail": {"replication-event-data": {"destination-bucket": ["b"]}}},
        {
            "source": ["aws.s3"],
            "detail": {"bucket": {"name": [{"prefix": "partner-"}, {"wildcard": "*-a.b_C"}]}},
        },
        {"source": ["aws.s3"], "detail": {"object": {"key": [{"prefix": "/odd/"}, "a%2Fb", "x+y"]}}},
        {"source": ["aws.s3"], "detail": {"object": {"version-id": [{"exists": False}]}}},
        {"source": [{"prefix": "aws."}], "detail": {"requestParameters": {"bucketName": ["b"]}}},
        {"source": ["aws.partner/shopify.com/1/Orders"]},
        {"source": ["shop", "aws.s3"], "detail": {"versionId": ["1"], "eTag": ["x"]}},
        {"source": ["shop"], "detail": {"eTag": ["x"], "s3": {"bucket": ["b"]}, "Records": {"a": ["b"]}}},
        {"source": ["s3"], "detail": {"path": ["x"]}},
        {"source": ["shop"], "detail-type": ["ObjectCreated:Put"]},
        {"source": ["shop"], "replay-name": [{"exists": True}]},
        {"source": ["shop"], "tenant": ["a"], "traceparent": [{"exists": True}]},
        {"detail": {"status": ["done"]}},
        {"detail-type": ["object created", "PutObject", {"prefix": "order"}]},
        {"$or": [{"source": ["aws.s3"]}, {"source": ["shop"]}]},
    ],
    ids=json.dumps,
)
def test_what_may_be_right_is_no_slip(pattern: dict[str, Any]) -> None:
    assert warned(pattern) == []


S3: dict[str, Any] = {"source": ["aws.s3"], "detail-type": ["Object Created"]}


@pytest.mark.parametrize(
    ("pattern", "place", "right"),
    [
        ({"source": ["aws:s3"]}, "source", "'aws.s3'"),
        ({"source": ["shop", "aws:dynamodb"]}, "source", "'aws.dynamodb'"),
        ({"source": ["AWS.S3"]}, "source", "'aws.s3'"),
        ({"source": ["aws-s3"]}, "source", "'aws.s3'"),
        ({"source": ["s3.amazonaws.com"]}, "source", "'aws.s3'"),
        ({"$or": [{"source": ["aws:s3"]}, {"source": ["shop"]}]}, "$or[0].source", "'aws.s3'"),
        ({"source": ["aws.s3"], "detail-type": ["ObjectCreated:Put"]}, "detail-type", "'Object Created'"),
        ({"detail-type": ["ObjectCreated:Put"]}, "detail-type", "'Object Created'"),
        ({"source": ["aws.s3"], "detail-type": ["s3:ObjectCreated:*"]}, "detail-type", "'Object Created'"),
        (
            {"source": ["aws.s3"], "detail-type": ["s3:ObjectRemoved:Delete"]},
            "detail-type",
            "'Object Deleted'",
        ),
        (
            {"source": ["aws.s3"], "detail-type": [{"prefix": "ObjectCreated:"}]},
            "detail-type",
            "'Object Created'",
        ),
        (
            {"source": ["aws.s3"], "detail-type": [{"prefix": "s3:ObjectTagging"}]},
            "detail-type",
            "'Object Tags Added'",
        ),
        ({"source": ["aws.s3"], "detail-type": [{"wildcard": "*:Post"}]}, "detail-type", "'Object Created'"),
        (
            {"source": ["aws.s3"], "detail-type": ["s3:ReducedRedundancyLostObject"]},
            "detail-type",
            "'ReducedRedundancyLostObject'",
        ),
        ({"source": ["aws.s3"], "detail-type": ["ObjectCreated"]}, "detail-type", "'Object Created'"),
        ({"source": ["aws.s3"], "detail-type": ["object created"]}, "detail-type", "'Object Created'"),
        ({"source": ["aws.s3"], "detail-type": ["Object Create"]}, "detail-type", "'Object Created'"),
        ({"source": ["aws.s3"], "detail-type": ["Object Tag Added"]}, "detail-type", "'Object Tags Added'"),
        ({"source": ["aws.s3"], "detail-type": ["PutObject"]}, "detail-type", "'detail.reason'"),
        (
            {"source": ["aws.s3"], "detail-type": ["AWS API call via Cloudtrail"]},
            "detail-type",
            "'AWS API Call via CloudTrail'",
        ),
        ({**S3, "detail": {"object": {"eTag": ["x"]}}}, "detail.object.eTag", "'detail.object.etag'"),
        ({**S3, "detail.object.versionId": ["x"]}, "detail.object.versionId", "'detail.object.version-id'"),
        (
            {"source": ["aws.s3"], "detail": {"object": {"Key": ["x"]}}},
            "detail.object.Key",
            "'detail.object.key'",
        ),
        (
            {"source": ["aws.s3"], "detail": {"Bucket": {"name": ["x"]}}},
            "detail.Bucket.name",
            "'detail.bucket'",
        ),
        ({"source": ["aws:s3"], "detail": {"object": {"eTag": ["x"]}}}, "source", "'aws.s3'"),
        ({**S3, "detail": {"requestId": ["x"]}}, "detail.requestId", "'detail.request-id'"),
        (
            {**S3, "detail": {"sourceIPAddress": ["x"]}},
            "detail.sourceIPAddress",
            "'detail.source-ip-address'",
        ),
        (
            {**S3, "detail": {"requestParameters": {"bucketName": ["x"]}}},
            "detail.requestParameters.bucketName",
            "'detail.bucket.name'",
        ),
        ({**S3, "detail": {"s3": {"bucket": {"name": ["x"]}}}}, "detail.s3.bucket.name", "'detail.bucket'"),
        (
            {"source": ["aws.s3"], "detail": {"Records": {"s3": {"a": ["x"]}}}},
            "detail.Records.s3.a",
            "'detail'",
        ),
        (
            {"source": ["aws.s3"], "detail": {"eventName": ["ObjectCreated:Put"]}},
            "detail.eventName",
            "'detail-type'",
        ),
        ({**S3, "detail": {"eventName": ["PutObject"]}}, "detail.eventName", "'detail-type'"),
        ({**S3, "detail": {"key": [{"prefix": "orders/"}]}}, "detail.key", "'detail.object.key'"),
        ({**S3, "detail": {"bucket": ["partner-a"]}}, "detail.bucket", "name"),
        ({**S3, "detail": {"bucket": {"name": ["s3://partner-a"]}}}, "detail.bucket.name", "write the name"),
        (
            {**S3, "detail": {"bucket": {"name": [{"prefix": "arn:aws:s3:::p"}]}}},
            "detail.bucket.name",
            "write the name",
        ),
        (
            {**S3, "detail": {"object": {"key": [{"prefix": "s3://b/o/"}]}}},
            "detail.object.key",
            "write the key",
        ),
        ({**S3, "detail": {"reason": ["putObject"]}}, "detail.reason", "'PutObject'"),
        (
            {**S3, "detail": {"deletion-type": ["Permanently deleted"]}},
            "detail.deletion-type",
            "'Permanently Deleted'",
        ),
        ({"detailType": ["x"]}, "detailType", "'detail-type'"),
        ({"detail_type": ["x"]}, "detail_type", "'detail-type'"),
        ({"Source": ["x"]}, "Source", "'source'"),
        ({"sorce": ["x"]}, "sorce", "'source'"),
        ({"resource": ["x"]}, "resource", "'resources'"),
        ({"Detail": {"a": ["x"]}}, "Detail.a", "'detail'"),
        ({"Records": {"s3": {"object": {"key": ["x"]}}}}, "Records.s3.object.key", "'detail'"),
        ({"s3": {"object": {"key": ["x"]}}}, "s3.object.key", "'detail.bucket' and 'detail.object'"),
        ({"account": [123456789012]}, "account", '"123456789012"'),
        ({"source": ["shop"], "version": ["0"]}, "version", "no 'version'"),
        ({"resources": {"arn": ["x"]}}, "resources", "give a list of values"),
    ],
    ids=lambda value: json.dumps(value) if isinstance(value, dict) else "",
)
def test_a_slip_is_told_with_the_place_and_the_right_word(
    pattern: dict[str, Any], place: str, right: str
) -> None:
    told = warned(pattern)

    assert told
    assert told[0].startswith(f"{place}: ")
    assert right in told[0]
    assert len(told) == 1 or pattern["source"] == ["aws:s3"], "each slip once"
