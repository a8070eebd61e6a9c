"""A lease on messages, against an SQS that counts."""

from __future__ import annotations

import logging
from threading import Event
from typing import Any

import pytest
from botocore.exceptions import ClientError

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.sqs import lease
from airflow_provider_hybrid.sqs.lease import Lease

MESSAGES = [Message(f"m-{number}", "{}", receipt_handle=f"handle-{number}") for number in range(2)]


class Sqs:
    """Takes note of what is extended; the third time is told."""

    def __init__(self, error: Exception | None = None) -> None:
        self.extended: list[dict[str, int]] = []
        self.thrice = Event()
        self.error = error

    def change_message_visibility_batch(self, QueueUrl: str, Entries: list[Any]) -> dict[str, Any]:  # noqa: N803
        self.extended.append({entry["ReceiptHandle"]: entry["VisibilityTimeout"] for entry in Entries})
        if len(self.extended) == 3:
            self.thrice.set()
        if self.error:
            raise self.error
        return {}


@pytest.fixture
def no_work_is_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "QUICK", 0)


def test_work_that_takes_long_extends_at_once_and_again_and_again(no_work_is_quick: None) -> None:
    sqs = Sqs()

    with Lease(lambda: sqs, "https://sqs/1/events", MESSAGES, 1) as held:
        held.keep()
        assert sqs.extended, "before more is done"
        assert sqs.thrice.wait(10)

    assert all(extended == {"handle-0": 1, "handle-1": 1} for extended in sqs.extended)


def test_quick_work_asks_for_no_client() -> None:
    def open_client() -> Any:
        raise AssertionError("nobody needs it")

    with Lease(open_client, "https://sqs/1/events", MESSAGES, 1) as held:
        held.keep()


def test_after_it_nothing_is_extended_any_more(no_work_is_quick: None) -> None:
    sqs = Sqs()

    with Lease(lambda: sqs, "https://sqs/1/events", MESSAGES, 1) as held:
        held.keep()
        sqs.thrice.wait(10)

    assert held._heartbeat
    assert not held._heartbeat.is_alive()


def test_an_sqs_that_refuses_stops_nobody(no_work_is_quick: None, caplog: pytest.LogCaptureFixture) -> None:
    refusal = ClientError({"Error": {"Code": "AccessDenied"}}, "ChangeMessageVisibilityBatch")

    with (
        caplog.at_level(logging.WARNING),
        Lease(lambda: Sqs(refusal), "https://sqs/1/events", MESSAGES, 60) as held,
    ):
        held.keep()

    assert "2 message(s) was not extended" in caplog.text
