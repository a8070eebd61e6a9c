"""What looks like code in an event stays data, all the way from the queue to the DAG run's conf."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from airflow_provider_hybrid.links.launched_runs import LaunchedRunsLink
from airflow_provider_hybrid.routing.run_id import run_id
from tests.harness.dispatching import configure, dispatch
from tests.harness.versions import RUNS_HAVE_NOTES

Counts = Callable[[str], tuple[int, int]]

TEXTS = {
    "Jinja": "{{ 7 * 7 }}{% for x in range(10 ** 9) %}{{ var.value.password }}{% endfor %}",
    "SQL": "'; DROP TABLE dag_run; --",
    "path": "../../../etc/passwd\\..\\x",
    "run id": "good__1",
    "ANSI codes": "\x1b[2J\x1b]0;owned\x07\x9b31m",
    "HTML": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "shell": "$(touch /tmp/owned) `id` ; rm -rf / #",
    "markup": "[red]x[/] [link=http://evil]y[/link] ![](http://evil/x.png)",
    "format": "%s%n{0.__class__}%999999999d",
    "new lines": 'x\n{"level": "info", "event": "forged"}\r\nx\u2028x',
    "direction": "\u202egpj.exe\u200b",
    "Airflow's serialization": '{"__classname__": "os.system", "__type": "dict", "__var": {}}',
}
ROUTES: list[dict[str, Any]] = [
    {
        "name": "good",
        "event_pattern": {"source": ["tests"]},
        "trigger_dag_id": "partner",
        "conf": {
            "text": "{{ event.detail.text }}",
            "all": "{{ event.detail }}",
            "in": "<{{ event.detail.text }}>",
        },
        "note": "about {{ event.detail.text }}",
    }
]


def envelope(event_id: str, text: str) -> str:
    detail = {"text": text, text: [text]}
    return json.dumps({"id": event_id, "source": "tests", "detail-type": text, "detail": detail})


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_it_is_data_in_conf_run_id_note_label_link_and_log(
    sqs: Any,
    queue_url: str,
    monkeypatch: pytest.MonkeyPatch,
    counts: Counts,
    text: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure(monkeypatch, queue_url, routes=ROUTES)
    for event_id in (text, "1"):
        sqs.send_message(QueueUrl=queue_url, MessageBody=envelope(event_id, text))

    done = dispatch(monkeypatch, 2, "partner")

    expected = {"text": text, "all": {"text": text, text: [text]}, "in": f"<{text}>"}
    assert done.confs == [expected] * 2
    if RUNS_HAVE_NOTES:
        assert {run.note for run in done.supervisor.runs.values()} == {f"about {text}"}
    run_ids = {run_id for _, run_id in done.supervisor.runs}
    assert len(run_ids) == 2
    assert all(re.fullmatch(r"good__[A-Za-z0-9_.~:+-]{1,244}", run_id) for run_id in run_ids)
    (operator,) = done.operators
    assert re.fullmatch(r"partner: [12] runs?", operator.label)
    assert re.fullmatch(r"[A-Za-z0-9/_.~%?=&+-]*", LaunchedRunsLink().get_link(operator, ti_key=None))
    assert not done.errors
    assert counts(queue_url) == (0, 0)
    log = capsys.readouterr().out
    assert text == "good__1" or text not in log
    assert "forged" not in re.sub(r"Run \S+ of DAG", "", log)


@pytest.mark.parametrize("text", [text for name, text in TEXTS.items() if name != "run id"])
def test_as_the_name_of_a_dag_it_is_refused_and_harms_no_other(
    sqs: Any, queue_url: str, dead_letter_queue_url: str, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    route = {**ROUTES[0], "trigger_dag_id": "{{ event.detail.text }}"}
    configure(monkeypatch, queue_url, dead_letter_queue_url=dead_letter_queue_url, routes=[route])
    sqs.send_message(QueueUrl=queue_url, MessageBody=envelope(text, text))
    sqs.send_message(QueueUrl=queue_url, MessageBody=envelope("2", "partner"))

    done = dispatch(monkeypatch, 2, "partner")

    assert list(done.supervisor.runs) == [("partner", run_id("good", "2", "2"))]
    (letter,) = dead_letters(sqs, dead_letter_queue_url)
    reason = letter["MessageAttributes"]["HybridErrorMessage"]["StringValue"]
    assert "it is no DAG id" in reason
    assert reason.isprintable(), "no code, no line of its own, nothing that turns the direction"


BOMBS = {
    "deep": '{"a":' * 150_000 + "1" + "}" * 150_000,
    "deep array": "[" * 500_000,
    "deeper than Airflow carries": '{"a":' * 150 + "1" + "}" * 150,
    "huge integer": '{"a": ' + "9" * 500_000 + "}",
    "integer of 65 bits": '{"a": 36893488147419103232}',
    "infinite": '{"a": 1e999999}',
    "no number": '{"a": NaN}',
    "no JSON": "\\u0000" * 80_000,
    "NUL": '{"a": "\\u0000"}',
    "half a character": '{"a": "\\ud800"}',
    "envelopes in envelopes": json.dumps(
        {"Type": "Notification", "TopicArn": "t", "Message": '{"Type": "Notification"' * 20_000}
    ),
}
BULKY = {
    "wide": json.dumps({f"k{number}": number for number in range(60_000)}),
    "duplicate keys": "{" + '"a":1,' * 100_000 + '"a":2}',
    "many empty arrays": '{"a": [' + "[]," * 200_000 + "[]]}",
    "escapes": '{"a": "' + "\\u00e9\\n" * 100_000 + '"}',
    "many numbers": '{"a": [' + "1.7976931348623157e308," * 30_000 + "1]}",
    "a mebibyte": '{"a": "' + "x" * (1024 * 1024 - 9) + '"}',
}
ANY = {"name": "any", "event_pattern": {"source": ["partner-events"]}, "trigger_dag_id": "partner"}


@pytest.mark.parametrize("body", BOMBS.values(), ids=BOMBS.keys())
def test_a_bomb_goes_to_the_dead_letter_queue_and_the_others_start(
    sqs: Any, queue_url: str, dead_letter_queue_url: str, monkeypatch: pytest.MonkeyPatch, body: str
) -> None:
    configure(monkeypatch, queue_url, dead_letter_queue_url=dead_letter_queue_url, routes=[ANY])
    for sent in ('{"n": 1}', body, '{"n": 2}'):
        sqs.send_message(QueueUrl=queue_url, MessageBody=sent)

    done = dispatch(monkeypatch, 3, "partner")

    assert sorted(conf["detail"]["n"] for conf in done.confs) == [1, 2]
    (letter,) = dead_letters(sqs, dead_letter_queue_url)
    assert letter["Body"] == body
    assert letter["MessageAttributes"]["HybridErrorType"]["StringValue"] == "MessageParseError"


@pytest.mark.parametrize("body", BULKY.values(), ids=BULKY.keys())
def test_what_is_only_bulky_arrives_whole(
    sqs: Any, queue_url: str, monkeypatch: pytest.MonkeyPatch, counts: Counts, body: str
) -> None:
    configure(monkeypatch, queue_url, routes=[ANY])
    for sent in ('{"n": 1}', body):
        sqs.send_message(QueueUrl=queue_url, MessageBody=sent)

    done = dispatch(monkeypatch, 2, "partner")

    assert {json.dumps(conf["detail"]) for conf in done.confs} == {'{"n": 1}', json.dumps(json.loads(body))}
    assert counts(queue_url) == (0, 0)


def test_an_event_that_steers_a_template_into_a_bomb_harms_no_other(
    sqs: Any, queue_url: str, dead_letter_queue_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    route = {**ANY, "conf": {"line": "{{ event.detail.count * '-' }}"}}
    configure(monkeypatch, queue_url, dead_letter_queue_url=dead_letter_queue_url, routes=[route])
    for count in (1, 10**9, 3):
        sqs.send_message(QueueUrl=queue_url, MessageBody=json.dumps({"count": count}))

    done = dispatch(monkeypatch, 3, "partner")

    assert sorted(conf["line"] for conf in done.confs) == ["-", "---"]
    (letter,) = dead_letters(sqs, dead_letter_queue_url)
    assert letter["MessageAttributes"]["HybridErrorType"]["StringValue"] == "RouteError"


def dead_letters(sqs: Any, queue_url: str) -> list[dict[str, Any]]:
    answer = sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10, MessageAttributeNames=["All"])
    return list(answer["Messages"])
