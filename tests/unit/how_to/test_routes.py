"""The configurations of the how-to pages are valid, and do with the events beside them what the page says."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import pytest
from typer.testing import CliRunner

from airflow_provider_hybrid.cli.main import app
from airflow_provider_hybrid.config.models import DispatcherConfig
from airflow_provider_hybrid.config.read import parse_config
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.routing.explain import Explanation
from airflow_provider_hybrid.sqs.url import queue_name
from tests.harness.cases import load
from tests.harness.pages import Block, Page, Upload, pages

SENT = 1_795_935_600
"""When each message of the pages was sent: 2026-11-29T07:00:00Z."""


@dataclass(frozen=True)
class Sent:
    """A message that a page shows, and what it says of it.

    Args:
        name: Its name in the tests' output.
        page: The page.
        configuration: The block with the configuration that is in force there.
        body: The message's body.
        starts: The DAGs that run.
        conf: The conf of the run as JSON text; empty if the page does not show it.
    """

    name: str
    page: Page
    configuration: Block
    body: str
    starts: list[str]
    conf: str


def notification(upload: Upload) -> str:
    """Write what S3 sends to a queue for an upload."""
    document = json.loads(load("aws_s3_2_1_put").body)
    s3 = document["Records"][0]["s3"]
    s3["bucket"]["name"] = upload.bucket
    s3["object"] |= {"key": quote_plus(upload.key, safe="/"), "size": upload.size}
    return json.dumps(document)


def eventbridge(upload: Upload) -> str:
    """Write what S3 sends to EventBridge for an upload."""
    document = json.loads(load("aws_eventbridge_s3_created").body)
    document["detail"]["bucket"]["name"] = upload.bucket
    document["detail"]["object"] |= {"key": upload.key, "size": upload.size}
    return json.dumps(document)


def shown() -> Iterator[Sent]:
    """Find all messages and uploads of all pages."""
    for page in pages():
        confs = {block.at: block.text for block in page.of_kind("json conf")}
        for block in page.of_kind("json message"):
            starts = [name for name in block.names[1:] if name != "nothing"]
            conf = next((confs[at] for at in sorted(confs) if _follows(page, block.at, at)), "")
            yield Sent(_name(page, block.kind), page, _in_force(page, block.at), block.text, starts, conf)
        for index, upload in enumerate(page.uploads):
            first = not any(one.at == upload.at and one.starts for one in page.uploads[:index])
            below = next((confs[at] for at in sorted(confs) if _follows(page, upload.at, at)), "")
            conf = upload.conf or (below if upload.starts and first else "")
            for shape in (notification, eventbridge):
                name = _name(page, f"{upload.bucket}/{upload.key} by {shape.__name__}")
                starts = [upload.starts] if upload.starts else []
                yield Sent(name, page, _in_force(page, upload.at), shape(upload), starts, conf)


def _name(page: Page, what: str) -> str:
    return f"{page.name}: {what}"


def _in_force(page: Page, at: int) -> Block:
    return [block for block in page.of_kind("json configuration") if block.at < at][-1]


def _follows(page: Page, before: int, after: int) -> bool:
    """Say whether a block stands below a place, without another message, table or conf in between."""
    places = [block.at for block in page.of_kind("json conf", "json message", "json configuration")]
    places += [upload.at for upload in page.uploads]
    return after > before and not any(before < place < after for place in places)


def read_included(page: Page) -> Callable[[str], str]:
    routes = {block.names[0]: block.text for block in page.of_kind("json routes")}
    return routes.__getitem__


def configured(page: Page, block: Block) -> DispatcherConfig:
    return parse_config(block.text, page.name, read_included(page))


CONFIGURATIONS = [(page, block) for page in pages() for block in page.of_kind("json configuration")]
ROUTES = [block for page in pages() for block in page.of_kind("json routes")]


@pytest.mark.parametrize(
    ("page", "block"), CONFIGURATIONS, ids=[f"{page.name}-{block.at}" for page, block in CONFIGURATIONS]
)
def test_a_configuration_has_no_fault_and_no_warning(page: Page, block: Block, tmp_path: Path) -> None:
    file = tmp_path / "hybrid_dispatcher.json"
    file.write_text(block.text)
    for routes in page.of_kind("json routes"):
        (tmp_path / f"{routes.names[0]}.json").write_text(routes.text)

    result = CliRunner().invoke(app, ["validate", "--config", str(file), "--no-dags", "--json"])

    found = json.loads(result.stdout)
    assert (result.exit_code, found["faults"], found["warnings"]) == (0, [], [])


@pytest.mark.parametrize("block", ROUTES, ids=lambda block: block.names[0])
def test_the_routes_of_an_included_variable_are_valid_alone(block: Block, tmp_path: Path) -> None:
    file = tmp_path / f"{block.names[0]}.json"
    file.write_text(block.text)

    result = CliRunner().invoke(app, ["validate", "--config", str(file), "--no-dags", "--json"])

    found = json.loads(result.stdout)
    assert (result.exit_code, found["faults"], found["warnings"]) == (0, [], [])


def explained(sent: Sent) -> Explanation:
    """Say what becomes of a message, as `hybrid explain` does."""
    config = configured(sent.page, sent.configuration)
    name = queue_name(config.queue_url)
    attributes = {"SentTimestamp": str(SENT * 1000)}
    if name.endswith(".fifo"):
        attributes |= {"MessageGroupId": "group", "MessageDeduplicationId": "order-7-paid"}
    return config.explain(Message("m-1", sent.body, attributes, queue_name=name))


@pytest.mark.parametrize("sent", [*shown()], ids=lambda sent: sent.name)
def test_an_event_starts_what_the_page_says(sent: Sent) -> None:
    launches = explained(sent).delivery.launches

    assert [launch.trigger_dag_id for launch in launches] == sent.starts
    if sent.conf:
        assert [launch.conf for launch in launches] == [json.loads(sent.conf)]


def test_each_route_beside_events_is_tried() -> None:
    """Each route of a configuration that is shown with events wants at least one of them."""
    launched = {
        (sent.configuration, launch.route) for sent in shown() for launch in explained(sent).delivery.launches
    }
    routes = {
        (sent.configuration, route.name)
        for sent in shown()
        for route in configured(sent.page, sent.configuration).routes
    }

    assert routes - launched == set()
    assert len(routes) >= 15


def test_each_conf_that_is_shown_is_compared() -> None:
    """A conf in a block of its own, and not in a table, has several lines."""
    compared = {(sent.page.name, sent.conf) for sent in shown() if "\n" in sent.conf}

    assert len(compared) == sum(len(page.of_kind("json conf")) for page in pages())


def deadlines(key: str) -> list[str]:
    """Return the deadlines that an upload counts for, by the configuration of the page on missing files."""
    (page,) = (page for page in pages() if page.name == "missing-file")
    (block,) = page.of_kind("json configuration")
    upload = Upload("partner-a", key, 5, "partner_a", "", 0)
    sent = Sent(key, page, block, notification(upload), ["partner_a"], "")
    (launch,) = explained(sent).delivery.launches
    return [deadline.run_id for deadline in launch.meets]


def test_an_upload_counts_for_the_deadline_of_its_day() -> None:
    (page,) = (page for page in pages() if page.name == "missing-file")
    rows = [line.split("|")[1:3] for line in page.text.splitlines() if line.startswith("| `s3://")]

    said = {row[0].split("`")[1].removeprefix("s3://partner-a/"): row[1].strip().strip("`") for row in rows}
    assert len(said) == 2
    assert {key: (deadlines(key) or ["none"])[0] for key in said} == said


def test_the_same_content_is_the_same_event_and_a_corrected_file_is_another_one() -> None:
    (page,) = (page for page in pages() if page.name == "late-and-corrected")
    (block,) = page.of_kind("json configuration")
    routes = configured(page, block)

    def run_id(etag: str, when: str) -> str:
        document = json.loads(notification(Upload("partner-a", "orders/2026-11-29/1.csv", 5, None, "", 0)))
        record = document["Records"][0]
        record["eventTime"] = when
        record["s3"]["object"] |= {"eTag": etag, "sequencer": when}
        (launch,) = routes.explain(Message("m-1", json.dumps(document))).delivery.launches
        return launch.trigger_run_id

    first = run_id("a", "2026-11-29T07:00:00.000Z")
    assert run_id("a", "2026-11-29T09:00:00.000Z") == first
    assert run_id("b", "2026-11-29T09:00:00.000Z") != first
    assert first.startswith("partner_a__orders-2026-11-29-1.csv__")


def test_each_replay_starts_a_run_of_its_own() -> None:
    (page,) = (page for page in pages() if page.name == "replay")
    (block,) = page.of_kind("json configuration")
    (message,) = page.of_kind("json message")
    config = configured(page, block)

    def run_ids(**changes: Any) -> list[str]:
        event = {**json.loads(message.text), **changes}
        launches = config.explain(Message("m-1", json.dumps(event))).delivery.launches
        return [launch.trigger_run_id for launch in launches]

    assert len({*run_ids(), *run_ids(**{"replay-name": "again-2"})}) == 2
    assert run_ids() == run_ids()
    assert run_ids(**{"replay-name": "other"}) == []
