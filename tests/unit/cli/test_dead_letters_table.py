"""Dead letters on a terminal, narrow or wide."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console

from airflow_provider_hybrid.cli.dead_letters.table import print_letters
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.sqs.dead_letters.letter import DeadLetter

SAID = {
    "HybridErrorType": "RouteError\x1b[31m",
    "HybridErrorMessage": "no [bold]such[/bold] field",
    "HybridRoute": "orders, audit",
    "HybridDispatcherRun": "scheduled__1",
}
LETTER = DeadLetter(
    Message(
        "44808c72-bbd2-4883-b0b2-52bd447f621b",
        '{"source": "aws.s3", "detail": {"bucket": {"name": "b"}, "object": {"key": "a\\u001b[2J.csv"}}}',
        {"SentTimestamp": "1795312800000"},
        {name: {"DataType": "String", "StringValue": text} for name, text in SAID.items()},
    )
)


@pytest.mark.parametrize("width", [80, 200])
def test_all_of_it_can_be_read(width: int) -> None:
    file = StringIO()

    print_letters(Console(file=file, width=width), [LETTER])

    printed = file.getvalue()
    words = ("44808c72-bbd2-4883-b0b2-52bd447f621b", "2026-11-22T02:00:00Z", r"RouteError\x1b[31m")
    assert r"s3://b/a\x1b[2J.csv" in printed
    for said in (*words, "orders, audit", "scheduled__1", "no [bold]such[/bold] field"):
        assert said in printed
    assert "\x1b" not in printed
    assert max(map(len, printed.splitlines())) <= width


def test_of_those_that_sqs_moved_itself_it_says_where_the_reason_is() -> None:
    file = StringIO()
    moved = {"DeadLetterQueueSourceArn": "arn:aws:sqs:eu-west-1:1:orders"}

    print_letters(Console(file=file, width=200), [DeadLetter(Message("m-1", "{}", moved))])

    assert "MaxReceiveCount: SQS moved it here itself" in file.getvalue()
