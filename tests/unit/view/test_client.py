"""The SQS clients of views."""

from __future__ import annotations

import pytest

from airflow_provider_hybrid.sqs.queue import Queue
from airflow_provider_hybrid.view import client

A_QUEUE = "https://sqs.eu-west-1.amazonaws.com/123456789012/a"


@pytest.mark.usefixtures("endpoint")
def test_queues_behind_one_connection_share_a_client() -> None:
    one = client.client_of(Queue(A_QUEUE))

    assert client.client_of(Queue(f"{A_QUEUE}b")) is one
    assert client.client_of(Queue(A_QUEUE.replace("west", "north"))) is not one


@pytest.mark.usefixtures("endpoint")
def test_a_change_of_the_connection_takes_effect_when_the_client_is_old(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = client.client_of(Queue(A_QUEUE))
    changed = '{"conn_type": "aws", "extra": {"endpoint_url": "http://127.0.0.1:1"}}'
    monkeypatch.setenv("AIRFLOW_CONN_AWS_DEFAULT", changed)
    assert client.client_of(Queue(A_QUEUE)) is before

    monkeypatch.setattr(client, "LIFE", -1)

    assert client.client_of(Queue(A_QUEUE)).meta.endpoint_url == "http://127.0.0.1:1"
