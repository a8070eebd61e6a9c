"""Large and hostile batches against a real SQS over HTTP: nothing stalls the triggerer, nothing is told."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.harness.dispatching import configure, dispatch, receive_events
from tests.harness.ministack import MiniStack
from tests.harness.watchdog import longest_block

LONGEST = 0.2
"""Seconds for which nothing may keep the triggerer's event loop; from there on Airflow itself warns."""

MEBIBYTE = 1024 * 1024
MARKER = "m4rk3r"
ROUTE = {"name": "all", "event_pattern": {"detail": {"n": [{"exists": True}]}}, "trigger_dag_id": "partner"}


@pytest.fixture
def sqs(ministack: MiniStack, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("AIRFLOW_CONN_AWS_DEFAULT", ministack.airflow_connection())
    return ministack.client("sqs")


def queue(sqs: Any, name: str) -> str:
    return str(sqs.create_queue(QueueName=f"security-{name}")["QueueUrl"])


def send(sqs: Any, queue_url: str, bodies: list[str]) -> None:
    """Send as many in a call as fit into it."""
    together = 10 if max(map(len, bodies)) < MEBIBYTE // 10 else 1
    for start in range(0, len(bodies), together):
        entries = [
            {"Id": str(index), "MessageBody": body}
            for index, body in enumerate(bodies[start : start + together])
        ]
        assert not sqs.send_message_batch(QueueUrl=queue_url, Entries=entries).get("Failed")


def body(size: int, filling: str = "x") -> str:
    return json.dumps({"n": 1, "filling": filling * ((size - 30) // len(filling))})


BATCHES: dict[str, Callable[[], list[str]]] = {
    "10 messages of 1 MiB": lambda: [body(MEBIBYTE)] * 10,
    "10 messages of 1 MiB that swell in JSON": lambda: ['"' * MEBIBYTE] * 10,
    "500 messages of 4 kB": lambda: [body(4000)] * 500,
    "10 small ones, then 40 of 1 MiB": lambda: ["{}"] * 10 + ["x" * MEBIBYTE] * 40,
}


@pytest.mark.parametrize("bodies", BATCHES.values(), ids=BATCHES.keys())
def test_no_batch_stalls_the_triggerer(
    sqs: Any, monkeypatch: pytest.MonkeyPatch, bodies: Callable[[], list[str]]
) -> None:
    """What else the process does in that moment only adds: the least of three is nearest to what we take."""
    url = queue(sqs, f"batch-{len(bodies())}-{len(bodies()[-1])}")
    # The first client of a process reads files, in a thread; that has a test of its own.
    first = queue(sqs, "first")
    send(sqs, first, ["{}"])
    configure(monkeypatch, first, routes=[ROUTE], max_queued_runs=None)
    asyncio.run(receive_events(1))
    configure(monkeypatch, url, routes=[ROUTE], max_queued_runs=None)
    blocks = []
    for _ in range(3):
        send(sqs, url, bodies())

        events, block = asyncio.run(longest_block(receive_events(len(bodies()))))

        assert sum(event.payload["count"] for event in events) == len(bodies())
        blocks.append(block)
    print(f"longest block: {', '.join(f'{block:.3f}' for block in blocks)} s")  # noqa: T201  (`pytest -s`)

    assert min(blocks) < LONGEST


def test_hostile_messages_harm_none_beside_them(sqs: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    url, dead = queue(sqs, "hostile"), queue(sqs, "hostile-dead")
    configure(monkeypatch, url, dead_letter_queue_url=dead, routes=[ROUTE])
    bombs = [
        "[" * 100_000,
        '{"n":' * 50_000 + "1",
        '{"n": ' + "9" * 5000 + "}",
        '{"n": 1e999}',
        "\x7f{{ 7 * 7 }}",
    ]
    good = ["{{ 7 * 7 }}", "'; DROP TABLE dag_run; --", "../../etc/passwd", "\x1b[2J", "<script>", 7, None]
    send(sqs, url, [json.dumps({"n": value}) for value in good] + bombs)

    done = dispatch(monkeypatch, len(good) + len(bombs), "partner")

    assert sorted(map(repr, (conf["detail"]["n"] for conf in done.confs))) == sorted(map(repr, good))
    assert not done.errors
    letters = sqs.receive_message(QueueUrl=dead, MaxNumberOfMessages=10)["Messages"]
    assert sorted(letter["Body"] for letter in letters) == sorted(bombs)


def test_credentials_that_sqs_refuses_are_not_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    server = MiniStack(tmp_path, AUTH="true")
    try:
        server.start()
        wrong = server.airflow_connection(login=f"AKIA{MARKER}", password=MARKER)
        monkeypatch.setenv("AIRFLOW_CONN_AWS_DEFAULT", wrong)
        url = server.client("sqs").create_queue(QueueName="private")["QueueUrl"]

        configure(monkeypatch, url, routes=[ROUTE], max_queued_runs=None)

        (event,) = asyncio.run(receive_events(1))

        assert "connection 'aws_default'" in event.payload["error"]
        assert MARKER not in event.payload["error"] + repr(event) + "".join(capsys.readouterr())
    finally:
        server.stop()
