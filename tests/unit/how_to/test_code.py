"""The Python code of the how-to pages: a DAG file gives the DAGs that it names, and tasks do their work."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from http.server import HTTPServer
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import httpx
import pytest
from airflow import __version__
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from airflow_provider_hybrid.config.read import parse_config
from airflow_provider_hybrid.events.message import Message
from tests.harness.pages import Block, Page, pages
from tests.unit.conftest import REGION

try:
    from airflow.dag_processing.dagbag import DagBag
except ImportError:  # before Airflow 3.2
    from airflow.models.dagbag import DagBag

CODE = [block for page in pages() for block in page.of_kind("python dag")]
PROGRAMS = {"forwarder", "sender"}
"""The programs that have a test below."""


def page(name: str) -> Page:
    (found,) = (each for each in pages() if each.name == name)
    return found


def runs_here(block: Block) -> bool:
    """Say whether the block is for this version of Airflow: ``airflow>=3.3`` behind the DAGs' ids."""
    wanted = [name.removeprefix("airflow") for name in block.names if name.startswith("airflow")]
    return all(Version(__version__) in SpecifierSet(versions) for versions in wanted)


def dags_in(block: Block, folder: Path) -> dict[str, Any]:
    """Parse a DAG file as Airflow does."""
    file = folder / f"{block.page}_{block.at}.py"
    file.write_text(block.text)
    bag = DagBag(dag_folder=str(file), collect_dags=False)
    bag.process_file(str(file))
    assert bag.import_errors == {}
    return dict(bag.dags)


def function(dag: Any, task_id: str) -> Callable[..., Any]:
    """Return what a task calls."""
    found: Callable[..., Any] = dag.get_task(task_id).python_callable
    return found


def dag_run(**conf: Any) -> Any:
    return SimpleNamespace(conf=conf)


@pytest.mark.parametrize("block", CODE, ids=lambda block: f"{block.page}-{block.at}")
def test_a_dag_file_gives_the_dags_that_it_names(block: Block, tmp_path: Path) -> None:
    if not runs_here(block):
        pytest.skip(f"for {block.names[-1]}")

    said = {name for name in block.names if not name.startswith("airflow")}
    assert dags_in(block, tmp_path).keys() == said


def test_each_dag_that_a_route_of_a_page_starts_is_on_the_page_or_is_the_readers_own() -> None:
    """A page with a DAG of a route shows all of them, but those that listen, and those of partners."""
    for each in pages():
        dags = {name for block in each.of_kind("python dag") for name in block.names}
        text = " ".join(block.text for block in each.of_kind("json configuration"))
        started = set(re.findall(r'"trigger_dag_id": "(\w+)"', text))
        if dags & started:
            assert started <= dags, each.name


@pytest.fixture
def s3(aws: Callable[[str], Any]) -> Any:
    client = aws("s3")
    for bucket in ("partner-a", "partner-reports", "sensors"):
        client.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    return client


