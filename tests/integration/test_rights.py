"""IAM and queue policies enforced, the template's policy for Airflow is enough, and all of it is needed."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from typer.testing import CliRunner

from airflow_provider_hybrid.cli.main import app
from airflow_provider_hybrid.exceptions import QueueError
from tests.harness.dispatching import configure, dispatch
from tests.harness.ministack import MiniStack
from tests.harness.proxy import ALL, Answer, Proxy, Request
from tests.harness.receiving import hold_without_waiting
from tests.harness.running import running
from tests.harness.stack import Stack

ACTIONS = [
    "sqs:ReceiveMessage",
    "sqs:DeleteMessage",
    "sqs:ChangeMessageVisibility",
    "sqs:GetQueueAttributes",
    "sqs:SendMessage",
]
PARTNER = {
    "name": "partner",
    "event_pattern": {"detail": {"order": [7]}},
    "trigger_dag_id": "partner",
}
MISSING = {"name": "missing", "event_pattern": {"detail": {"order": [8]}}, "trigger_dag_id": "missing"}


@pytest.fixture(scope="module")
def plain_http(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MiniStack]:
    """An AWS that enforces policies, without TLS."""
    with running(MiniStack(tmp_path_factory.mktemp("strict"), AUTH="true")) as server:
        yield server


@pytest.fixture(scope="module")
def strict(plain_http: MiniStack) -> Iterator[MiniStack]:
    """The same behind something that ends TLS, and says so in the usual header."""
    with running(Proxy(plain_http.endpoint_url)) as proxy, proxy.fault(ALL, _with_tls):
        server = copy(plain_http)
        server.endpoint_url = proxy.endpoint_url
        yield server


def _with_tls(request: Request, forward: Any) -> Answer:
    request.headers["x-forwarded-proto"] = "https"
    answer: Answer = forward(request)
    return answer


@pytest.fixture(scope="module")
def stack(strict: MiniStack) -> Stack:
    return Stack(strict, "rights").create(
        WayIn="sqs", QueueName="orders", Bucket1="named", CreateBucket1="true"
    )


@dataclass
class Airflow:
    """Somebody with nothing but the rights of a policy, and what he does with them.

    Args:
        strict: The AWS.
        stack: Its stack.
        folder: For files.
        monkeypatch: Sets the Variable.
        log: What the tasks log.
        names_dead_letter_queue: Whether the configuration does; else it is found by the redrive policy.
    """

    strict: MiniStack
    stack: Stack
    folder: Path
    monkeypatch: pytest.MonkeyPatch
    log: pytest.LogCaptureFixture
    names_dead_letter_queue: bool = False

    def denied(self) -> set[str]:
        """Do all that there is to do; return what did not work for the lack of a right."""
        jobs = {"dispatcher": self.dispatcher, "dead letters": self.dead_letters}
        return {name for name, job in jobs.items() if not job()}

    def dispatcher(self) -> bool:
        """Launch one run, reject one message, give one back whose DAG is missing."""
        url, sqs = self.stack.outputs["QueueUrl"], self.strict.client("sqs")
        configure(self.monkeypatch, url, routes=[PARTNER, MISSING])
        for body in ('{"order": 7}', '{"order": 8}', "rubbish"):
            sqs.send_message(QueueUrl=url, MessageBody=body)
        try:
            done = dispatch(self.monkeypatch, 3, "partner")
        except QueueError:
            return False
        told = " ".join(map(str, done.errors))
        assert len(done.confs) == 1
        assert "'missing'" in told
        return "AccessDenied" not in told + self.log.text

    def dead_letters(self) -> bool:
        """List dead letters, and send one back."""
        dead = self.stack.outputs["DeadLetterQueueUrl"]
        self.strict.client("sqs").send_message(QueueUrl=dead, MessageBody="rubbish")
        listed = self.hybrid("dead-letters", "list", "--config", str(self.file))
        sent = self.hybrid("dead-letters", "redrive", "--all", "--yes", "--config", str(self.file))
        return listed.exit_code == sent.exit_code == 0

    def doctor(self) -> list[str]:
        """Return what the doctor finds missing."""
        result = self.hybrid("doctor", "--config", str(self.file), "--json")
        findings = json.loads(result.stdout)["findings"]
        faults = [finding["check"] for finding in findings if finding["level"] == "fault"]
        assert result.exit_code == bool(faults)
        return faults

    @property
    def file(self) -> Path:
        """The configuration."""
        file = self.folder / "config.json"
        document = {"queue_url": self.stack.outputs["QueueUrl"], "routes": [PARTNER, MISSING]}
        if self.names_dead_letter_queue:
            document["dead_letter_queue_url"] = self.stack.outputs["DeadLetterQueueUrl"]
        file.write_text(json.dumps(document))
        return file

    def hybrid(self, *words: str) -> Any:
        return CliRunner().invoke(app, words)


@pytest.fixture
def airflow(
    strict: MiniStack,
    stack: Stack,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> Airflow:
    hold_without_waiting(monkeypatch)
    sqs = strict.client("sqs")
    for url in (stack.outputs["QueueUrl"], stack.outputs["DeadLetterQueueUrl"]):
        sqs.purge_queue(QueueUrl=url)
    iam = strict.client("iam")
    iam.create_user(UserName=tmp_path.name)
    key = iam.create_access_key(UserName=tmp_path.name)["AccessKey"]
    connection = strict.airflow_connection(login=key["AccessKeyId"], password=key["SecretAccessKey"])
    monkeypatch.setenv("AIRFLOW_CONN_AWS_DEFAULT", connection)
    return Airflow(strict, stack, tmp_path, monkeypatch, caplog)


def allow(airflow: Airflow, actions: dict[str, list[str]]) -> None:
    """Grant actions on queues, by ARN; MiniStack has names of its own for batches, which IAM has not."""
    statements = [
        {
            "Effect": "Allow",
            "Action": [name for action in allowed for name in (action, f"{action}Batch")],
            "Resource": arn,
        }
        for arn, allowed in actions.items()
    ]
    document = json.dumps({"Version": "2012-10-17", "Statement": statements})
    airflow.strict.client("iam").put_user_policy(
        UserName=airflow.folder.name, PolicyName="airflow", PolicyDocument=document
    )


def policy(strict: MiniStack, stack: Stack) -> dict[str, list[str]]:
    """Return what the template's policy allows, by resource; it denies nothing."""
    iam, arn = strict.client("iam"), stack.outputs["AirflowPolicyArn"]
    version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    document = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]
    (statement,) = document["Statement"]
    return {resource: list(statement["Action"]) for resource in statement["Resource"]}


