"""`hybrid doctor` as one types it, before an AWS that allows everything."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError, NoRegionError
from typer.testing import CliRunner

from airflow_provider_hybrid.cli.doctor import versions
from airflow_provider_hybrid.cli.doctor.trouble import finding_of
from airflow_provider_hybrid.cli.main import app
from airflow_provider_hybrid.exceptions import QueueError
from airflow_provider_hybrid.sqs.queue import Queue
from tests.harness.outputs import output_of

Json = dict[str, Any]
Examine = Callable[..., tuple[int, list[Json]]]

HEARTBEAT_TIMEOUT = "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT"
ROUTE = {"name": "a", "event_pattern": {"source": ["a"]}, "trigger_dag_id": "dag_a"}


@pytest.fixture
def queues(sqs: Any) -> Callable[..., tuple[str, str]]:
    """Create a queue and its dead-letter queue as the template does, but for what a test changes."""

    def create(
        dead_name: str = "orders-dead", receives: int = 10, retention: int = 345_600
    ) -> tuple[str, str]:
        fifo = {"FifoQueue": "true"} if dead_name.endswith(".fifo") else {}
        keep = {"MessageRetentionPeriod": "1209600", **fifo}
        dead = sqs.create_queue(QueueName=dead_name, Attributes=keep)["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": receives})
        keep = {"MessageRetentionPeriod": str(retention)}
        url = sqs.create_queue(
            QueueName="orders", Attributes={**keep, **({} if fifo else {"RedrivePolicy": policy})}
        )
        return url["QueueUrl"], dead

    return create


@pytest.fixture
def examine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Examine:
    """Call the doctor; give its exit code, and what it says beside what is fine."""
    monkeypatch.setenv(HEARTBEAT_TIMEOUT, "60")

    def call(queue_url: str, **settings: Any) -> tuple[int, list[Json]]:
        file = tmp_path / "config.json"
        file.write_text(json.dumps({"queue_url": queue_url, "routes": [ROUTE], **settings}))
        result = CliRunner().invoke(app, ["doctor", "--config", str(file), "--json"])
        found = [
            finding
            for finding in output_of("doctor", result.stdout)["findings"]
            if finding["level"] != "fine"
        ]
        assert all(finding["fix"] for finding in found)
        # There is no Airflow behind a unit test.
        return result.exit_code, [finding for finding in found if finding["check"] != "DAGs"]

    return call


def test_where_all_is_well_it_leaves_with_0(queues: Any, examine: Examine) -> None:
    assert examine(queues()[0]) == (0, [])


def test_it_touches_no_message(queues: Any, examine: Examine, sqs: Any) -> None:
    for url in queues():
        sqs.send_message(QueueUrl=url, MessageBody="{}")
    url, dead = queues()

    examine(url, dead_letter_queue_url=dead)

    for queue_url in (url, dead):
        answer = sqs.receive_message(QueueUrl=queue_url, MessageSystemAttributeNames=["All"])
        (message,) = answer["Messages"]
        assert message["Attributes"]["ApproximateReceiveCount"] == "1"
        assert message["Body"] == "{}"


def test_a_queue_that_does_not_exist_is_a_fault(queues: Any, examine: Examine) -> None:
    code, (finding,) = examine(queues()[0].replace("orders", "order"))

    assert (code, finding["check"], finding["level"]) == (1, "queue", "fault")
    assert "mend 'queue_url'" in finding["fix"]


def test_a_dead_letter_queue_that_does_not_exist_is_a_fault(queues: Any, examine: Examine) -> None:
    url, dead = queues()

    code, findings = examine(url, dead_letter_queue_url=dead.replace("-dead", "-gone"))

    assert code == 1
    assert [(finding["check"], finding["level"]) for finding in findings] == [
        ("redrive policy", "warning"),
        ("dead-letter queue", "fault"),
    ]


def test_an_aws_that_does_not_answer_is_a_fault(
    queues: Any, examine: Examine, monkeypatch: pytest.MonkeyPatch
) -> None:
    extra = {"endpoint_url": "http://127.0.0.1:9", "region_name": "eu-west-1"}
    connection = {"conn_type": "aws", "login": "x", "password": "s3cr3t", "extra": extra}
    monkeypatch.setenv("AIRFLOW_CONN_AWS_DEFAULT", json.dumps(connection))

    code, (finding,) = examine(queues()[0])

    assert (code, finding["check"]) == (1, "queue")
    assert "connection 'aws_default'" in finding["found"]
    assert "s3cr3t" not in str(finding)


def delayed(seconds: int) -> Json:
    return {"routes": [{**ROUTE, "delay_seconds": seconds}]}


@pytest.mark.parametrize(
    ("changes", "settings", "check", "level", "words"),
    [
        ({"receives": 3}, {}, "redrive policy", "warning", "maxReceiveCount is 3"),
        ({"retention": 1_209_600}, {}, "retention", "warning", "1209600 s"),
        ({}, {"visibility_timeout": 3600}, "visibility timeout", "warning", "3600 s"),
        ({"retention": 600}, {"visibility_timeout": 700}, "visibility timeout", "fault", "drops"),
        ({"receives": 5}, delayed(60), "waits", "warning", "maxReceiveCount is 5, and waiting takes 2"),
        ({"receives": 20}, delayed(450_000), "waits", "fault", "SQS drops a message after 345600 s"),
        (
            {"receives": 6, "retention": 1_200_000},
            delayed(300_000),
            "waits",
            "fault",
            "events of route 'a' wait only with 9 or more",
        ),
    ],
)
def test_settings_that_do_not_go_together(
    queues: Any, examine: Examine, changes: Json, settings: Json, check: str, level: str, words: str
) -> None:
    code, (finding,) = examine(queues(**changes)[0], **settings)

    assert (finding["check"], finding["level"]) == (check, level)
    assert words in finding["found"]
    assert code == int(level == "fault")


def test_a_queue_without_redrive_policy(examine: Examine, queue_url: str) -> None:
    code, findings = examine(queue_url)

    assert code == 0
    assert [finding["check"] for finding in findings] == ["redrive policy", "dead-letter queue"]


def test_queues_of_two_kinds(queues: Any, examine: Examine) -> None:
    url, dead = queues("orders-dead.fifo")

    code, findings = examine(url, dead_letter_queue_url=dead)

    assert code == 1
    assert ("kind of queue", "fault") in [(finding["check"], finding["level"]) for finding in findings]


def test_a_package_that_is_too_old_and_one_that_is_missing(
    queues: Any, examine: Examine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(versions, "requires", lambda _name: ["jinja2>=99", "no-such-package>=1", "typer"])

    code, (old, missing) = examine(queues()[0])

    assert code == 1
    assert "needed is >=99" in old["found"]
    assert missing["fix"] == "pip install 'no-such-package>=1'"


def test_what_only_an_extra_or_another_python_needs_may_be_missing(
    queues: Any, examine: Examine, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = ["no-such-package>=2; extra == 'messaging'", "no-such-package; python_version < '3'", "typer"]
    monkeypatch.setattr(versions, "requires", lambda _name: lines)

    assert examine(queues()[0]) == (0, [])


def test_what_a_named_extra_brings_must_be_there(
    queues: Any, examine: Examine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`pip install --no-deps` of the provider alone brings no asynchronous client."""
    lines = {
        versions.DISTRIBUTION: ["apache-airflow-providers-amazon[aiobotocore]>=9; python_version > '3'"],
        "apache-airflow-providers-amazon": ["boto3", "no-such-client>=2; extra == 'aiobotocore'"],
    }
    monkeypatch.setattr(versions, "requires", lines.get)

    code, (finding,) = examine(queues()[0])

    assert (code, finding["check"]) == (1, "package no-such-client")
    assert finding["fix"] == "pip install 'no-such-client>=2'"


