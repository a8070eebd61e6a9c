"""At INFO and above a log holds ids and counts: nothing of a body, nothing of a credential."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError, ProxyConnectionError

from airflow_provider_hybrid.compat.task import start_dag_run
from airflow_provider_hybrid.config.read import parse_config
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.parse import open_message
from airflow_provider_hybrid.exceptions import ConfigError, LaunchError
from airflow_provider_hybrid.routing.launch import Launch
from airflow_provider_hybrid.routing.router import Routes, route_message
from airflow_provider_hybrid.sqs.calls import delete_messages
from airflow_provider_hybrid.sqs.errors import explain
from airflow_provider_hybrid.sqs.lease import extend
from airflow_provider_hybrid.sqs.queue import Queue
from airflow_provider_hybrid.triggers.event import MessagesEvent
from airflow_provider_hybrid.triggers.sqs import SqsEventTrigger
from tests.harness.dispatching import configure, dispatch, receive_events
from tests.harness.supervising import Refusing, supervise
from tests.unit.conftest import REGION

MARKER = "m4rk3r"
"""Stands wherever a secret may stand."""

ATTRIBUTE = {MARKER: {"DataType": "String", "StringValue": MARKER}}
SECRET = {"a": MARKER, MARKER: [MARKER]}
CONF = {"text": "{{ event.detail.a }}", "of": "{{ message.message_attributes }}"}
ROUTES: list[dict[str, Any]] = [
    {
        "name": name,
        "event_pattern": {"source": ["tests"], "detail-type": [name]},
        "trigger_dag_id": name,
        "conf": CONF,
        "note": "{{ event.detail.a }}",
        **changes,
    }
    for name, changes in {
        "good": {},
        "missing": {},
        "broken": {"conf": {"x": "{{ event[event.detail.a] }}"}},
        "failing": {"conf": {"x": "{{ event.detail.a | int(default='') + 1 }}"}},
        "typed": {"conf": {"x": "{{ '%d' % event.detail.a }}"}},
        "misnamed": {"trigger_dag_id": "{{ event.detail.a }} {{ event.detail.a }}"},
        "unstorable": {"conf": {"x": "{{ range(5) }}"}},
    }.items()
]
BODIES = {
    **{
        route["name"]: json.dumps(
            {"id": route["name"], "source": "tests", "detail-type": route["name"], "detail": SECRET}
        )
        for route in ROUTES
    },
    "unmatched": json.dumps({"id": "1", "source": "tests", "detail-type": "none", "detail": SECRET}),
    "no JSON": f'{{"{MARKER}": {MARKER}',
    "a text": json.dumps(MARKER),
    "half an envelope": json.dumps({"id": [MARKER], "source": "s", "detail-type": "t", "detail": MARKER}),
    "S3, broken": json.dumps({"Records": [{"eventSource": "aws:s3", "eventName": "x", "s3": MARKER}]}),
    "SNS, broken": json.dumps({"Type": "Notification", "TopicArn": [MARKER], "Message": MARKER}),
    "NUL": json.dumps({"a": f"{MARKER}\0"}),
    "an integer too large": f'{{"{MARKER}": 9{"9" * 30}}}',
}


class Everything(logging.Handler):
    """Keeps all that is logged by way of the standard library at INFO and above, with its traceback."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(logging.Formatter().format(record))


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[[], str]]:
    """Give all that was logged: Airflow's own loggers print, others go the standard library's way."""
    handler = Everything()
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield lambda: "\n".join([*handler.lines, *capsys.readouterr()])
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.mark.parametrize("with_dead_letter_queue", [True, False])
def test_nothing_that_a_message_holds_is_told_whatever_becomes_of_it(
    sqs: Any,
    queue_url: str,
    dead_letter_queue_url: str,
    monkeypatch: pytest.MonkeyPatch,
    said: Callable[[], str],
    with_dead_letter_queue: bool,
) -> None:
    """Without a dead-letter queue all the reasons stand in the error of the failed task."""
    dead = {"dead_letter_queue_url": dead_letter_queue_url} if with_dead_letter_queue else {}
    configure(monkeypatch, queue_url, routes=ROUTES, **dead)
    for body in BODIES.values():
        sqs.send_message(QueueUrl=queue_url, MessageBody=body, MessageAttributes=ATTRIBUTE)

    done = dispatch(monkeypatch, len(BODIES), "good")

    assert [conf["text"] for conf in done.confs] == [MARKER], "it is in the conf, where it belongs"
    log = said()
    assert "Received" in log
    assert "started" in log
    assert done.errors
    assert MARKER not in log
    assert [error for error in done.errors if MARKER in str(error) + repr(error)] == []
    assert [operator for operator in done.operators if MARKER in repr(operator) + operator.label] == []


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_nothing_that_a_message_holds_is_in_a_repr_or_a_reason(body: str) -> None:
    config = parse_config(json.dumps({"queue_url": "https://sqs/1/q", "routes": ROUTES}))
    message = Message("m-1", body, message_attributes=ATTRIBUTE, receipt_handle=MARKER)

    delivery = route_message(message, config.compiled_routes)

    assert MARKER not in repr([message, delivery, delivery.launches, delivery.rejection])
    event = asyncio.run(MessagesEvent.batch("https://sqs/1/q", [message]))
    assert MARKER not in repr(event) + str(event)
    if delivery.launches:
        assert MARKER not in repr(open_message(message))


