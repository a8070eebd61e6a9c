"""Scenarios, played side by side: most of them mostly wait."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.system.faults.ledger import Row
from tests.system.faults.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.system.faults.stage import World

Scenario = Callable[[Stage], Row]
"""Says in its docstring's first line, for the table, which fault it is about."""

Outcomes = dict[Scenario, "Future[Row]"]

_AT_ONCE = 5
"""So many dispatchers keep two cores busy."""


def scenarios(*short: Scenario, long: tuple[Scenario, ...] = ()) -> pytest.MarkDecorator:
    """Return the decorator that gives a test its scenarios, one after the other, as ``scenario``.

    Args:
        short: Those that are always played.
        long: Those that are played when tests marked ``long`` are.
    """
    marked = (pytest.param(scenario, marks=pytest.mark.long) for scenario in long)
    return pytest.mark.parametrize("scenario", [*short, *marked], ids=lambda scenario: scenario.__name__)


def selected_scenarios(session: pytest.Session) -> list[Scenario]:
    """Return the scenarios of the tests that are going to run: their parameter ``scenario``."""
    parameters = [getattr(item, "callspec", None) for item in session.items]
    return [found.params["scenario"] for found in parameters if found and "scenario" in found.params]


@contextmanager
def play(scenarios: list[Scenario], world: World) -> Iterator[Outcomes]:
    """Play scenarios, each on a stage of its own, and give what came of them.

    The stages stand until the block ends: a dispatcher may still be listening.
    """
    with ExitStack() as stack:
        stages = [
            stack.enter_context(world.stage(scenario.__name__, _fault(scenario))) for scenario in scenarios
        ]
        world.dags.deploy_dispatchers(*(stage.name for stage in stages))
        with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="scenario") as pool:
            outcomes = {
                scenario: pool.submit(_play, scenario, stage)
                for scenario, stage in zip(scenarios, stages, strict=True)
            }
            wait(outcomes.values())
        yield outcomes


def _play(scenario: Scenario, stage: Stage) -> Row:
    try:
        return scenario(stage)
    finally:
        stage.leave()


def _fault(scenario: Scenario) -> str:
    return (scenario.__doc__ or "").partition("\n")[0].rstrip(".")