@pytest.mark.parametrize(
    ("airflow", "fastapi", "pin"),
    [
        ("3.0.6", "0.132.0", "fastapi<0.132"),
        ("3.2.0", "0.137.0", "fastapi<0.137"),
        ("3.2.2", "0.165.0", "fastapi<0.137"),
        ("3.0.6", "0.131.0", None),
        ("3.1.8", "0.117.1", None),
        ("3.2.2", "0.136.3", None),
        ("3.3.2", "0.165.0", None),
    ],
)
def test_an_airflow_that_does_not_work_with_its_fastapi_is_a_fault(
    queues: Any,
    examine: Examine,
    monkeypatch: pytest.MonkeyPatch,
    airflow: str,
    fastapi: str,
    pin: str | None,
) -> None:
    installed = {versions.AIRFLOW: airflow, "fastapi": fastapi}
    monkeypatch.setattr(versions, "requires", lambda _name: [])
    monkeypatch.setattr(versions, "version", installed.__getitem__)

    code, findings = examine(queues()[0])

    assert [(finding["level"], finding["fix"]) for finding in findings] == [
        ("fault", f"pip install 'apache-airflow=={airflow}' '{pin}'")
    ] * bool(pin)
    assert code == bool(pin)
    assert all(f"{fastapi}, and with it Airflow {airflow}" in finding["found"] for finding in findings)


