"""SQS is away, refuses, dawdles, or does half of what it is asked."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

from tests.harness.proxy import ALL
from tests.system.faults.side_by_side import scenarios

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from tests.system.faults.ledger import Row
    from tests.system.faults.side_by_side import Outcomes, Scenario
    from tests.system.faults.stage import Stage

DELETE = "DeleteMessageBatch"
EVERY = 3
"""Seconds between two events."""


def sqs_away_for_15_s(stage: Stage) -> Row:
    """SQS away for 15 s."""
    return _away(stage, 15)


def sqs_away_for_60_s(stage: Stage) -> Row:
    """SQS away for 60 s."""
    return _away(stage, 60)


def sqs_goes_away_in_a_launch(stage: Stage) -> Row:
    """SQS away for 30 s, from the moment that a launch wants to delete its messages."""
    with stage.proxy.hold(DELETE) as held, stage.stream(EVERY) as stream:
        stage.listen()
        held.wait(60)
        with stage.proxy.away():
            held.drop()
            stage.flow(stream, 30 // EVERY)
        stage.flow(stream, 2)
    return stage.settle(stream)


def sqs_throttles(stage: Stage) -> Row:
    """SQS throttles every call for 30 s."""
    return _waited_out(stage, stage.proxy.fail(ALL, "RequestThrottled", 400), 30)


def sqs_answers_500(stage: Stage) -> Row:
    """SQS answers 500 for 30 s."""
    return _waited_out(stage, stage.proxy.fail(ALL, "InternalError", 500), 30)


def sqs_is_slow(stage: Stage) -> Row:
    """SQS takes 3 s longer to answer, for 45 s."""
    return _waited_out(stage, stage.proxy.slow(ALL, 3), 45)


def half_of_the_deletes_fail(stage: Stage) -> Row:
    """Half of DeleteMessageBatch fails for 30 s."""

    def half(entry: dict[str, Any]) -> bool:
        return zlib.crc32(entry["ReceiptHandle"].encode()) % 2 == 0

    return _meet(stage, stage.proxy.fail_entries(DELETE, half, "InternalError", sender_fault=False), 30)


def receipt_handles_expire(stage: Stage) -> Row:
    """Every DeleteMessageBatch is told that its receipt handles are invalid, for 30 s."""
    invalid = stage.proxy.fail_entries(DELETE, bool, "ReceiptHandleIsInvalid", sender_fault=True)
    return _meet(stage, invalid, 30)


def credentials_are_revoked(stage: Stage) -> Row:
    """Credentials revoked for 30 s."""
    row = _meet(stage, stage.proxy.fail(ALL, "InvalidClientTokenId", 403), 30)
    assert stage.failures(), "a red task says what somebody must mend"
    assert len(stage.dispatcher_runs("failed")) <= 2, "at most one failed run a minute"
    return row


@scenarios(
    sqs_away_for_15_s,
    half_of_the_deletes_fail,
    long=(
        sqs_away_for_60_s,
        sqs_goes_away_in_a_launch,
        sqs_throttles,
        sqs_answers_500,
        sqs_is_slow,
        receipt_handles_expire,
        credentials_are_revoked,
    ),
)
def test_nothing_is_lost_and_nothing_starts_twice_when(
    scenario: Scenario, outcomes: Outcomes, record: Callable[[Row], Row]
) -> None:
    row = record(outcomes[scenario].result())
    assert row.flawless, row
    assert row.unrecorded == 0, row


def _away(stage: Stage, seconds: int) -> Row:
    row = _waited_out(stage, stage.proxy.away(), seconds)
    assert row.delay > seconds / 2, "nothing could be received meanwhile"
    return row


def _waited_out(stage: Stage, fault: AbstractContextManager[None], seconds: int) -> Row:
    """Let a fault come and go that passes by itself."""
    row = _meet(stage, fault, seconds)
    assert stage.failures() == 0, "it waits, and makes no red task of it"
    return row


def _meet(stage: Stage, fault: AbstractContextManager[None], seconds: int) -> Row:
    """Let a fault come while the dispatcher listens, and go in the middle of a stream."""
    stage.listen()
    stream = stage.stream(EVERY)
    stream.send()
    stage.wait_for_work(stream)
    stage.wait_for_a_poll()
    with stream:
        with fault:
            stage.flow(stream, seconds // EVERY)
        stage.flow(stream, 2)
    return stage.settle(stream)