def test_the_policy_names_these_actions_on_these_queues(strict: MiniStack, stack: Stack) -> None:
    arn = stack.outputs["QueueArn"]

    assert policy(strict, stack) == {arn: ACTIONS, f"{arn}-dead": ACTIONS}


def test_the_policy_is_enough(airflow: Airflow) -> None:
    allow(airflow, policy(airflow.strict, airflow.stack))

    assert airflow.doctor() == []
    assert airflow.denied() == set()


@pytest.mark.parametrize("suffix", ["", "-dead"], ids=["queue", "dead-letter queue"])
@pytest.mark.parametrize("action", ACTIONS)
def test_without_one_action_something_does_not_work_and_the_doctor_names_it(
    airflow: Airflow, action: str, suffix: str
) -> None:
    allowed = policy(airflow.strict, airflow.stack)
    allowed[f"{airflow.stack.outputs['QueueArn']}{suffix}"].remove(action)
    allow(airflow, allowed)

    assert airflow.denied() != set()
    assert f"{action} on the {'dead-letter queue' if suffix else 'queue'}" in airflow.doctor()


def test_the_queue_refuses_a_bucket_that_its_policy_does_not_name(strict: MiniStack, stack: Stack) -> None:
    s3 = strict.client("s3")
    s3.create_bucket(Bucket="stranger")
    told = {"QueueArn": stack.outputs["QueueArn"], "Events": ["s3:ObjectCreated:*"]}

    with pytest.raises(ClientError, match="Unable to validate the following destination"):
        s3.put_bucket_notification_configuration(
            Bucket="stranger", NotificationConfiguration={"QueueConfigurations": [told]}
        )


def test_the_queues_refuse_whoever_comes_without_tls(
    airflow: Airflow, plain_http: MiniStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow(airflow, policy(airflow.strict, airflow.stack))
    connection = json.loads(os.environ["AIRFLOW_CONN_AWS_DEFAULT"])
    connection["extra"]["endpoint_url"] = plain_http.endpoint_url
    monkeypatch.setenv("AIRFLOW_CONN_AWS_DEFAULT", json.dumps(connection))

    airflow.names_dead_letter_queue = True

    places = ("queue", "dead-letter queue")
    assert set(airflow.doctor()) == {f"{action} on the {place}" for action in ACTIONS for place in places}
