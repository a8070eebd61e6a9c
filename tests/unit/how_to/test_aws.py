"""Policies and notifications of the how-to pages: AWS takes them, and they grant what a dispatcher needs."""

from __future__ import annotations

import json
from typing import Any

import botocore.session
import pytest
from botocore.validate import ParamValidator

from airflow_provider_hybrid.interceptor.source import template
from tests.harness.cloudformation import read_template
from tests.harness.pages import Block, pages

(_QUEUES, _KEY) = read_template(template())["Resources"]["AirflowPolicy"]["Properties"]["PolicyDocument"][
    "Statement"
]
OURS = set(_QUEUES["Action"])
"""What the template's policy for Airflow allows: all that a dispatcher, the pages and `hybrid` need."""

OF_KEYS = set(_KEY[1]["Action"])

ALLOWED: dict[str, list[set[str]]] = {
    "airflow": [OURS],
    "queue": [OURS],
    "key": [OF_KEYS],
    "bucket": [{"s3:GetObject"}],
    "trust": [{"sts:AssumeRole"}, {"sts:AssumeRoleWithWebIdentity"}],
}
"""By kind of policy: the actions that each statement may have."""

POLICIES = [block for page in pages() for block in page.of_kind("json policy")]


def listed(found: Any) -> list[Any]:
    return found if isinstance(found, list) else [found]


def test_the_template_says_what_these_tests_compare_with() -> None:
    assert {"sqs:ReceiveMessage", "sqs:SendMessage"} < OURS
    assert {"kms:Decrypt", "kms:GenerateDataKey"} == OF_KEYS


@pytest.mark.parametrize("block", POLICIES, ids=lambda block: f"{block.page}-{block.names[0]}-{block.at}")
def test_a_policy_allows_what_is_needed_and_no_more(block: Block) -> None:
    document = json.loads(block.text)
    (kind,) = block.names

    assert document["Version"] == "2012-10-17"
    for statement in document["Statement"]:
        of_a_resource = {"Resource"} if kind != "trust" else set()
        of_somebody = {"Principal"} if kind != "airflow" else set()
        assert statement.keys() - {"Sid", "Condition"} == {"Effect", "Action", *of_a_resource, *of_somebody}
        assert statement["Effect"] == "Allow"
        assert set(listed(statement["Action"])) in ALLOWED[kind]
        assert statement.get("Principal") != "*"
        if kind not in ("key", "trust"):
            assert all(resource.startswith("arn:aws:") for resource in listed(statement["Resource"]))


def test_each_kind_of_policy_is_shown() -> None:
    assert {block.names[0] for block in POLICIES} == ALLOWED.keys()


@pytest.mark.parametrize(
    "block",
    [block for page in pages() for block in page.of_kind("json notification")],
    ids=lambda block: block.page,
)
def test_a_notification_is_what_s3_takes(block: Block) -> None:
    shape = botocore.session.get_session().get_service_model("s3").shape_for("NotificationConfiguration")

    report = ParamValidator().validate(json.loads(block.text), shape)

    assert not report.has_errors(), report.generate_report()


def test_the_redrive_policy_leaves_room_for_messages_that_wait() -> None:
    """docs/waiting.md: a message that waits needs a maxReceiveCount of 6 or more."""
    (block,) = (block for page in pages() for block in page.of_kind("json attributes"))

    policy = json.loads(json.loads(block.text)["RedrivePolicy"])
    assert policy.keys() == {"deadLetterTargetArn", "maxReceiveCount"}
    assert int(policy["maxReceiveCount"]) >= 6
