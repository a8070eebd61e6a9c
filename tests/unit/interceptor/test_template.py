"""Who may do what, as the template has it: nobody more than needed, nothing without TLS or encryption."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from airflow_provider_hybrid.interceptor.source import template
from tests.unit.cli.test_interceptor import Loader

Json = dict[str, Any]

RESOURCES: Json = yaml.load(template(), Loader)["Resources"]  # noqa: S506  (a SafeLoader)
QUEUES = [name for name, resource in RESOURCES.items() if resource["Type"] == "AWS::SQS::Queue"]


def properties(kind: str) -> list[Json]:
    return [resource["Properties"] for resource in RESOURCES.values() if resource["Type"] == kind]


def statements(value: Any) -> Iterator[Json]:
    """Yield all statements of all policies, those under a condition too."""
    if isinstance(value, dict):
        if "Effect" in value:
            yield value
        for inner in value.values():
            yield from statements(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from statements(inner)


ALLOWED = [statement for statement in statements(RESOURCES) if statement["Effect"] == "Allow"]


def test_nothing_is_allowed_with_a_star() -> None:
    for statement in ALLOWED:
        actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
        assert not any("*" in action for action in actions)
        assert "*" not in str(statement.get("Resource", ""))
        assert statement.get("Principal") != "*"


def test_a_service_may_send_only_for_what_the_template_names() -> None:
    to_queues = [statement for statement in ALLOWED if statement["Action"] == "sqs:SendMessage"]
    services = [statement for statement in to_queues if "Principal" in statement]

    assert len(services) == 3
    for statement in services:
        assert "aws:SourceArn" in statement["Condition"]["ArnEquals"]
        if statement["Principal"]["Service"] == "s3.amazonaws.com":
            assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": "AWS::AccountId"}


def test_s3_may_invoke_the_interceptor_for_these_buckets_only() -> None:
    permissions = properties("AWS::Lambda::Permission")

    assert sorted(permission["SourceArn"][-10:] for permission in permissions) == [
        f"${{Bucket{number}}}" for number in range(1, 6)
    ]
    assert all(permission["SourceAccount"] == "AWS::AccountId" for permission in permissions)


def test_the_interceptor_may_send_and_log_and_no_more() -> None:
    (role,) = properties("AWS::IAM::Role")

    actions = [statement["Action"] for statement in statements(role["Policies"])]
    assert actions == [
        "sqs:SendMessage",
        ["logs:CreateLogStream", "logs:PutLogEvents"],
        ["kms:GenerateDataKey", "kms:Decrypt"],
    ]


def test_every_queue_and_bucket_refuses_who_comes_without_tls() -> None:
    policies = properties("AWS::SQS::QueuePolicy") + properties("AWS::S3::BucketPolicy")
    guarded = str([policy.get("Queues", policy.get("Bucket")) for policy in policies])

    for policy in policies:
        (denied,) = [statement for statement in statements(policy) if statement["Effect"] == "Deny"]
        assert denied["Principal"] == "*"
        assert denied["Action"] in ("sqs:*", "s3:*")
        assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert all(f"'{name}'" in guarded for name in [*QUEUES, "Bucket"])


@pytest.mark.parametrize("name", QUEUES)
def test_every_queue_is_encrypted(name: str) -> None:
    queue = RESOURCES[name]["Properties"]

    assert queue["SqsManagedSseEnabled"] == ["HasKey", "AWS::NoValue", True]
    assert queue["KmsMasterKeyId"] == ["HasKey", "KmsKeyArn", "AWS::NoValue"]
