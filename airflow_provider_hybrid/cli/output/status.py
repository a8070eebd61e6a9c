"""The output of `hybrid status --json`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from airflow_provider_hybrid.cli.output.fault import Fault, fault_output
from airflow_provider_hybrid.record.line import Outcome
from airflow_provider_hybrid.view import expectations, lately, queue, status
from airflow_provider_hybrid.view.expectations import DeadlineState
from airflow_provider_hybrid.view.state import State


@dataclass(frozen=True)
class Depth:
    """How many messages are in a dispatcher's queues."""

    waiting: Annotated[int, Field(description="Messages that can be received.")]
    in_flight: Annotated[
        int, Field(description="Messages that are not settled yet, or that come back later.")
    ]
    delayed: Annotated[int, Field(description="Messages that were sent with a delay.")]
    dead_letters: Annotated[int | None, Field(description="Dead letters. null: no dead-letter queue.")]


@dataclass(frozen=True)
class Part:
    """What a dispatcher did in a part of the last hour. Times are in seconds since 1970."""

    begin: Annotated[float, Field(description="When the part begins.")]
    end: Annotated[float, Field(description="When it ends.")]
    outcomes: Annotated[
        dict[Outcome, int], Field(description="How many deliveries had which outcome, without those of none.")
    ]


@dataclass(frozen=True)
class Lately:
    """What a dispatcher did in the last hour."""

    outcomes: Annotated[
        dict[Outcome, int], Field(description="How many deliveries of messages had which outcome.")
    ]
    parts: Annotated[list[Part], Field(description="The same over time, the oldest first.")]
    median: Annotated[
        float | None, Field(description="Median of the seconds from sent to started. null: none started.")
    ]
    p95: Annotated[float | None, Field(description="Their 95th percentile. null: none started.")]


@dataclass(frozen=True)
class Deadline:
    """A deadline, and whether an event came for it."""

    moment: Annotated[float, Field(description="The deadline, in seconds since 1970.")]
    state: Annotated[DeadlineState, Field(description="Whether an event came for it.")]
    dag_id: Annotated[str, Field(description="The DAG of the run that stands for it.")]
    run_id: Annotated[str, Field(description="That run; it may not exist yet.")]


@dataclass(frozen=True)
class Expectation:
    """What is expected of a route."""

    name: Annotated[str, Field(description="Its name.")]
    route: Annotated[str, Field(description="The route's name.")]
    by: Annotated[str, Field(description="The time of day and the time zone.")]
    subject: Annotated[str | None, Field(description="Which events count, a template. null: every event.")]
    last: Annotated[Deadline | None, Field(description="The last deadline. null: none in the last week.")]
    next: Annotated[Deadline | None, Field(description="The next deadline. null: none in the next week.")]


@dataclass(frozen=True)
class Dispatcher:
    """A dispatcher now."""

    dag_id: Annotated[str, Field(description="The DAG.")]
    state: Annotated[State, Field(description="Whether it listens, in a word.")]
    is_well: Annotated[bool, Field(description="Whether it takes messages, or soon will.")]
    meaning: Annotated[str, Field(description="The state in words, and what to do about it.")]
    error: Annotated[str | None, Field(description="Why it failed. null: it did not, or nobody knows.")]
    depth: Annotated[Depth | None, Field(description="How full its queues are. null: not known.")]
    fault: Annotated[str | None, Field(description="Why that is not known. null: it is.")]
    broken_routes: Annotated[list[Fault], Field(description="The faults in its broken routes.")]
    lately: Annotated[Lately, Field(description="What it did in the last hour.")]
    expectations: Annotated[list[Expectation], Field(description="What it expects.")]


@dataclass(frozen=True)
class Dispatchers:
    """The dispatchers now. The exit code is 0 if all are well, else 1."""

    dispatchers: Annotated[
        list[Dispatcher], Field(description="The dispatchers, by the names of their DAGs.")
    ]


def dispatcher_output(found: status.Status, expected: Iterable[expectations.ExpectationView]) -> Dispatcher:
    """Return a dispatcher for programs, with what it expects."""
    return Dispatcher(
        dag_id=found.dag_id,
        state=found.state,
        is_well=found.is_well,
        meaning=found.meaning,
        error=found.error or None,
        depth=_depth(found.depth) if found.depth else None,
        fault=found.fault or None,
        broken_routes=[*map(fault_output, found.broken_routes)],
        lately=_lately(found.lately),
        expectations=[
            Expectation(one.name, one.route, one.by, one.subject, _deadline(one.last), _deadline(one.next))
            for one in expected
        ],
    )


def _depth(found: queue.Depth) -> Depth:
    return Depth(found.waiting, found.in_flight, found.delayed, found.dead_letters)


def _lately(found: lately.Lately) -> Lately:
    parts = [Part(one.begin, one.end, dict(one.outcomes)) for one in found.parts]
    return Lately(dict(found.outcomes), parts, found.median, found.p95)


def _deadline(found: expectations.DeadlineView | None) -> Deadline | None:
    return Deadline(found.moment, found.state, found.dag_id, found.run_id) if found else None
