"""The first task of a DAG on the queue itself, against an SQS over HTTP."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
from airflow.providers.common.compat.sdk import AirflowFailException
from airflow.sdk import DAG, Asset, AssetWatcher
from airflow.sdk.serde import deserialize, serialize
from botocore.exceptions import ClientError

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.exceptions import ConfigError, QueueError
from airflow_provider_hybrid.operators import take as module
from airflow_provider_hybrid.operators.take import TakeMessagesOperator
from airflow_provider_hybrid.triggers.event import MessagesEvent
from airflow_provider_hybrid.triggers.queue import SqsQueueTrigger
from tests.unit.operators.started import QUEUE, Store, batch, started_by
from tests.unit.queues.receiving import receive

Counts = Callable[[str], tuple[int, int]]


def asset(queue_url: str, **arguments: Any) -> Asset:
    trigger = SqsQueueTrigger(queue_url=queue_url, **arguments)
    return Asset("orders", watchers=[AssetWatcher(name="orders", trigger=trigger)])


def take(messages: Asset, *events: MessagesEvent, store: Store | None = None) -> list[Any]:
    operator = TakeMessagesOperator(task_id="take", messages=messages)
    taken = operator.execute(started_by(messages, *events, store=store))
    return [json.loads(event) for event in taken]


def sent(sqs: Any, queue_url: str, *bodies: str) -> list[Message]:
    for body in bodies:
        sqs.send_message(QueueUrl=queue_url, MessageBody=body)
    messages: list[Message] = []
    while len(messages) < len(bodies):
        messages += receive(sqs, queue_url)
    return messages


def details(events: list[Any]) -> list[Any]:
    return [event["detail"] for event in events]


def test_it_takes_the_events_of_all_messages_off_the_queue(sqs: Any, queue_url: str, counts: Counts) -> None:
    first, second, third = sent(sqs, queue_url, '{"n": 1}', '{"n": 2}', '{"n": 3}')

    events = take(
        asset(queue_url),
        batch(first, second, queue_url=queue_url),
        MessagesEvent.reminder(queue_url),
        batch(third, queue_url=queue_url),
    )

    assert sorted(detail["n"] for detail in details(events)) == [1, 2, 3]
    assert events[0]["id"] == first.message_id
    assert counts(queue_url) == (0, 0)


def test_a_message_may_hold_many_events_or_none(
    sqs: Any, queue_url: str, counts: Counts, payload: Callable[[str], str]
) -> None:
    messages = sent(sqs, queue_url, payload("s3_two_records"), payload("s3_test_event"))

    events = take(asset(queue_url), batch(*messages, queue_url=queue_url))

    assert [event["detail-type"] for event in events] == ["Object Created", "Object Deleted"]
    assert counts(queue_url) == (0, 0)


def test_one_that_came_twice_to_this_run_is_taken_once(sqs: Any, queue_url: str) -> None:
    (message,) = sent(sqs, queue_url, '{"n": 1}')
    event = batch(message, queue_url=queue_url)

    assert details(take(asset(queue_url), event, event)) == [{"n": 1}]


def test_tried_again_or_cleared_it_returns_the_same(sqs: Any, queue_url: str) -> None:
    """It may die after it has deleted the messages; Airflow keeps them with the run."""
    event = batch(*sent(sqs, queue_url, '{"n": 1}', '{"n": 2}'), queue_url=queue_url)
    messages = asset(queue_url)

    assert take(messages, event) == take(messages, event) != []


def test_what_cannot_be_understood_goes_to_the_dead_letter_queue_and_harms_no_other(
    sqs: Any, queue_url: str, dead_letter_queue_url: str, counts: Counts
) -> None:
    messages = sent(sqs, queue_url, "rubbish", '{"n": 1}')

    events = take(
        asset(queue_url, dead_letter_queue_url=dead_letter_queue_url), batch(*messages, queue_url=queue_url)
    )

    assert details(events) == [{"n": 1}]
    assert counts(queue_url) == (0, 0)
    (dead,) = sqs.receive_message(QueueUrl=dead_letter_queue_url, MessageAttributeNames=["All"])["Messages"]
    said = {name: value["StringValue"] for name, value in dead["MessageAttributes"].items()}
    assert (dead["Body"], said["HybridErrorType"]) == ("rubbish", "MessageParseError")
    assert said["HybridErrorMessage"].startswith("the body is not JSON")
    assert said["HybridDispatcherRun"] == "asset_triggered__2026-11-22"


def test_without_a_dead_letter_queue_it_stays_and_the_log_says_so(
    sqs: Any, queue_url: str, counts: Counts, caplog: pytest.LogCaptureFixture
) -> None:
    messages = sent(sqs, queue_url, "rubbish", '{"n": 1}')

    with caplog.at_level(logging.ERROR):
        events = take(asset(queue_url), batch(*messages, queue_url=queue_url))

    assert details(events) == [{"n": 1}]
    assert counts(queue_url) == (0, 1)
    (said,) = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    rubbish = next(message for message in messages if message.body == "rubbish")
    assert rubbish.message_id in said
    assert "dead_letter_queue_url" in said


def test_keys_that_mean_something_to_airflow_mean_nothing_here(sqs: Any, queue_url: str) -> None:
    """As dictionaries they could not even be returned."""
    detail = {"__classname__": "subprocess.Popen", "__version__": 1, "__data__": ["id"], "__type": "dict"}
    messages = sent(sqs, queue_url, json.dumps(detail))
    operator = TakeMessagesOperator(task_id="take", messages=asset(queue_url))
    context = started_by(operator.inlets[0], batch(*messages, queue_url=queue_url))

    stored = json.loads(json.dumps(serialize(operator.execute(context))))

    assert details([json.loads(event) for event in deserialize(stored)]) == [detail]


def test_a_later_task_loops_over_dictionaries(queue_url: str) -> None:
    class TaskInstance:
        def xcom_pull(self, **_: Any) -> list[str]:
            return ['{"id": "a"}', '{"id": "b"}']

    with DAG("orders"):
        operator = TakeMessagesOperator(task_id="take", messages=asset(queue_url))

    events = operator.events.resolve({"ti": TaskInstance()})

    assert [event["id"] for event in events] == ["a", "b"]
    assert len(events) == 2


def test_it_settles_messages_on_the_queue_that_they_came_from(
    sqs: Any, queue_url: str, counts: Counts
) -> None:
    """The DAG file has changed since."""
    other = sqs.create_queue(QueueName="other")["QueueUrl"]
    messages = sent(sqs, queue_url, '{"n": 1}')

    assert details(take(asset(other), batch(*messages, queue_url=queue_url))) == [{"n": 1}]
    assert counts(queue_url) == (0, 0)


def test_the_trigger_is_told_before_anything_can_fail(queue_url: str) -> None:
    store = Store()

    with pytest.raises(ConfigError):
        take(asset("rubbish"), batch(Message("m-1", "{}"), received_at=4e9), store=store)

    assert store == {"taken_up_to": 4e9}


@pytest.mark.parametrize("started", [[], [MessagesEvent.reminder(QUEUE)]], ids=["hand", "reminder"])
def test_a_run_without_messages_has_no_events(queue_url: str, started: list[MessagesEvent]) -> None:
    assert take(asset(queue_url), *started) == []


def test_what_somebody_must_mend_fails_it_without_a_retry(queue_url: str) -> None:
    with pytest.raises(AirflowFailException, match="There is no queue"):
        take(asset(queue_url), MessagesEvent.failure("", "There is no queue"))


def test_what_is_wrong_with_the_arguments_is_told(queue_url: str) -> None:
    with pytest.raises(ConfigError, match="max_mesages: unknown key, did you mean 'max_messages'"):
        take(asset(queue_url, max_mesages=1), batch(Message("m-1", "{}")))


def test_an_asset_without_its_watcher_is_refused() -> None:
    with pytest.raises(ConfigError, match="Asset 'orders' has 0 watchers here"):
        take(Asset("orders"), batch(Message("m-1", "{}")))


def test_where_sqs_does_not_delete_airflow_tries_again_and_the_messages_come_back_later(
    sqs: Any, queue_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At once they would start run after run."""
    delays: list[int] = []

    def refuse(**_: Any) -> None:
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "DeleteMessageBatch")

    def give_back(**request: Any) -> dict[str, Any]:
        delays.extend(entry["VisibilityTimeout"] for entry in request["Entries"])
        return {}

    messages = sent(sqs, queue_url, '{"n": 1}', '{"n": 2}')
    monkeypatch.setattr(sqs, "delete_message_batch", refuse)
    monkeypatch.setattr(sqs, "change_message_visibility_batch", give_back)
    monkeypatch.setattr(module, "open_patient_client", lambda *_: sqs)

    with pytest.raises(QueueError, match="allow sqs:DeleteMessage on"):
        take(asset(queue_url), batch(*messages, queue_url=queue_url))

    assert delays == [60, 60]
