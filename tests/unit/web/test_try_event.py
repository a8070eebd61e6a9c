"""The page *Try an event*: what would happen to a message that somebody pastes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from airflow_provider_hybrid.cli.main import app
from tests.harness.dispatching import configure
from tests.harness.versions import needs_pages
from tests.unit.web.shown import Shown, show

pytestmark = needs_pages

EVENTS = Path(__file__).parents[2] / "events"
UPLOAD = (EVENTS / "aws_eventbridge_s3_created.json").read_text()
HERE = {"sec-fetch-site": "same-origin"}
HOSTILE = "</textarea><script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7 * 7 }}&amp;"
MIB = 1024 * 1024

ROUTES = [
    {
        "name": "uploads",
        "event_pattern": {"source": ["aws.s3"]},
        "trigger_dag_id": "partner_a",
        "conf": {"key": "{{ event.detail.object.key }}", "team": "blue"},
    },
    {"name": "shop", "event_pattern": {"source": ["shop"]}, "trigger_dag_id": "hers", "conf": {"a": "b-c"}},
]


@pytest.fixture(autouse=True)
def _two_routes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The user may read the DAG of the first one."""
    configure(monkeypatch, "https://sqs.eu-west-1.amazonaws.com/1/partner-events", routes=ROUTES)


def attempt(browser: TestClient, message: str, dispatcher: str = "orders", **headers: str) -> httpx.Response:
    fields = {"dispatcher": dispatcher, "message": message}
    return browser.post("/try", data=fields, headers={**HERE, **headers})


def tried(browser: TestClient, message: str) -> Shown:
    answer = attempt(browser, message)
    assert answer.status_code == 200, answer.text
    return Shown(answer.text)


def test_it_says_which_run_would_start_and_why_each_other_route_starts_none(browser: TestClient) -> None:
    page = tried(browser, UPLOAD)

    assert "deleted once its 1 run exists" in page.text
    assert '"team": "blue"' in page.text
    assert "source: wants ['shop'], found 'aws.s3'" in page.text


def test_it_says_what_hybrid_explain_says(browser: TestClient) -> None:
    said = CliRunner().invoke(app, ["explain", "-"], input=UPLOAD).stdout

    page = tried(browser, UPLOAD)

    words = " ".join(page.text.split())
    (run_id,) = re.findall(r"^run (\S+) of DAG partner_a", said, re.MULTILINE)
    ending = said.splitlines()[-1]
    conf = json.dumps({"key": "example-key", "team": "blue"})
    for text in (run_id, ending, conf.strip("{}"), "source: wants ['shop'], found 'aws.s3'"):
        assert text in " ".join(said.split())
        assert text in words


def test_it_takes_what_aws_sqs_receive_message_prints(browser: TestClient) -> None:
    received = [{"MessageId": f"m-{n}", "ReceiptHandle": "h", "Body": UPLOAD} for n in range(2)]

    page = tried(browser, json.dumps({"Messages": received}, indent=2))

    assert "Message m-0" in page.text
    assert "Message m-1" in page.text


def test_a_browsers_line_ends_change_no_message(browser: TestClient) -> None:
    text = "no event\nat all"

    page = tried(browser, text.replace("\n", "\r\n"))

    assert f"{text}</textarea>" in attempt(browser, text.replace("\n", "\r\n")).text
    assert "the body is not JSON" in page.text


def test_the_conf_of_a_dag_that_somebody_may_not_read_is_not_shown(browser: TestClient) -> None:
    page = tried(browser, json.dumps({"source": "shop", "detail-type": "t", "id": "1", "detail": {}}))

    assert "A run of hers" in page.text
    assert "you may not see the conf" in page.text
    assert "b-c" not in page.text


def test_what_is_pasted_is_text(browser: TestClient) -> None:
    event = {"id": HOSTILE, "source": HOSTILE, "detail-type": HOSTILE, "detail": {HOSTILE: HOSTILE}}
    message = {"MessageId": HOSTILE, "ReceiptHandle": "h", "Body": json.dumps(event)}

    for text in (json.dumps(message), json.dumps(event), HOSTILE):
        page = tried(browser, text)

        assert HOSTILE in page.text
        assert [attributes for tag, attributes in page.tags if tag == "script"] == [
            {"src": "links.js", "defer": None}
        ]
        assert "img" not in {tag for tag, _ in page.tags}
        assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]


