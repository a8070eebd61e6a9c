"""`hybrid send` as one types it. S3 and SQS are moto's; the record's lines are written as `listen` does."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import boto3
import pytest
from airflow.models.dagrun import DagRun
from typer.testing import CliRunner, Result

from airflow_provider_hybrid.cli.main import app
from airflow_provider_hybrid.cli.send import follow
from airflow_provider_hybrid.compat.task import has_pages
from airflow_provider_hybrid.events.headline import Headline
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.parse import parse_message
from airflow_provider_hybrid.record.line import Line, RunLine
from airflow_provider_hybrid.routing.miss import Miss
from airflow_provider_hybrid.view import dispatchers
from tests.harness.dispatching import configure
from tests.harness.metadata import Record, add, known_dag
from tests.unit.conftest import REGION

ROUTE = {"name": "a", "event_pattern": {"source": ["aws.s3"]}, "trigger_dag_id": "partner_a"}
PLACE = "s3://partner-a/orders/new.csv"
RUN = RunLine("a", "partner_a", "a__orders-new.csv__0", "e-0", "started")
BASE = "https://airflow.example"

Settle = Callable[..., None]


def send(*arguments: str, text: str | None = None) -> Result:
    return CliRunner().invoke(app, ["send", *arguments], input=text)


@pytest.fixture
def s3(endpoint: str) -> Any:
    client = boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id="testing",
        aws_secret_access_key="testing",  # noqa: S106 - moto takes any
    )
    client.create_bucket(Bucket="partner-a", CreateBucketConfiguration={"LocationConstraint": REGION})
    return client


@pytest.fixture
def record(queue_url: str, airflow_database: None, monkeypatch: pytest.MonkeyPatch) -> Record:
    """The record of the dispatcher with the Variable, which listens."""
    configure(monkeypatch, queue_url, routes=[ROUTE])
    monkeypatch.setenv("AIRFLOW__API__BASE_URL", f"{BASE}/")
    monkeypatch.setattr(dispatchers, "dispatchers", lambda: {"orders": "hybrid_dispatcher", "o": "other"})
    monkeypatch.setattr("airflow_provider_hybrid.view.state.state_of", lambda *_: "listening")
    add(DagRun(dag_id="partner_a", run_id=RUN.run_id, run_type="manual", state="running"))
    return Record("orders", "o")


@pytest.fixture
def settle(record: Record, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settle]:
    """Let a dispatcher write lines while `hybrid send` waits, and fail if it did not wait for them."""
    waits: list[list[Line]] = []

    def settle(*lines: Line) -> None:
        waits.append(list(lines))

    def sleep(_seconds: float) -> None:
        if lines := waits.pop(0):
            record.write("orders", lines, datetime.now(tz=timezone.utc))

    monkeypatch.setattr(follow.time, "sleep", sleep)
    yield settle
    assert not waits


def line(message_id: str, outcome: Any = "started", **fields: Any) -> Line:
    return Line(message_id, outcome, datetime.now(tz=timezone.utc).timestamp(), **fields)


def upload(message_id: str, outcome: Any = "started", **fields: Any) -> Line:
    return line(message_id, outcome, events=(Headline("e-0", "aws.s3", subject=PLACE),), **fields)


def body(s3: Any, key: str = "orders/new.csv") -> bytes:
    found: bytes = s3.get_object(Bucket="partner-a", Key=key)["Body"].read()
    return found


def test_an_object_is_uploaded_and_followed_to_its_run(s3: Any, settle: Settle) -> None:
    settle()
    settle(upload("m-9", runs=(RUN,)))

    result = send(PLACE)

    assert result.exit_code == 0, result.output
    assert body(s3), "an empty object would stand for a folder"
    lines = result.stdout.splitlines()
    assert lines[:2] == [f"uploaded  {PLACE}", "message m-9: started"]
    assert "  run of partner_a, running:" in lines
    assert f"  {RUN.run_id}" in lines, "an id is a line of its own, to be copied"
    assert f"  {BASE}/dags/partner_a/runs/a__orders-new.csv__0" in lines


@pytest.mark.parametrize(
    ("address", "key"), [(PLACE, "orders/new.csv"), ("s3://partner-a/in/", "in/mine.csv")]
)
def test_a_file_is_uploaded_as_aws_s3_cp_does(
    s3: Any, record: Record, tmp_path: Path, address: str, key: str
) -> None:
    file = tmp_path / "mine.csv"
    file.write_bytes(b"a\r\nb\0")

    result = send(str(file), address, "--no-wait")

    assert result.exit_code == 0, result.output
    assert body(s3, key) == b"a\r\nb\0"
    assert result.stdout == f"uploaded  s3://partner-a/{key}\n"


def test_an_object_that_exists_is_not_replaced(s3: Any, record: Record) -> None:
    s3.put_object(Bucket="partner-a", Key="orders/new.csv", Body=b"precious")

    result = send(PLACE)

    assert result.exit_code == 2
    sentence, *_what_to_do = result.stderr.splitlines()
    assert "exists, and would be replaced, so nothing was uploaded" in sentence
    assert "--overwrite" in sentence
    assert body(s3) == b"precious"


def test_nor_if_it_comes_between_the_look_and_the_upload(
    s3: Any, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    s3.put_object(Bucket="partner-a", Key="orders/new.csv", Body=b"precious")
    monkeypatch.setattr("airflow_provider_hybrid.cli.send.upload._is_there", lambda *_: False)

    result = send(PLACE)

    assert result.exit_code == 2
    assert "exists, and would be replaced" in result.stderr
    assert body(s3) == b"precious"


def test_nor_by_a_store_that_knows_no_conditions(
    s3: Any, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Old:
        head_object = s3.head_object

        def put_object(self, IfNoneMatch: str = "", **said: Any) -> None:  # noqa: N803 - boto3's name
            s3.put_object(**said)

    monkeypatch.setattr("airflow.providers.amazon.aws.hooks.s3.S3Hook.get_conn", lambda _: Old())
    s3.put_object(Bucket="partner-a", Key="orders/new.csv", Body=b"precious")

    result = send(PLACE)

    assert result.exit_code == 2
    assert body(s3) == b"precious"


def test_with_overwrite_it_is_replaced_and_its_first_message_is_not_taken_for_the_second(
    s3: Any, record: Record, settle: Settle
) -> None:
    s3.put_object(Bucket="partner-a", Key="orders/new.csv", Body=b"old")
    record.write("orders", [upload("m-old", runs=(RUN,))], datetime.now(tz=timezone.utc))
    settle(upload("m-new", "unmatched", reason="no route wants it"))

    result = send(PLACE, "--overwrite", "--json")

    assert result.exit_code == 1
    assert body(s3) != b"old"
    assert [one["message_id"] for one in json.loads(result.stdout)["sent"]] == ["m-new"]


@pytest.mark.parametrize("address", ["s3://partner-a", "s3://partner-a/", "s3://partner-a/in/", "s3:///x"])
def test_an_address_without_an_object_is_refused(s3: Any, record: Record, address: str) -> None:
    result = send(address)

    assert result.exit_code == 2
    assert f"{address!r} names no object. Write s3://<bucket>/<key>" in result.stderr


def test_a_bucket_that_is_not_there_is_named(s3: Any, record: Record) -> None:
    result = send("s3://partner-z/a.csv")

    assert result.exit_code == 2
    sentence, *_what_to_do = (line for line in result.stderr.splitlines() if "hybrid send: " in line)
    assert sentence.startswith("hybrid send: S3 does not take s3://partner-z/a.csv")
    assert "Create the bucket 'partner-z'" in sentence


def test_a_message_is_sent_to_the_queue_and_followed(
    sqs: Any, queue_url: str, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("airflow_provider_hybrid.cli.send.command.enqueue", sending("m-1"))
    settle(line("m-0", runs=(RUN,)), line("m-1", "waiting", reason="no room"))
    settle(line("m-1", "rejected", reason="the body is not JSON", dead_lettered=True))

    result = send("-", text="no event")

    assert result.exit_code == 1, result.output
    assert result.stdout.splitlines()[:4] == [
        "sent  m-1",
        "message m-1: rejected",
        "  the body is not JSON",
        "  it is in the dead-letter queue: `hybrid dead-letters list`",
    ]
    assert "waiting: no room" in result.stderr


def sending(message_id: str) -> Any:
    """Give the message that is sent an id that a test knows."""
    from airflow_provider_hybrid.cli.send.enqueue import enqueue

    def send(*arguments: Any) -> str:
        enqueue(*arguments)
        return message_id

    return send


def test_it_says_why_no_route_wants_it(settle: Settle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("airflow_provider_hybrid.cli.send.command.enqueue", sending("m-1"))
    miss = Miss("e-0", "a", "source: wants ['aws.s3'], found 'shop'")
    settle(line("m-1", "unmatched", reason="no route wants it", misses=(miss,)))

    result = send("-", text='{"source": "shop"}')

    assert result.exit_code == 1
    assert "  route a: source: wants ['aws.s3'], found 'shop'" in result.stdout.splitlines()


def received(sqs: Any, queue_url: str) -> list[dict[str, Any]]:
    answer = sqs.receive_message(
        QueueUrl=queue_url, MaxNumberOfMessages=10, AttributeNames=["All"], MessageAttributeNames=["All"]
    )
    return list(answer.get("Messages", []))


def test_what_aws_sqs_receive_message_prints_is_sent_as_it_was(
    sqs: Any, queue_url: str, record: Record, tmp_path: Path
) -> None:
    sqs.send_message(
        QueueUrl=queue_url,
        MessageBody='{"a": 1}\n',
        MessageAttributes={
            "HybridMessageId": {"DataType": "String", "StringValue": "m-first"},
            "HybridErrorType": {"DataType": "String", "StringValue": "Unmatched"},
            "data": {"DataType": "Binary", "BinaryValue": b"\0\1"},
        },
    )
    (first,) = received(sqs, queue_url)
    file = tmp_path / "message.json"
    first["MessageAttributes"]["data"]["BinaryValue"] = "AAE="
    file.write_text(json.dumps({"Messages": [first]}, default=str))

    result = send(str(file), "--no-wait")

    assert result.exit_code == 0, result.output
    (second,) = received(sqs, queue_url)
    assert second["Body"] == '{"a": 1}\n'
    assert second["MessageAttributes"]["HybridMessageId"]["StringValue"] == "m-first"
    assert second["MessageAttributes"]["data"]["BinaryValue"] == b"\0\1"
    assert "HybridErrorType" not in second["MessageAttributes"], "it is no dead letter"
    assert result.stdout == f"sent  {second['MessageId']}\n"


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (["--set", "bucket=partner-a", "--set", "key=a.csv", "--set", "size=7"], ("partner-a", "a.csv", 7)),
        (["--set", "key=7", "--set", 'key="8"'], ("example-bucket", "8", 1024)),
        (["--set", "key=a.csv", "--via", "sns"], ("example-bucket", "a.csv", 1024)),
    ],
)
def test_a_sample_is_sent_as_its_producer_sends_it(
    sqs: Any, queue_url: str, record: Record, arguments: list[str], found: tuple[Any, ...]
) -> None:
    result = send("--sample", "s3:ObjectCreated:Put", *arguments, "--no-wait")

    assert result.exit_code == 0, result.output
    (message,) = received(sqs, queue_url)
    (event,) = parse_message(Message.from_sqs(message))
    thing = event.detail["object"]
    assert (event.detail["bucket"]["name"], thing["key"], thing["size"]) == found


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--sample", "s3:ObjectCreated:Putt"], "did you mean 's3:ObjectCreated:Put"),
        (["--sample", "json", "--set", "dta=1"], "did you mean 'data'"),
        (["--sample", "json", "--set", "data"], "names no fact. Write NAME=VALUE"),
        (["--sample", "json", "-"], "name what to send"),
        ([], "name what to send"),
    ],
)
def test_what_cannot_be_sent_is_named(record: Record, arguments: list[str], said: str) -> None:
    result = send(*arguments)

    assert result.exit_code == 2
    assert said in " ".join(result.stderr.replace("│", " ").split())


def test_a_fifo_queue_gets_its_message_group(sqs: Any, record: Record, tmp_path: Path) -> None:
    url = sqs.create_queue(QueueName="orders.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
    config = tmp_path / "config.json"
    config.write_text(json.dumps({"queue_url": url, "routes": [ROUTE]}))
    known = {"MessageId": "m", "ReceiptHandle": "h", "Body": "{}"}
    known["Attributes"] = {"MessageGroupId": "blue", "MessageDeduplicationId": "d"}  # type: ignore[assignment]

    for text in ("{}", "{}", json.dumps(known)):
        assert send("-", "--no-wait", "--config", str(config), text=text).exit_code == 0

    attributes = [one["Attributes"] for one in received(sqs, url)]
    assert [one["MessageGroupId"] for one in attributes] == ["hybrid-send", "hybrid-send", "blue"]
    assert attributes[2]["MessageDeduplicationId"] == "d"


def test_for_programs_it_is_json(settle: Settle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("airflow_provider_hybrid.cli.send.command.enqueue", sending("m-1"))
    settle(line("m-1", runs=(RUN,)))

    result = send("-", "--json", text="{}")

    (one,) = json.loads(result.stdout)["sent"]
    assert one.pop("url") == (f"{BASE}/hybrid/events?contains=m-1" if has_pages() else None)
    (run,) = one.pop("runs")
    assert run == {
        "route": "a",
        "dag_id": "partner_a",
        "run_id": RUN.run_id,
        "state": "running",
        "url": f"{BASE}/dags/partner_a/runs/a__orders-new.csv__0",
    }
    assert one == {
        "sent": "m-1",
        "message_id": "m-1",
        "outcome": "started",
        "reason": None,
        "dead_lettered": False,
        "returns_at": None,
        "misses": [],
    }


def test_when_the_time_is_over_it_leaves_with_3(s3: Any, record: Record) -> None:
    result = send(PLACE, "--timeout", "0")

    assert result.exit_code == 3
    assert f"no dispatcher has settled {PLACE} yet" in result.stdout
    assert "Does its bucket tell the queue" in result.stdout


def test_after_ctrl_c_it_says_what_it_knows(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(follow.time, "sleep", interrupt)

    result = send("-", text="{}")

    assert result.exit_code == 3
    assert "no dispatcher has settled" in result.stdout


def test_a_dispatcher_that_does_not_listen_is_named(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    add(known_dag("orders", is_paused=True))
    monkeypatch.setattr("airflow_provider_hybrid.view.state.state_of", lambda *_: "paused")

    result = send("-", "--timeout", "0", text="{}")

    assert "orders: it is paused: messages wait in the queue. `airflow dags unpause`" in result.stderr


def test_where_no_dispatcher_has_the_variable_it_says_so(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatchers, "dispatchers", dict)

    result = send("-", "--timeout", "0", text="{}")

    assert "Airflow knows no dispatcher with the Variable 'hybrid_dispatcher'" in result.stderr


def test_where_the_record_names_no_object_it_does_not_wait(
    s3: Any, record: Record, queue_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(monkeypatch, queue_url, routes=[ROUTE], run_ids="opaque")

    result = send(PLACE)

    assert result.exit_code == 3
    assert "the record names none, as 'run_ids' is 'opaque'" in result.stderr


def test_a_standard_queue_gets_a_messages_group_too(sqs: Any, queue_url: str, record: Record) -> None:
    """SQS serves the groups of a standard queue fairly; a redrive keeps them, too."""
    known = {"MessageId": "m", "ReceiptHandle": "h", "Body": "{}", "Attributes": {"MessageGroupId": "blue"}}

    assert send("-", "--no-wait", text=json.dumps(known)).exit_code == 0

    (message,) = received(sqs, queue_url)
    assert message["Attributes"]["MessageGroupId"] == "blue"


def test_if_not_all_messages_are_sent_it_says_how_many_are(sqs: Any, queue_url: str, record: Record) -> None:
    """SQS refuses the second one, whose attribute has no type."""
    known = {"MessageId": "m", "ReceiptHandle": "h", "Body": "{}"}
    bad = {**known, "MessageAttributes": {"a": {"DataType": "Nonsense", "StringValue": "b"}}}

    result = send("-", text=json.dumps([known, bad, known]))

    assert result.exit_code == 2
    assert "Only the first 1 of 3 messages were sent" in result.stderr
    assert len(received(sqs, queue_url)) == 1


def test_without_a_message_nothing_is_sent(record: Record) -> None:
    result = send("-", text='{"Messages": []}')

    assert result.exit_code == 2
    assert "there is no message" in result.stderr


def test_a_queue_that_is_not_there_is_named(
    record: Record, queue_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(monkeypatch, f"{queue_url}-gone", routes=[ROUTE])

    result = send("-", text="{}")

    assert result.exit_code == 2
    assert "There is no queue" in result.stderr
