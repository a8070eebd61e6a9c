"""What a queue's URL tells."""

from __future__ import annotations

import pytest

from airflow_provider_hybrid.sqs.url import endpoint_of, is_fifo, is_same_queue, queue_name, region_of


@pytest.mark.parametrize(
    ("url", "region"),
    [
        ("https://sqs.eu-west-1.amazonaws.com/123456789012/events", "eu-west-1"),
        ("https://sqs.cn-north-1.amazonaws.com.cn/123456789012/events", "cn-north-1"),
        ("https://us-east-1.queue.amazonaws.com/123456789012/events", "us-east-1"),
        ("https://queue.amazonaws.com/123456789012/events", "us-east-1"),
        ("https://cn-north-1.queue.amazonaws.com.cn/123456789012/events", "cn-north-1"),
        ("https://SQS.EU-WEST-1.amazonaws.com:443/123456789012/events", "eu-west-1"),
        ("https://sqs.us-gov-west-1.amazonaws.com/123456789012/events", "us-gov-west-1"),
        ("https://sqs-fips.us-east-1.amazonaws.com/123456789012/events", "us-east-1"),
        ("https://sqs.us-east-1.api.aws/123456789012/events", "us-east-1"),
        ("https://sqs-fips.us-east-1.api.aws/123456789012/events", "us-east-1"),
        ("https://sqs.cn-north-1.api.amazonwebservices.com.cn/123456789012/events", "cn-north-1"),
        ("https://vpce-0a1b.sqs.us-east-1.vpce.amazonaws.com/123456789012/events", "us-east-1"),
        ("https://vpce-0a1b-us-east-1a.sqs-fips.us-east-1.vpce.amazonaws.com/1/events", "us-east-1"),
        ("https://vpce-0a1b.sqs.cn-north-1.vpce.amazonaws.com.cn/123456789012/events", "cn-north-1"),
        ("https://sqs.eusc-de-east-1.amazonaws.eu/123456789012/events", "eusc-de-east-1"),
        ("https://sqs.us-iso-east-1.c2s.ic.gov/123456789012/events", "us-iso-east-1"),
        ("https://sqs.us-isob-east-1.sc2s.sgov.gov/123456789012/events", "us-isob-east-1"),
        ("https://sqs.eu-isoe-west-1.cloud.adc-e.uk/123456789012/events", "eu-isoe-west-1"),
        ("https://sqs.us-isof-south-1.csp.hci.ic.gov/123456789012/events", "us-isof-south-1"),
        ("http://127.0.0.1:4566/000000000000/events", None),
        ("http://sqs.eu-west-1.localhost.localstack.cloud:4566/000000000000/events", None),
        ("https://sqs.us-east-1.amazonaws.com.cn/123456789012/events", None),
        ("https://sqs.nowhere.amazonaws.com/123456789012/events", None),
        ("https://other.sqs.eu-west-1.amazonaws.com/123456789012/events", None),
        ("https://sqs.eu-west-1.amazonaws.com.evil.example/1/events", None),
    ],
)
def test_the_region_is_in_awss_own_urls(url: str, region: str | None) -> None:
    assert region_of(url) == region


@pytest.mark.parametrize(
    ("url", "endpoint"),
    [
        ("https://sqs.eu-west-1.amazonaws.com/1/q", None),
        ("https://queue.amazonaws.com/1/q", None),
        ("https://eu-west-1.queue.amazonaws.com/1/q", None),
        ("http://127.0.0.1:4566/000000000000/q", None),
        (
            "https://vpce-0a1b.sqs.us-east-1.vpce.amazonaws.com/1/q",
            "https://vpce-0a1b.sqs.us-east-1.vpce.amazonaws.com",
        ),
        (
            "http://vpce-0a1b.sqs.us-east-1.vpce.amazonaws.com/1/q",
            "https://vpce-0a1b.sqs.us-east-1.vpce.amazonaws.com",
        ),
        ("https://sqs-fips.us-east-1.amazonaws.com/1/q", "https://sqs-fips.us-east-1.amazonaws.com"),
        ("https://sqs.us-east-1.api.aws/1/q", "https://sqs.us-east-1.api.aws"),
    ],
)
def test_a_host_that_the_region_does_not_tell_is_called(url: str, endpoint: str | None) -> None:
    assert endpoint_of(url) == endpoint


QUEUE = "https://sqs.us-east-1.amazonaws.com/123456789012/orders"


@pytest.mark.parametrize(
    "other",
    [
        QUEUE,
        f"{QUEUE}/",
        QUEUE.replace("https", "http"),
        QUEUE.replace("sqs.us", "SQS.us").replace(".com", ".com:443"),
        "https://queue.amazonaws.com/123456789012/orders",
        "https://vpce-0a1b.sqs.us-east-1.vpce.amazonaws.com/123456789012/orders",
        "https://sqs-fips.us-east-1.amazonaws.com/123456789012/orders",
    ],
)
def test_one_queue_has_many_spellings(other: str) -> None:
    assert is_same_queue(QUEUE, other)


@pytest.mark.parametrize(
    "host", ["localhost:4566", "127.0.0.1:4566", "sqs.eu-west-1.localhost.localstack.cloud:4566"]
)
def test_an_emulators_queue_is_told_by_its_path(host: str) -> None:
    assert is_same_queue("http://127.0.0.1:4566/000000000000/orders", f"http://{host}/000000000000/orders/")


@pytest.mark.parametrize(
    "other",
    [
        f"{QUEUE}-dead",
        f"{QUEUE}.fifo",
        QUEUE.replace("orders", "Orders"),
        QUEUE.replace("123456789012", "210987654321"),
        QUEUE.replace("us-east-1", "us-east-2"),
        QUEUE.replace("us-east-1.amazonaws.com", "cn-north-1.amazonaws.com.cn"),
    ],
)
def test_other_queues_are_others(other: str) -> None:
    assert not is_same_queue(QUEUE, other)


def test_the_name_is_the_last_part() -> None:
    assert queue_name("https://sqs.eu-west-1.amazonaws.com/123456789012/events.fifo") == "events.fifo"


def test_a_fifo_queue_is_told_by_its_name() -> None:
    assert is_fifo("https://sqs/1/events.fifo")
    assert not is_fifo("https://sqs/1/events")
