"""Where SQS itself moves what comes back too often."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from airflow_provider_hybrid.sqs.redrive_policy import RedrivePolicy, find_redrive_policy


def test_the_policy_names_the_dead_letter_queue_by_its_url(
    sqs: Any, queue_url: str, dead_letter_queue_url: str
) -> None:
    answer = sqs.get_queue_attributes(QueueUrl=dead_letter_queue_url, AttributeNames=["QueueArn"])
    policy = {"deadLetterTargetArn": answer["Attributes"]["QueueArn"], "maxReceiveCount": 10}
    sqs.set_queue_attributes(QueueUrl=queue_url, Attributes={"RedrivePolicy": json.dumps(policy)})

    assert find_redrive_policy(sqs, queue_url) == RedrivePolicy(dead_letter_queue_url, 10)


class Client:
    """An SQS that gives this answer."""

    def __init__(self, answer: dict[str, Any]) -> None:
        self.answer = answer

    def get_queue_attributes(self, QueueUrl: str, AttributeNames: list[str]) -> dict[str, Any]:  # noqa: N803
        return self.answer


@pytest.mark.parametrize("most", ["10", '"10"'])
def test_the_number_may_be_written_as_text(most: str) -> None:
    text = f'{{"deadLetterTargetArn": "arn:aws:sqs:eu-west-1:1:dead", "maxReceiveCount": {most}}}'
    client = Client({"Attributes": {"RedrivePolicy": text}})

    assert find_redrive_policy(client, "https://sqs/1/events") == RedrivePolicy("https://sqs/1/dead", 10)


@pytest.mark.parametrize("answer", [{}, {"Attributes": {}}])
def test_a_queue_without_a_policy_has_none(answer: dict[str, Any]) -> None:
    assert find_redrive_policy(Client(answer), "https://sqs/1/events") is None


def test_a_refusal_passes_through(sqs: Any, queue_url: str) -> None:
    with pytest.raises(ClientError, match="NonExistentQueue"):
        find_redrive_policy(sqs, f"{queue_url}-that-is-not-there")