CONNECTIONS = {
    "wrong endpoint": {
        "extra": {"endpoint_url": f"ht!tp://user:{MARKER}@127.0.0.1:9", "region_name": REGION}
    },
    "no host": {"extra": {"endpoint_url": f"http://user:{MARKER}@", "region_name": REGION}},
    "nobody there": {"extra": {"endpoint_url": f"http://user:{MARKER}@127.0.0.1:9", "region_name": REGION}},
    "proxy": {
        "extra": {
            "endpoint_url": "http://127.0.0.1:9",
            "region_name": REGION,
            "config_kwargs": {"proxies": {"http": f"http://user:{MARKER}@127.0.0.1:9"}},
        }
    },
    "no region": {"extra": {"aws_session_token": MARKER}},
    "no password": {"login": "", "password": "", "extra": {"aws_session_token": MARKER}},
    "extra is no JSON": {"extra": f'{{"aws_session_token": {MARKER}'},
}


@pytest.mark.parametrize("changes", CONNECTIONS.values(), ids=CONNECTIONS.keys())
def test_no_credential_is_told_when_sqs_cannot_be_called(
    queue_url: str, monkeypatch: pytest.MonkeyPatch, said: Callable[[], str], changes: dict[str, Any]
) -> None:
    connection = {"conn_type": "aws", "login": "testing", "password": MARKER, **changes}
    monkeypatch.setenv("AIRFLOW_CONN_AWS_DEFAULT", json.dumps(connection))
    configure(monkeypatch, queue_url, routes=ROUTES, max_queued_runs=None)

    told = asyncio.run(first_words(said))

    assert told
    assert MARKER not in told


async def first_words(said: Callable[[], str]) -> str:
    """Return what is logged, and the error, if there is one: trouble that may pass is waited out for ever."""
    receiving = asyncio.create_task(receive_events(1))
    words = ""
    while not receiving.done() and "trying again" not in words:
        await asyncio.wait([receiving], timeout=0.1)
        words += said()
    if receiving.done():
        return words + str(receiving.result()[0].payload["error"]) + said()
    receiving.cancel()
    await asyncio.wait([receiving])
    return words + said()


def test_no_credential_is_told_when_the_queue_is_missing(
    queue_url: str, monkeypatch: pytest.MonkeyPatch, said: Callable[[], str], endpoint: str
) -> None:
    extra = {"endpoint_url": endpoint, "region_name": REGION, "aws_session_token": MARKER}
    connection = {"conn_type": "aws", "login": f"login-{MARKER}", "password": MARKER, "extra": extra}
    monkeypatch.setenv("AIRFLOW_CONN_AWS_DEFAULT", json.dumps(connection))

    configure(monkeypatch, f"{queue_url}-not", routes=ROUTES, max_queued_runs=None)

    (event,) = asyncio.run(receive_events(1))

    assert "There is no queue" in event.payload["error"]
    assert MARKER not in event.payload["error"] + said()


def test_a_signature_that_does_not_match_is_not_explained_with_the_whole_request() -> None:
    """AWS answers with the canonical request in which the session token stands."""
    text = (
        "The request signature we calculated does not match the signature you provided.\n\n"
        f"The Canonical String for this request should have been\n'POST\n/\nx-amz-security-token:{MARKER}\n'"
    )
    error = ClientError({"Error": {"Code": "SignatureDoesNotMatch", "Message": text}}, "ReceiveMessage")

    explained = explain(error, Queue("https://sqs/1/q", "aws_default"))

    assert MARKER not in explained
    assert "does not match" in explained
    assert "renew them" in explained


SIGNATURE = ClientError(
    {
        "Error": {
            "Code": "SignatureDoesNotMatch",
            "Message": f"The request signature does not match.\n\nPOST\n/\nx-amz-security-token:{MARKER}\n",
        }
    },
    "ChangeMessageVisibilityBatch",
)