def test_a_dead_worker_that_airflow_notices_late_is_a_warning(
    queues: Any, examine: Examine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(HEARTBEAT_TIMEOUT)

    code, (finding,) = examine(queues()[0])

    assert (code, finding["check"], finding["level"]) == (0, "heartbeat timeout", "warning")
    assert "noticed after 300 s" in finding["found"]
    assert finding["fix"] == "Set [scheduler] task_instance_heartbeat_timeout = 60"


def test_without_a_configuration_it_leaves_with_2(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["doctor", "--config", str(tmp_path / "none.json")])

    assert result.exit_code == 2
    assert "hybrid doctor:" in result.stderr


def test_without_a_connection_it_says_how_to_make_one(
    queues: Any, examine: Examine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the machine's own credentials are good for is another matter."""
    url = queues()[0]
    monkeypatch.delenv("AIRFLOW_CONN_AWS_DEFAULT")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")

    code, findings = examine(url)

    missing, fault = (finding for finding in findings if finding["check"] == "connection")
    assert (code, missing["level"], fault["level"]) == (1, "warning", "fault")
    assert "Airflow finds no connection 'aws_default'" in missing["found"]
    assert "airflow connections add aws_default --conn-type aws" in missing["fix"]
    assert fault["found"].startswith(f"No AWS region: {url!r} names none, nor do this machine's own")
    assert fault["fix"] == "Set 'region_name' in the dispatcher's Variable or the DAG file"

    _, findings = examine(url, region_name="eu-west-1")

    (fault,) = (finding for finding in findings if finding["level"] == "fault")
    assert (fault["check"], fault["found"]) == (
        "queue",
        "No AWS credentials: this machine has none of its own",
    )
    assert fault["fix"] == "Give the machine a role, or name a connection as 'aws_conn_id'"


def test_the_machines_own_credentials_need_no_connection(
    queues: Any, examine: Examine, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = queues()[0]
    connection = json.loads(os.environ["AIRFLOW_CONN_AWS_DEFAULT"])
    monkeypatch.setenv("AWS_ENDPOINT_URL_SQS", connection["extra"]["endpoint_url"])
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    monkeypatch.delenv("AIRFLOW_CONN_AWS_DEFAULT")

    code, (finding,) = examine(url, region_name="eu-west-1")
    assert (code, finding["check"], finding["level"]) == (0, "connection", "warning")

    assert examine(url, region_name="eu-west-1", aws_conn_id=None) == (0, [])


def test_a_broken_route_is_a_fault_with_its_fix(queues: Any, examine: Examine) -> None:
    code, (finding,) = examine(queues()[0], routes=[ROUTE, {**ROUTE, "name": "b", "confs": {}}])

    assert (code, finding["found"]) == (1, "routes[1].confs: unknown key")
    assert finding["fix"] == "Did you mean 'conf'. Meanwhile the other routes go on"


def test_people_get_lines_and_a_sum(queues: Any, tmp_path: Path) -> None:
    file = tmp_path / "config.json"
    file.write_text(json.dumps({"queue_url": queues(receives=3)[0], "routes": [ROUTE]}))

    result = CliRunner().invoke(app, ["doctor", "--config", str(file)])

    assert result.exit_code == 0
    assert "maxReceiveCount is 3" in result.stdout
    assert "rights on the dead-letter queue: allowed are sqs:GetQueueAttributes" in result.stdout
    assert re.fullmatch(r"no faults, \d warnings, \d checks passed", result.stdout.splitlines()[-1])


@pytest.mark.parametrize(
    "error",
    [
        NoCredentialsError(),
        NoRegionError(),
        EndpointConnectionError(endpoint_url="http://127.0.0.1:9"),
        ClientError({"Error": {"Code": "InvalidAddress", "Message": "wrong"}}, "ReceiveMessage"),
        ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "ReceiveMessage"),
        QueueError("Connection 'a' cannot be used: ValueError: x", "Look at its extra"),
        QueueError("nobody knows what to do"),
    ],
    ids=repr,
)
@pytest.mark.parametrize("connection", ["aws_orders", None])
def test_what_to_do_never_repeats_what_was_found(error: Exception, connection: str | None) -> None:
    finding = finding_of(error, "queue", Queue("https://sqs/1/q", connection))

    assert "" not in (finding.found, finding.mend)
    assert finding.found not in finding.mend
    assert finding.mend not in finding.found
    assert not finding.found.endswith(".")
