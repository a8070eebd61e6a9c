"""What the how-to pages do on AWS, done: a replay out of the archive, and a queue in another account."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from airflow_provider_hybrid.config.read import parse_config
from airflow_provider_hybrid.events.message import Message
from tests.harness.aws_cli import read_call
from tests.harness.ministack import REGION, SECRET_KEY, MiniStack
from tests.harness.pages import HOW_TO, Page, commands
from tests.harness.running import running
from tests.integration.test_template import received

ACCOUNT = "000000000000"
SOURCE = "com.example.s3"
OURS, THEIRS = "111122223333", "444455556666"
"""The accounts of the page on another account."""


def type_in(ministack: MiniStack, page: Page, operation: str, here: Callable[[str], str]) -> Any:
    """Do what a command of a page says; `here` puts this AWS into its text."""
    (words,) = (
        words
        for block in page.of_kind("console")
        for words in commands(block)
        if words[:1] == ["aws"] and words[2] == operation
    )
    call = read_call([here(word) for word in words[1:]], lambda file: file)
    return getattr(ministack.client(call.service), call.method)(**call.parameters)


def test_an_event_out_of_the_archive_starts_a_run_of_its_own(ministack: MiniStack) -> None:
    """MiniStack does not archive S3's own events, so a program sends one that looks the same."""
    page = Page(HOW_TO / "replay.md")
    sqs, events = ministack.client("sqs"), ministack.client("events")
    url = sqs.create_queue(QueueName="replayed")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    events.put_rule(Name="replayed", EventPattern=json.dumps({"source": [SOURCE]}))
    events.put_targets(Rule="replayed", Targets=[{"Id": "queue", "Arn": arn}])
    now = datetime.now(timezone.utc)

    def here(word: str) -> str:
        word = word.replace("eu-west-1:123456789012", f"{REGION}:{ACCOUNT}").replace("aws.s3", SOURCE)
        word = word.replace("2026-11-28T00:00:00Z", (now - timedelta(hours=1)).isoformat())
        return word.replace("2026-11-29T00:00:00Z", (now + timedelta(hours=1)).isoformat())

    type_in(ministack, page, "create-archive", here)
    detail = {"bucket": {"name": "partner-a"}, "object": {"key": "orders/2026-11-28/1.csv", "size": 5}}
    sent = {"Source": SOURCE, "DetailType": "Object Created", "Detail": json.dumps(detail)}
    assert events.put_events(Entries=[sent])["FailedEntryCount"] == 0
    live = received(ministack, url, 1)
    type_in(ministack, page, "start-replay", here)
    again = received(ministack, url, 1)

    (block,) = page.of_kind("json configuration")
    config = parse_config(here(block.text))
    launches = [
        launch
        for message in [*live, *again]
        for launch in config.explain(Message("m", message["Body"])).delivery.launches
    ]
    assert [(launch.route, launch.trigger_dag_id) for launch in launches] == [
        ("live", "partner_a"),
        ("again", "partner_a"),
    ]
    assert type_in(ministack, page, "describe-replay", here)["State"] == "COMPLETED"


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MiniStack]:
    """An AWS that enforces policies."""
    with running(MiniStack(tmp_path_factory.mktemp("accounts"), AUTH="true")) as server:
        yield server


def client(
    ministack: MiniStack, service: str, key: str, secret: str = SECRET_KEY, token: str | None = None
) -> Any:
    return boto3.client(
        service,
        endpoint_url=ministack.endpoint_url,
        region_name=REGION,
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        aws_session_token=token,
    )


def policies() -> dict[str, str]:
    """Return the policies of the page on another account, for this region."""
    page = Page(HOW_TO / "other-account.md")
    found = {block.names[0]: block.text for block in page.of_kind("json policy")}
    return {kind: text.replace("eu-west-1", REGION) for kind, text in found.items()}


@pytest.fixture
def role(strict: MiniStack) -> Iterator[str]:
    """The role of Airflow in our account, without any right."""
    iam = client(strict, "iam", OURS)
    trust = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{OURS}:root"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    yield iam.create_role(RoleName="airflow", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    for name in iam.list_role_policies(RoleName="airflow")["PolicyNames"]:
        iam.delete_role_policy(RoleName="airflow", PolicyName=name)
    iam.delete_role(RoleName="airflow")


@pytest.fixture
def queue(strict: MiniStack) -> Iterator[str]:
    """A queue in the other account, with a message."""
    owner = client(strict, "sqs", THEIRS)
    url = owner.create_queue(QueueName="partner-events")["QueueUrl"]
    owner.send_message(QueueUrl=url, MessageBody="{}")
    yield url
    owner.delete_queue(QueueUrl=url)


@pytest.mark.parametrize("granted", [["queue", "airflow"], ["queue"], ["airflow"]], ids="+".join)
def test_a_queue_of_another_account_wants_both_policies(
    strict: MiniStack, role: str, queue: str, granted: list[str]
) -> None:
    if "queue" in granted:
        attributes = {"Policy": policies()["queue"]}
        client(strict, "sqs", THEIRS).set_queue_attributes(QueueUrl=queue, Attributes=attributes)
    if "airflow" in granted:
        client(strict, "iam", OURS).put_role_policy(
            RoleName="airflow", PolicyName="queue", PolicyDocument=policies()["airflow"]
        )
    keys = client(strict, "sts", OURS).assume_role(RoleArn=role, RoleSessionName="airflow")["Credentials"]
    airflow = client(strict, "sqs", keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])

    try:
        received = len(airflow.receive_message(QueueUrl=queue).get("Messages", []))
    except ClientError as error:
        received = error.response["Error"]["Code"]

    assert received == (1 if granted == ["queue", "airflow"] else "AccessDenied")
