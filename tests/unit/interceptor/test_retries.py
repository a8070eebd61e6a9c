"""Lambda tries again: what has no id of its own has the same id at every try."""

from __future__ import annotations

from typing import Any

import pytest

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.records.wire import IDENTITY
from tests.unit.interceptor.invoking import Interceptor
from tests.unit.interceptor.test_same_event import events

SES = {
    "Records": [
        {
            "eventSource": "aws:ses",
            "eventVersion": "1.0",
            "ses": {
                "mail": {"messageId": "o3vrnil0e2ic28tr", "source": "a@example.com"},
                "receipt": {"action": {"type": "Lambda"}},
            },
        }
    ]
}
CODECOMMIT = {
    "Records": [
        {
            "awsRegion": "eu-west-1",
            "eventId": "31ade2c7-f889-47c5-a937-1cf99e2790e9",
            "eventName": "ReferenceChanges",
            "eventSource": "aws:codecommit",
            "eventSourceARN": "arn:aws:codecommit:eu-west-1:123456789012:orders",
            "codecommit": {
                "references": [
                    {"commit": "5c4ef1049f1d27deadbeeff313e0730018be182b", "ref": "refs/heads/main"}
                ]
            },
        }
    ]
}
LOGS = {"awslogs": {"data": "H4sIAAAAAAAAAKtWKkktLlGyUlAqS8wpTVWqBQBRhOKNEgAAAA=="}}
CONFIG = {
    "invokingEvent": '{"messageType": "ScheduledNotification"}',
    "resultToken": "t",
    "configRuleName": "r",
}
UNNAMED = {
    "ses": SES,
    "codecommit": CODECOMMIT,
    "logs": LOGS,
    "config": CONFIG,
    "plain": {"order": 7},
    "cyrillic": {"заказ": 7},
    "no records": {"Records": []},
    "scheduler": {"source": "aws.scheduler", "detail": {"order": 7}},
}


def ids_of(messages: list[Message]) -> list[str]:
    return [event.id for event in events(messages)]


@pytest.mark.parametrize("event", UNNAMED.values(), ids=UNNAMED)
def test_every_try_gives_the_same_id(interceptor: Interceptor, event: Any) -> None:
    interceptor.invoke(event)
    first = ids_of(interceptor.received())
    interceptor.invoke(event)

    assert first
    assert ids_of(interceptor.received()) == first


@pytest.mark.parametrize("event", UNNAMED.values(), ids=UNNAMED)
def test_every_try_is_one_message_of_a_fifo_queue(fifo: Interceptor, event: Any) -> None:
    fifo.invoke(event)
    fifo.invoke(event)

    assert len(fifo.received()) == 1


def test_what_says_something_else_has_another_id(interceptor: Interceptor) -> None:
    mail = SES["Records"][0]["ses"]["mail"]
    other = {**SES["Records"][0], "ses": {"mail": {**mail, "messageId": "another"}}}

    interceptor.invoke({"Records": [*SES["Records"], other]})
    for number in range(2):
        interceptor.invoke({"order": number})

    found = ids_of(interceptor.received())
    assert len(set(found)) == len(found) == 4


def test_a_record_that_cannot_be_read_keeps_its_identity(interceptor: Interceptor) -> None:
    for _ in range(2):
        interceptor.invoke({"Records": [{"eventSource": "aws:s3", "eventName": 7}]})

    first, second = interceptor.received()
    assert first.identity == second.identity == first.message_attributes[IDENTITY]["StringValue"]