@pytest.mark.parametrize(
    "error", [SIGNATURE, ProxyConnectionError(proxy_url=f"http://u:{MARKER}@p", error="no")]
)
def test_nor_is_it_where_a_lease_is_not_renewed(error: Exception, said: Callable[[], str]) -> None:
    class Refusing:
        def change_message_visibility_batch(self, **_: Any) -> None:
            raise error

    extend(Refusing(), "https://sqs/1/q", [Message("m-1", "")], 60)

    log = said()
    assert "was not extended" in log
    assert MARKER not in log


def test_a_receipt_handle_that_sqs_does_not_like_is_not_told() -> None:
    class Refusing:
        def delete_message_batch(self, **_: Any) -> dict[str, Any]:
            text = f'The input receipt handle "{MARKER}" is not a valid receipt handle.'
            fault = {"Id": "0", "Code": "ReceiptHandleIsInvalid", "Message": text, "SenderFault": True}
            return {"Failed": [fault]}

    (reason,) = delete_messages(
        Refusing(), "https://sqs/1/q", [Message("m-1", "", receipt_handle=MARKER)]
    ).values()

    assert reason == 'ReceiptHandleIsInvalid: The input receipt handle "..." is not a valid receipt handle.'


def test_a_proxys_password_is_not_told() -> None:
    error = ProxyConnectionError(proxy_url=f"http://user:{MARKER}@proxy:3128", error="refused")

    explained = explain(error, Queue("https://sqs/1/q", "aws_default"))

    assert MARKER not in explained
    assert "//***@proxy:3128" in explained


@pytest.mark.parametrize(
    "detail",
    [
        {
            "reason": "value_error",
            "message": f"Invalid input for param n: '{MARKER}' is not of type 'integer'",
        },
        {"reason": "value_error", "message": f"'{MARKER}' is too long"},
        [{"loc": ["body", "conf"], "msg": f"{MARKER} is wrong", "input": {"a": MARKER}}],
        f"Invalid input for param n: {MARKER}",
    ],
)
def test_what_airflow_says_of_a_conf_is_told_without_the_conf(
    monkeypatch: pytest.MonkeyPatch, detail: Any
) -> None:
    supervise(monkeypatch, Refusing(400, {"detail": detail}))

    with pytest.raises(LaunchError) as raised:
        start_dag_run(Launch("route", "dag", "run", {"a": MARKER}, MARKER))

    assert MARKER not in str(raised.value)
    assert "400" in str(raised.value)


@pytest.mark.parametrize("key", ["queue_url", "dead_letter_queue_url"])
@pytest.mark.parametrize(
    "url",
    [
        f"https://user:{MARKER}@sqs.example/1/q",
        f"https://{MARKER}@sqs.example/1/q",
        f"https://user:a/{MARKER}@sqs.example/1/q",
        f"https://user:a {MARKER}@sqs.example/1/q",
    ],
)
def test_a_queues_url_with_credentials_is_refused_and_not_shown(key: str, url: str) -> None:
    with pytest.raises(ConfigError) as raised:
        parse_config(json.dumps({"queue_url": "https://sqs/1/q", key: url, "routes": ROUTES}))

    assert f"{key}: names a user or a password" in str(raised.value)
    assert "aws_conn_id" in str(raised.value)
    assert MARKER not in str(raised.value)


@pytest.mark.parametrize(
    "document",
    [
        {"password": MARKER},
        {"queue_url": [f"https://user:{MARKER}@sqs.example/1/q"]},
        {"queue_url": f"sqs://user:{MARKER}@sqs.example/1/q"},
        {"routes": [{"name": "a", "event_pattern": {"a": ["b"]}, "trigger_dag_id": "a", "password": MARKER}]},
    ],
)
def test_a_faulty_configuration_shows_no_credential(document: dict[str, Any]) -> None:
    with pytest.raises(ConfigError) as raised:
        parse_config(json.dumps({"queue_url": "https://sqs/1/q", "routes": ROUTES, **document}))

    assert MARKER not in str(raised.value)


def test_a_trigger_stores_no_credential_and_no_body() -> None:
    """Its arguments lie in Airflow's database."""
    trigger = SqsEventTrigger("hybrid_dispatcher")

    assert set(trigger.serialize()[1]) == {"config_variable", "dag_ids", "delay_seconds"}


def test_an_events_name_is_cut_and_takes_one_line() -> None:
    """What names an event is told, since one must be able to find it; a mebibyte of it is not."""
    long = "x\n\x1b[31m" * 50_000
    body = json.dumps({"id": long, "source": long, "detail-type": long, "detail": {}})

    delivery = route_message(Message("m-1", body), Routes([]))

    assert delivery.rejection is not None
    assert len(delivery.rejection.error_message) < 1000
    assert delivery.rejection.error_message.isprintable()
