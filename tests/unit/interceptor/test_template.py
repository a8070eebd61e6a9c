"""Who may do what, as the template has it: nobody more than needed, nothing without TLS or encryption."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote_plus, unquote_plus

import pytest
import yaml

from airflow_provider_hybrid.interceptor.source import template
from tests.unit.cli.test_interceptor import Loader

Json = dict[str, Any]

TEMPLATE: Json = yaml.load(template(), Loader)  # noqa: S506  (a SafeLoader)
RESOURCES: Json = TEMPLATE["Resources"]
SAFE = string.ascii_letters + string.digits + "/!-_.*'()"
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html#object-key-guidelines-safe-characters"""
OWNER = ["HasBucketAccount", "BucketAccount", "AWS::AccountId"]
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
            assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": OWNER}


def test_s3_may_invoke_the_interceptor_for_these_buckets_only() -> None:
    permissions = properties("AWS::Lambda::Permission")

    assert sorted(permission["SourceArn"][-10:] for permission in permissions) == [
        f"${{Bucket{number}}}" for number in range(1, 6)
    ]
    assert all(permission["SourceAccount"] == OWNER for permission in permissions)


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


def allowed(parameter: str, value: str) -> bool:
    return bool(re.fullmatch(TEMPLATE["Parameters"][parameter]["AllowedPattern"], value))


@pytest.mark.parametrize("number", range(1, 6))
@pytest.mark.parametrize("name", ["my-bucket.2", "My_Old_Bucket", "a" * 255])
def test_a_bucket_may_have_the_name_of_an_old_one(number: int, name: str) -> None:
    assert allowed(f"Bucket{number}", name)


@pytest.mark.parametrize("name", ["a b", "a/b", 'a"b', "a*", "ab", "a" * 256, "ä" * 3])
def test_a_bucket_may_have_no_name_that_no_bucket_has(name: str) -> None:
    assert not allowed("Bucket1", name)


def resolved(value: Any, parameters: Json) -> Any:
    """Do what CloudFormation does with `!Join [delimiter, !Split [delimiter, source]]` and `!Ref`."""
    if isinstance(value, str):
        return parameters[value]
    joined_with, (split_at, source) = value
    return joined_with.join(resolved(source, parameters).split(split_at))


NOTIFICATIONS = RESOURCES["Bucket"]["Properties"]["NotificationConfiguration"]


@pytest.mark.parametrize("way", ["QueueConfigurations", "LambdaConfigurations"])
@pytest.mark.parametrize(("place", "name"), [(0, "Prefix"), (1, "Suffix")])
@pytest.mark.parametrize(
    ("raw", "encoded"),
    [
        ("orders/", "orders/"),
        ("dt=2026/", "dt%3D2026/"),
        ("new orders/", "new+orders/"),
        ("a+b %2B/", "a%2Bb+%252B/"),
        ("it's (1)!_-./", "it's%20(1)!_-./".replace("%20", "+")),
        ("a:b@c&d,e;f==", "a%3Ab%40c%26d%2Ce%3Bf%3D%3D"),
    ],
)
def test_a_notification_has_prefix_and_suffix_as_s3_wants_them(
    way: str, place: int, name: str, raw: str, encoded: str
) -> None:
    _, (configuration,), _ = NOTIFICATIONS[way]
    _, filtered, _ = configuration["Filter"]
    _, rule, _ = filtered["S3Key"]["Rules"][place]

    assert allowed(name, raw)
    assert rule["Name"] == name.lower()
    assert resolved(rule["Value"], {name: raw}) == encoded
    assert unquote_plus(encoded) == raw


@pytest.mark.parametrize("name", ["Prefix", "Suffix"])
def test_every_character_that_is_allowed_is_right_in_every_way_in(name: str) -> None:
    _, (configuration,), _ = NOTIFICATIONS["LambdaConfigurations"]
    _, filtered, _ = configuration["Filter"]
    _, rule, _ = filtered["S3Key"]["Rules"][["Prefix", "Suffix"].index(name)]

    for character in filter(lambda one: allowed(name, one), map(chr, range(0x250))):
        encoded = resolved(rule["Value"], {name: character})
        assert encoded == (character if character in SAFE else quote_plus(character))
        assert character not in r"*\\"