def test_many_small_files_are_read_by_one_task(
    s3: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (block,) = page("many-small-files").of_kind("python dag")
    s3.put_object(Bucket="sensors", Key="readings/1.json", Body=b"{}")
    read = function(dags_in(block, tmp_path)["readings"], "read")

    read(dag_run(events=[{"bucket": "sensors", "key": "readings/1.json"}]))

    assert "readings/1.json 2" in capsys.readouterr().out


def test_the_files_beside_a_marker_are_found(s3: Any, tmp_path: Path) -> None:
    (block,) = page("marker-file").of_kind("python dag")
    for key in ("orders/d/part-0.csv", "orders/d/_SUCCESS", "orders/e/part-0.csv"):
        s3.put_object(Bucket="partner-a", Key=key, Body=b"")
    load = function(dags_in(block, tmp_path)["orders"], "load")

    assert load(dag_run(bucket="partner-a", folder="orders/d")) == ["orders/d/part-0.csv"]


def test_a_set_of_files_is_complete_with_the_last_one(s3: Any, tmp_path: Path) -> None:
    (block,) = page("files-that-belong-together").of_kind("python dag")
    (conf,) = page("files-that-belong-together").of_kind("json conf")
    is_complete = function(dags_in(block, tmp_path)["delivery"], "is_complete")
    found = []

    for file in ("lines.csv", "orders.csv"):
        s3.put_object(Bucket="partner-a", Key=f"deliveries/2026-11-29/{file}", Body=b"")
        found.append(is_complete(dag_run(**json.loads(conf.text))))

    assert found == [False, True]


def test_before_3_3_the_last_partner_of_a_day_starts_the_final_dag(s3: Any, tmp_path: Path) -> None:
    (block,) = (block for block in page("final-dag").of_kind("python dag") if len(block.names) == 3)
    dags = dags_in(block, tmp_path)
    found = []

    for name in ("partner_b", "partner_a"):
        day = function(dags[name], "load")(dag_run(day="2026-11-29"))
        found.append(function(dags[name], "all_have_delivered")(day))

    starts = dags["partner_a"].get_task("start_aggregate")
    assert found == [False, True]
    assert (starts.trigger_dag_id, starts.skip_when_already_exists) == ("aggregate", True)


@pytest.mark.parametrize("name", ["final-dag", "late-and-corrected"])
def test_from_3_3_on_a_partner_announces_its_day(name: str, tmp_path: Path) -> None:
    (block,) = (block for block in page(name).of_kind("python dag") if "airflow>=3.3" in block.names)
    if not runs_here(block):
        pytest.skip("for airflow>=3.3")
    load = function(dags_in(block, tmp_path)["partner_a"], "load")
    announced = MagicMock()

    load(dag_run(day="2026-11-29", correction=False), announced)

    (call,) = announced.mock_calls[-1:]
    assert call.args == ("2026-11-29",)
    if name == "late-and-corrected":
        corrected = MagicMock()
        load(dag_run(day="2026-11-29", correction=True), corrected)
        assert corrected.mock_calls == []


@pytest.mark.parametrize(
    ("name", "dag_id"), [("alerting", "hybrid_dispatcher"), ("missing-file", "hybrid_expectations")]
)
def test_somebody_is_told(name: str, dag_id: str, aws: Callable[[str], Any], tmp_path: Path) -> None:
    sns, sqs = aws("sns"), aws("sqs")
    (block,) = page(name).of_kind("python dag")
    topic = sns.create_topic(Name="data-platform")["TopicArn"]
    queue = sqs.create_queue(QueueName="told")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    text = re.sub(r"arn:aws:sns:[\w:-]+", topic, block.text)
    (tell,) = _as_list(
        dags_in(Block(name, block.kind, text, 0), tmp_path)[dag_id].default_args["on_failure_callback"]
    )

    tell({"ti": SimpleNamespace(dag_id=dag_id, task_id="listen"), "exception": ValueError("what is wrong")})

    (message,) = sqs.receive_message(QueueUrl=queue)["Messages"]
    assert json.loads(message["Body"])["Message"] == "what is wrong"


def _as_list(found: Any) -> list[Any]:
    return found if isinstance(found, list) else [found]


def program(name: str, kind: str = "python program") -> dict[str, Any]:
    """Run a program's definitions, and return them."""
    (block,) = (block for each in pages() for block in each.of_kind(kind) if block.names == [name])
    defined: dict[str, Any] = {"__name__": name}
    exec(compile(block.text, f"{block.page}.md", "exec"), defined)  # noqa: S102 - it is our own page
    return defined


def test_each_program_has_a_test() -> None:
    assert {block.names[0] for each in pages() for block in each.of_kind("python program")} == PROGRAMS


@pytest.fixture
def forwarder(
    aws: Callable[[str], Any], queue_url: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., httpx.Response]]:
    """Start the program of the page on other stores; give a function that posts to it."""
    monkeypatch.setenv("QUEUE_URL", queue_url)
    monkeypatch.setenv("TOKEN", "secret")
    defined = program("forwarder")
    server = defined["ThreadingHTTPServer"](("127.0.0.1", 0), defined["Forwarder"])
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield lambda body, token: _post(server, body, token)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _post(server: HTTPServer, body: str, token: str) -> httpx.Response:
    headers = {"Authorization": token}
    return httpx.post(
        f"http://127.0.0.1:{server.server_port}", content=body, headers=headers, trust_env=False
    )


def test_the_forwarder_hands_a_notification_on(
    forwarder: Callable[..., httpx.Response], sqs: Any, queue_url: str
) -> None:
    (minio, *_) = page("other-stores").of_kind("json message")

    answer = forwarder(minio.text, "Bearer secret")

    (message,) = sqs.receive_message(QueueUrl=queue_url)["Messages"]
    assert (answer.status_code, message["Body"]) == (200, minio.text)


def test_the_forwarder_takes_nothing_from_a_stranger(
    forwarder: Callable[..., httpx.Response], counts: Callable[[str], tuple[int, int]], queue_url: str
) -> None:
    assert forwarder("{}", "Bearer guessed").status_code == 401
    assert counts(queue_url) == (0, 0)


def test_the_forwarder_lets_the_store_try_again(
    forwarder: Callable[..., httpx.Response], sqs: Any, queue_url: str
) -> None:
    sqs.delete_queue(QueueUrl=queue_url)

    assert forwarder("{}", "Bearer secret").status_code == 503


def test_the_sender_gives_an_order_the_same_id_at_each_try(
    aws: Callable[[str], Any], sqs: Any, queue_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUEUE_URL", queue_url)
    handler = program("sender")["handler"]
    route = {"name": "orders", "event_pattern": {"source": ["com.example.shop"]}, "trigger_dag_id": "orders"}
    config = parse_config(json.dumps({"queue_url": queue_url, "routes": [route]}))

    for _ in range(2):
        handler({"Records": [{"body": '{"number": 7}'}]}, None)

    messages = sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10)["Messages"]
    runs = [config.explain(Message("m", message["Body"])).delivery.launches for message in messages]
    assert len(messages) == 2
    assert len({launch.trigger_run_id for launches in runs for launch in launches}) == 1


def test_the_old_function_asks_for_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """The example of what somebody has works, so that one knows one's own in it."""
    asked: list[Any] = []
    monkeypatch.setenv("AIRFLOW", "http://airflow")
    monkeypatch.setenv("TOKEN", "secret")
    defined = program("lambda", "python before")
    monkeypatch.setattr(defined["urllib"].request, "urlopen", asked.append)

    defined["handler"]({"Records": [{"s3": {"object": {"key": "a+b%2Bc.csv"}}}]}, None)

    (request,) = asked
    assert request.full_url == "http://airflow/api/v2/dags/partner_a/dagRuns"
    assert json.loads(request.data) == {"logical_date": None, "conf": {"key": "a b+c.csv"}}
