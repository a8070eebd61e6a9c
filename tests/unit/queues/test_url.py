"""What a queue's URL tells."""

from __future__ import annotations

import pytest

from airflow_provider_hybrid.queues.url import is_fifo, queue_name, region_of


@pytest.mark.parametrize(
    ("url", "region"),
    [
        ("https://sqs.eu-west-1.amazonaws.com/123456789012/events", "eu-west-1"),
        ("https://sqs.cn-north-1.amazonaws.com.cn/123456789012/events", "cn-north-1"),
        ("https://us-east-1.queue.amazonaws.com/123456789012/events", "us-east-1"),
        ("http://127.0.0.1:4566/000000000000/events", None),
        ("https://sqs.eu-west-1.amazonaws.com.evil.example/1/events", None),
    ],
)
def test_the_region_is_in_awss_own_urls(url: str, region: str | None) -> None:
    assert region_of(url) == region


def test_the_name_is_the_last_part() -> None:
    assert queue_name("https://sqs.eu-west-1.amazonaws.com/123456789012/events.fifo") == "events.fifo"


def test_a_fifo_queue_is_told_by_its_name() -> None:
    assert is_fifo("https://sqs/1/events.fifo")
    assert not is_fifo("https://sqs/1/events")