@pytest.mark.parametrize(
    "message",
    [
        '{"MessageId": "\\ud800", "ReceiptHandle": "h", "Body": "{}"}',
        '{"MessageId": "m", "ReceiptHandle": "h", "Body": "\\ud800"}',
        '{"source": "\\ud800", "detail-type": "t", "id": "1", "detail": {}}',
        '{"MessageId": "m", "ReceiptHandle": "h", "Body": "{}", "Attributes": {"SentTimestamp": 7}}',
        '{"MessageId": "m", "ReceiptHandle": "h", "Body": "{}",'
        ' "MessageAttributes": {"HybridMessageId": {"StringValue": {}}, "ce-id": {"BinaryValue": 7}}}',
        "[" * 100_000,
        "\0",
        '{"a": NaN, "b": 1e999}',
        json.dumps({"a": "x" * 900_000}),
    ],
    ids=lambda text: text[:40],
)
def test_no_message_breaks_it(browser: TestClient, message: str) -> None:
    assert attempt(browser, message).status_code == 200


@pytest.mark.parametrize("message", ["", " \n"])
def test_without_a_message_it_says_so(browser: TestClient, message: str) -> None:
    answer = attempt(browser, message)

    assert answer.status_code == 400
    assert "There is no message" in answer.text


@pytest.mark.parametrize(
    ("pasted", "said"),
    [
        ('{"Messages": []}', "There is no message in it"),
        (
            json.dumps([{"MessageId": "m", "ReceiptHandle": "h", "Body": "{}"}] * 11),
            "These are 11 messages. Paste at most 10",
        ),
    ],
)
def test_what_it_does_not_explain_stays_in_the_form(browser: TestClient, pasted: str, said: str) -> None:
    page = tried(browser, pasted)

    assert said in page.text
    assert pasted in page.text


def test_of_many_events_it_shows_the_first_ones(browser: TestClient) -> None:
    event = {"source": "x", "detail-type": "t", "id": "1", "detail": {}}

    page = tried(browser, json.dumps([event] * 25))

    assert page.text.count("source: wants ['shop']") == 20
    assert "and 5 more events" in page.text


def test_of_many_runs_it_shows_the_first_ones(browser: TestClient) -> None:
    events = [{"source": "shop", "detail-type": "t", "id": str(number), "detail": {}} for number in range(25)]

    page = tried(browser, json.dumps(events))

    assert page.text.count("A run of hers") == 20
    assert "and 5 more runs" in page.text


def test_a_configuration_that_cannot_be_read_is_named(
    browser: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFLOW_VAR_HYBRID_DISPATCHER", "{")

    page = tried(browser, UPLOAD)

    assert "it is not JSON" in page.text


@pytest.mark.parametrize("dispatcher", ["secret", "nowhere", ""])
def test_a_dispatcher_that_somebody_may_not_read_is_not_found(browser: TestClient, dispatcher: str) -> None:
    assert attempt(browser, UPLOAD, dispatcher).status_code == 404


@pytest.mark.parametrize("length", [MIB + 1, 2 * MIB, 4 * MIB])
def test_more_than_a_message_may_have_is_refused(browser: TestClient, length: int) -> None:
    answer = attempt(browser, "x" * length)

    assert answer.status_code == 413
    assert "longer than 1,048,576 bytes" in answer.text


def test_no_form_of_any_length_is_read(browser: TestClient) -> None:
    assert attempt(browser, "{}", "x" * 4 * MIB).status_code == 413


def test_as_much_as_a_message_may_have_is_taken(browser: TestClient) -> None:
    """In a form each of these characters is six bytes long, and two in a message."""
    assert attempt(browser, "ä" * (MIB // 2)).status_code == 200


def test_a_request_from_elsewhere_is_refused(browser: TestClient) -> None:
    answer = attempt(browser, UPLOAD, **{"sec-fetch-site": "cross-site"})

    assert answer.status_code == 403


def test_another_form_is_refused(browser: TestClient) -> None:
    fields: dict[str, Any] = {"dispatcher": "orders", "message": UPLOAD, "more": "x"}

    assert browser.post("/try", data=fields, headers=HERE).status_code == 400


def test_it_stores_nothing(browser: TestClient) -> None:
    from airflow.models.dagrun import DagRun
    from airflow.models.log import Log
    from airflow.models.xcom import XComModel
    from airflow.utils.session import create_session
    from sqlalchemy import func, select

    def rows() -> list[int]:
        with create_session() as session:
            return [session.scalar(select(func.count()).select_from(one)) for one in (DagRun, Log, XComModel)]

    before = rows()
    tried(browser, UPLOAD)

    assert rows() == before


def test_the_page_routes_leads_to_it(browser: TestClient) -> None:
    assert show(browser, "/routes").links["Try an event"] in {"try", "try?dispatcher=orders"}
    page = show(browser, "/try?dispatcher=orders")

    assert [attributes for tag, attributes in page.tags if tag == "option"] == [{"selected": None}]
