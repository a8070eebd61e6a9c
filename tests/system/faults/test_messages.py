"""The same message comes again and again, and to two dispatchers at once."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from tests.harness.proxy import Answer
from tests.system.faults.ledger import PARTNERS, counted_route
from tests.system.faults.side_by_side import scenarios

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.harness.proxy import Forward, Proxy, Request
    from tests.system.faults.ledger import Row
    from tests.system.faults.side_by_side import Outcomes, Scenario
    from tests.system.faults.stage import Stage

MESSAGES = 10


def delivered_three_times(stage: Stage) -> Row:
    """Every message delivered three times at least."""
    stage.listen(visibility_timeout=10)
    return _deliver_three_times(stage)


def delivered_three_times_to_two_dispatchers(stage: Stage) -> Row:
    """Every message delivered three times at least, to two dispatchers."""
    _listen_twice(stage, visibility_timeout=10)
    return _deliver_three_times(stage)


def visibility_ends_while_a_launch_holds_the_messages(stage: Stage) -> Row:
    """The visibility timeout ends in the middle of a launch; a second dispatcher gets the messages."""
    with _short_visibility(stage.proxy), stage.proxy.hold("DeleteMessageBatch") as held:
        _listen_twice(stage)
        stream = stage.stream()
        stream.send_many(MESSAGES)
        held.wait(60)
        stage.wait(lambda: not stage.cloud.backlog(), "the other dispatcher to settle all of them")
    return stage.settle(stream)


def s3_sends_every_event_twice(stage: Stage) -> Row:
    """S3 sends every event twice, as two messages, to two dispatchers."""
    uploads = {
        "event_pattern": {"source": ["aws.s3"]},
        "conf": {"event_id": "{{ event.detail.object.key }}"},
    }
    routes = [{**counted_route(partner), **uploads} for partner in PARTNERS]
    # The copies follow the originals, so that no batch holds both.
    _listen_twice(stage, *routes, max_messages=MESSAGES)
    stream = stage.stream()
    keys = [f"{stage.name}/{number}.csv" for number in range(MESSAGES)]
    stream.sent.update(dict.fromkeys(keys, datetime.now(timezone.utc)))
    stage.cloud.send_many([_notification(key) for key in keys + keys])
    return stage.settle(stream)


@scenarios(
    long=(
        delivered_three_times,
        delivered_three_times_to_two_dispatchers,
        visibility_ends_while_a_launch_holds_the_messages,
        s3_sends_every_event_twice,
    ),
)
def test_an_event_starts_its_runs_once_when(
    scenario: Scenario, outcomes: Outcomes, record: Callable[[Row], Row]
) -> None:
    row = record(outcomes[scenario].result())
    assert row.flawless, row
    assert row.unrecorded == 0, row


def _listen_twice(stage: Stage, *routes: dict[str, Any], **changes: Any) -> None:
    """Let two dispatchers listen to the stage's queue, by the same connection."""
    twin = replace(stage, name=f"{stage.name}_too")
    stage.dags.deploy_dispatchers(twin.name)
    for dispatcher in (stage, twin):
        dispatcher.listen(*routes, **changes, aws_conn_id=stage.name)


def _deliver_three_times(stage: Stage) -> Row:
    stream = stage.stream()
    with _deletes_forgotten(stage.proxy) as deliveries:
        stream.send_many(MESSAGES)
        stage.wait(
            lambda: len(deliveries) == MESSAGES and min(deliveries.values()) >= 3,
            "three deliveries of every message",
        )
    return stage.settle(stream)


@contextmanager
def _deletes_forgotten(proxy: Proxy) -> Iterator[Counter[str]]:
    """Let SQS say that it has deleted messages, and deliver them again all the same; count how often.

    A standard queue may do so: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/
    standard-queues-at-least-once-delivery.html
    """
    deliveries: Counter[str] = Counter()

    def count(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        deliveries.update(message["MessageId"] for message in json.loads(answer.body).get("Messages", []))
        return answer

    with (
        proxy.fault("DeleteMessageBatch", _pretend),
        proxy.fault("ChangeMessageVisibilityBatch", _pretend),
        proxy.fault("ReceiveMessage", count),
    ):
        yield deliveries


@contextmanager
def _short_visibility(proxy: Proxy) -> Iterator[None]:
    """Let messages become visible again after 5 s, whatever is asked for."""

    def shorten(request: Request, forward: Forward) -> Answer:
        return forward(
            replace(request, body=json.dumps({**json.loads(request.body), "VisibilityTimeout": 5}).encode())
        )

    with proxy.fault("ReceiveMessage", shorten), proxy.fault("ChangeMessageVisibilityBatch", _pretend):
        yield


def _pretend(request: Request, _: Forward) -> Answer:
    """Say that all of a batch was done, and do nothing."""
    entries = json.loads(request.body)["Entries"]
    return Answer.of_json({"Successful": [{"Id": entry["Id"]} for entry in entries], "Failed": []})


def _notification(key: str) -> str:
    """Return S3's notification of an upload."""
    record = {
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "awsRegion": "us-east-1",
        "eventTime": "2026-11-22T06:00:00.000Z",
        "eventName": "ObjectCreated:Put",
        "s3": {
            "s3SchemaVersion": "1.0",
            "bucket": {"name": "partner-a", "arn": "arn:aws:s3:::partner-a"},
            "object": {"key": key, "size": 1, "sequencer": "0055AED6DCD90281E5"},
        },
    }
    return json.dumps({"Records": [record]})
