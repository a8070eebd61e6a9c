"""The processes that run the dispatcher's tasks die at chosen points, while events come in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.system.faults.assassin import Assassin
from tests.system.faults.ledger import PARTNERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.system.faults.ledger import Row
    from tests.system.faults.side_by_side import Outcomes, Scenario
    from tests.system.faults.stage import Stage
    from tests.system.faults.stream import Stream

EVERY = 5
"""Seconds between two events."""

BURST = 60
"""Events whose runs take a launch a second or two."""


def launch_dies_before_it_deletes(stage: Stage) -> Row:
    """`launch` killed between the last run and the delete."""
    return _meet(stage, 1, _before_the_delete)


def launch_dies_twice_before_it_deletes(stage: Stage) -> Row:
    """`launch` killed between the last run and the delete, and its retry too."""
    return _meet(stage, 2, _before_the_delete)


def launch_dies_before_its_first_run(stage: Stage) -> Row:
    """`launch` killed before its first run, and its retry too."""
    return _meet(
        stage, 2, lambda assassin, _: assassin.kill_before_request("launch", "ChangeMessageVisibilityBatch")
    )


def launch_dies_between_runs(stage: Stage) -> Row:
    """`launch` killed between two of its runs, twice."""

    def between_runs(assassin: Assassin, stream: Stream) -> None:
        ledger, burst = stage.ledger(), stream.send_many(BURST)
        assassin.kill_when("launch", lambda: ledger.started(burst) > 0)
        assert ledger.started(burst) < BURST * len(PARTNERS), (
            "it was killed between its runs, and not after the last"
        )

    return _meet(stage, 2, between_runs)


def listen_dies_with_messages(stage: Stage) -> Row:
    """`listen` killed when SQS has handed out messages, and its retry too."""
    return _meet(stage, 2, lambda assassin, _: assassin.kill_with_messages("listen"))


@pytest.mark.parametrize(
    "scenario",
    [
        launch_dies_before_it_deletes,
        *(
            pytest.param(scenario, marks=pytest.mark.long)
            for scenario in (
                launch_dies_twice_before_it_deletes,
                launch_dies_before_its_first_run,
                launch_dies_between_runs,
                listen_dies_with_messages,
            )
        ),
    ],
    ids=lambda scenario: scenario.__name__,
)
def test_nothing_is_lost_and_nothing_starts_twice_when(
    scenario: Scenario, outcomes: Outcomes, record: Callable[[Row], Row]
) -> None:
    row = record(outcomes[scenario].result())
    assert row.flawless, row


def _before_the_delete(assassin: Assassin, _: Stream) -> None:
    assassin.kill_before_request("launch", "DeleteMessageBatch")


def _meet(stage: Stage, kills: int, strike: Callable[[Assassin, Stream], None]) -> Row:
    """Strike so many times in the middle of a stream."""
    assassin = Assassin(stage.world.database, stage.proxy, stage.name)
    stage.listen()
    with stage.stream(EVERY) as stream:
        for _ in range(kills):
            strike(assassin, stream)
    return stage.settle(stream)
