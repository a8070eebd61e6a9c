"""`hybrid suggest` as one types it; the queue is moto's."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from airflow_provider_hybrid.cli.main import app
from airflow_provider_hybrid.cli.suggest import command
from airflow_provider_hybrid.config.read import parse_config
from airflow_provider_hybrid.sqs.dead_letters.holding import Holding
from tests.harness.dispatching import configure
from tests.harness.receiving import hold_without_waiting

Counts = Callable[[str], tuple[int, int]]
EVENTS = Path(__file__).parents[2] / "events"


@pytest.fixture(autouse=True)
def _moto_needs_no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    hold_without_waiting(monkeypatch)


def suggest(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["suggest", *arguments])


def upload(key: str, bucket: str = "partner-a", size: int = 7) -> str:
    event = json.loads((EVENTS / "aws_eventbridge_s3_created.json").read_text())
    event["detail"]["bucket"]["name"] = bucket
    event["detail"]["object"] |= {"key": key, "size": size}
    return json.dumps(event)


ORDER = json.dumps({"id": "1", "source": "shop", "detail-type": "Order Placed", "detail": {"order": 7}})


@pytest.fixture
def put(sqs: Any, queue_url: str) -> Callable[..., None]:
    def put(*bodies: str) -> None:
        for body in bodies:
            sqs.send_message(QueueUrl=queue_url, MessageBody=body)

    return put


@pytest.fixture
def mixed(put: Callable[..., None]) -> None:
    put(*(upload(f"orders/2026-11-{day}/a.csv") for day in (21, 22, 23)))
    put(ORDER, ORDER, "no event", '{"Event": "s3:TestEvent", "Bucket": "b"}', upload("orders/", size=0))


@pytest.mark.usefixtures("mixed")
def test_it_proposes_a_route_for_each_kind_that_can_be_pasted(queue_url: str) -> None:
    result = suggest("--queue-url", queue_url)

    assert result.exit_code == 0, result.output
    pasted = result.stdout[result.stdout.index("\n[") : result.stdout.rindex("]") + 1]
    config = parse_config(f'{{"queue_url": "{queue_url}", "routes": {pasted}}}')
    assert [(route.name, route.event_pattern) for route in config.routes] == [
        (
            "partner-a_orders_csv",
            {
                "source": ["aws.s3"],
                "detail-type": ["Object Created"],
                "detail": {
                    "bucket": {"name": ["partner-a"]},
                    "object": {"key": [{"wildcard": "orders/*.csv"}]},
                },
            },
        ),
        ("order_placed", {"source": ["shop"], "detail-type": ["Order Placed"]}),
    ]
    assert "8 message(s) were looked at and given back" in result.stdout
    assert "s3://partner-a/orders/*.csv" in result.stdout
    assert "an empty object that stands for a folder" in result.stdout
    assert "1 message(s) hold no event" in result.stdout
    assert "1 message(s) cannot be understood: the body is not JSON" in result.stdout


@pytest.mark.usefixtures("mixed")
def test_it_leaves_the_queue_as_it_was(queue_url: str, counts: Counts) -> None:
    suggest("--queue-url", queue_url)

    assert counts(queue_url) == (8, 0)


@pytest.mark.usefixtures("mixed")
@pytest.mark.parametrize("end", ["ctrl-c", "sigterm"])
def test_also_when_it_is_ended(
    queue_url: str, counts: Counts, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    read = Holding.read

    def interrupted(holding: Holding) -> Any:
        for received in read(holding):
            if end == "ctrl-c":
                raise KeyboardInterrupt
            os.kill(os.getpid(), signal.SIGTERM)
            yield received

    monkeypatch.setattr(Holding, "read", interrupted)

    result = suggest("--queue-url", queue_url)

    assert result.exit_code != 0
    assert counts(queue_url) == (8, 0)


@pytest.mark.usefixtures("mixed")
def test_also_when_it_fails(queue_url: str, counts: Counts, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(command, "_receives_left", fail)

    assert suggest("--queue-url", queue_url).exit_code != 0
    assert counts(queue_url) == (8, 0)


@pytest.mark.usefixtures("mixed")
def test_what_a_route_wants_is_said_to_be_wanted(queue_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    route = {"name": "all", "event_pattern": {"source": ["aws.s3"]}, "trigger_dag_id": "partner_a"}
    configure(monkeypatch, queue_url, routes=[route])

    found = json.loads(suggest("--json").stdout)

    by_source = {(kind["source"], kind["count"]): kind for kind in found["kinds"]}
    assert by_source["aws.s3", 3]["wanted_by"] == ["all"]
    assert by_source["aws.s3", 3]["proposal"] is None
    assert by_source["shop", 2]["proposal"]["name"] == "order_placed"
    assert [fault["count"] for fault in found["faults"]] == [1]


def test_it_says_that_a_proposal_also_wants_what_another_route_wants(
    put: Callable[..., None], queue_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(upload("orders/a.csv", size=7), upload("orders/b.csv", size=0))
    large = {"detail": {"object": {"size": [{"numeric": [">", 0]}]}}}
    configure(
        monkeypatch, queue_url, routes=[{"name": "large", "event_pattern": large, "trigger_dag_id": "d"}]
    )

    result = suggest()

    assert "partner-a_orders_csv also wants events of large" in result.stdout


def test_a_name_that_a_route_has_is_not_proposed_again(
    put: Callable[..., None], queue_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(ORDER)
    route = {"name": "order_placed", "event_pattern": {"source": ["x"]}, "trigger_dag_id": "d"}
    configure(monkeypatch, queue_url, routes=[route])

    (kind,) = json.loads(suggest("--json").stdout)["kinds"]

    assert kind["proposal"]["name"] == "order_placed_2"


def test_an_empty_queue_is_no_error(queue_url: str) -> None:
    result = suggest("--queue-url", queue_url)

    assert result.exit_code == 0
    assert "No message waits in the queue" in result.stdout


def redrive(sqs: Any, queue_url: str, dead: str, count: int) -> None:
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": count})
    sqs.set_queue_attributes(QueueUrl=queue_url, Attributes={"RedrivePolicy": policy})


def test_it_goes_no_further_once_a_look_could_cost_a_message_its_place(
    sqs: Any, queue_url: str, dead_letter_queue_url: str, put: Callable[..., None], counts: Counts
) -> None:
    redrive(sqs, queue_url, dead_letter_queue_url, 3)
    put(*[ORDER] * 25)

    first, second = suggest("--queue-url", queue_url), suggest("--queue-url", queue_url)

    assert "25 message(s) were looked at" in first.stdout
    assert first.stderr == ""
    assert "10 message(s) were looked at" in second.stdout
    assert "SQS hands them out only 1 times more" in " ".join(second.stderr.split())
    assert counts(queue_url) == (25, 0)
    assert counts(dead_letter_queue_url) == (0, 0)


def test_where_one_look_is_all_that_a_message_has_it_refuses(
    sqs: Any, queue_url: str, dead_letter_queue_url: str, put: Callable[..., None]
) -> None:
    redrive(sqs, queue_url, dead_letter_queue_url, 1)
    put(ORDER)

    result = suggest("--queue-url", queue_url)

    assert result.exit_code == 2
    assert "the maxReceiveCount of" in result.stderr


def test_it_looks_at_no_more_than_it_was_told_to(
    put: Callable[..., None], queue_url: str, counts: Counts
) -> None:
    put(*[ORDER] * 25)

    result = suggest("--queue-url", queue_url, "--limit", "10", "--json")

    assert json.loads(result.stdout)["messages"] == 10
    assert counts(queue_url) == (25, 0)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--queue-url", "partner-events"], "'partner-events' is no queue URL"),
        (["--queue-url", "arn:aws:sqs:eu-west-1:123456789012:q"], "write 'https://sqs.eu-west-1"),
        (["--variable", "nothing"], "Airflow Variable 'nothing'"),
    ],
)
def test_what_cannot_be_read_is_named(endpoint: str, arguments: list[str], said: str) -> None:
    result = suggest(*arguments)

    assert result.exit_code == 2
    assert said in result.stderr


def test_a_queue_that_is_not_there_is_named(queue_url: str) -> None:
    result = suggest("--queue-url", f"{queue_url}-gone")

    assert result.exit_code == 2
    assert "There is no queue" in result.stderr


def test_what_a_sender_writes_steers_no_terminal(put: Callable[..., None], queue_url: str) -> None:
    hostile = "\x1b[2J\u202e[red]x"
    put(json.dumps({"id": hostile, "source": hostile, "detail-type": hostile, "detail": {}}))
    put(upload(f"{hostile}/{hostile}", hostile))

    shown = suggest("--queue-url", queue_url).stdout

    assert not set(shown) & {"\x1b", "\u202e"}
    assert r"\u202e" in shown
    assert "[red]x" in shown
