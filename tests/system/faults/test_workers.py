"""The processes that run the dispatcher's tasks die at chosen points, while events come in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow_provider_hybrid.dispatcher import build_dispatcher
from tests.system.faults.assassin import Assassin
from tests.system.faults.ledger import PARTNERS, routes_for_launch
from tests.system.faults.side_by_side import scenarios

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from tests.system.faults.ledger import Row
    from tests.system.faults.side_by_side import Outcomes, Scenario
    from tests.system.faults.stage import Stage
    from tests.system.faults.stream import Stream

EVERY = 5
"""Seconds between two events."""

TRIES = 1 + build_dispatcher().default_args["retries"]

TAKES_OVER_WITHIN = 90
"""Seconds until the other run of a dispatcher has taken the place of one whose worker died."""

SEVERAL = 3
"""Events that come together, after which a task waits for more."""

BURST = 60
"""Events that come together. They ask for more runs than `listen` starts itself; `launch` takes seconds."""


def task_dies_before_it_deletes(stage: Stage) -> Row:
    """The task that launches killed between the last run and the delete, at every try."""
    return _meet(stage, lambda assassin, _: assassin.kill_before_request("DeleteMessageBatch"))


def launch_dies_as_it_begins(stage: Stage) -> Row:
    """`launch` killed as it begins, at every try."""

    def as_it_begins(assassin: Assassin, stream: Stream) -> None:
        stream.send_many(BURST)
        assassin.kill_when("launch", lambda: True)

    return _meet(stage, as_it_begins, *routes_for_launch())


def launch_dies_between_runs(stage: Stage) -> Row:
    """`launch` killed between two of its runs, at every try."""
    ledger = stage.ledger()

    def between_runs(assassin: Assassin, stream: Stream) -> None:
        burst = stream.send_many(BURST)
        before = ledger.started(stream.sent)
        assassin.kill_when("launch", lambda: ledger.started(stream.sent) > before)
        assert ledger.started(burst) < BURST * len(PARTNERS), "runs were still to come"

    return _meet(stage, between_runs, *routes_for_launch())


def first_task_dies_with_messages(stage: Stage) -> Row:
    """The task before `launch` killed while it has messages, at every try."""

    def as_it_goes_on(assassin: Assassin, stream: Stream) -> None:
        # A task that had several messages waits for the next one, and gets it from SQS itself.
        stream.send_many(SEVERAL)
        assassin.kill_with_messages()

    return _meet(stage, as_it_goes_on)


def worker_dies(stage: Stage) -> Row:
    """The worker of `listen` killed with its supervisor; Airflow takes it for alive for 300 s."""

    def in_a_stream(assassin: Assassin, stream: Stream) -> None:
        stage.wait_for_work(stream)
        assassin.kill_worker("listen")

    row = _meet(stage, in_a_stream, tries=1)
    assert row.delay < TAKES_OVER_WITHIN
    return row


@scenarios(
    task_dies_before_it_deletes,
    worker_dies,
    long=(
        launch_dies_as_it_begins,
        launch_dies_between_runs,
        first_task_dies_with_messages,
    ),
)
def test_nothing_is_lost_and_nothing_starts_twice_when(
    scenario: Scenario, outcomes: Outcomes, record: Callable[[Row], Row]
) -> None:
    row = record(outcomes[scenario].result())
    assert row.flawless, row


def _meet(
    stage: Stage, strike: Callable[[Assassin, Stream], None], *routes: dict[str, Any], tries: int = TRIES
) -> Row:
    """Strike at every try of a task, in the middle of a stream.

    A try begins where the last one died, with the same launches. Only when the last one has died too it is
    left to SQS, which hands the messages out anew.
    """
    assassin = Assassin(stage.world.database, stage.proxy, stage.name)
    stage.listen(*routes)
    with stage.stream(EVERY) as stream:
        for _ in range(tries):
            strike(assassin, stream)
    return stage.settle(stream)
