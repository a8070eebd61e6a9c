"""The output of `hybrid explain --json`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field

from airflow_provider_hybrid.routing import explain, launch
from airflow_provider_hybrid.routing.explain import Ending
from airflow_provider_hybrid.routing.room import RouteLimit


@dataclass(frozen=True)
class Window:
    """The window whose events share a run. Times are in seconds since 1970."""

    key: Annotated[str, Field(description="What its events have in common, as the route's template says.")]
    begins: Annotated[float, Field(description="The first moment in it.")]
    ends: Annotated[float, Field(description="The first moment after it.")]


@dataclass(frozen=True)
class Deadline:
    """A deadline for which the events of a run count."""

    expectation: Annotated[str, Field(description="The expectation's name.")]
    dag_id: Annotated[str, Field(description="The DAG whose runs stand for deadlines.")]
    run_id: Annotated[str, Field(description="The run that stands for this one.")]
    moment: Annotated[float, Field(description="The deadline, in seconds since 1970.")]


@dataclass(frozen=True)
class Launch:
    """A DAG run that a route asks for."""

    route: Annotated[str, Field(description="The route's name.")]
    trigger_dag_id: Annotated[str, Field(description="The DAG.")]
    trigger_run_id: Annotated[str, Field(description="The run's id.")]
    conf: Annotated[dict[str, Any], Field(description="The run's conf.")]
    note: Annotated[str | None, Field(description="The run's note. null: none.")]
    event_id: Annotated[str | None, Field(description="The event's id. null: several events share the run.")]
    max_events: Annotated[
        int | None, Field(description="The most events in the run. null: one event, one run.")
    ]
    max_queued_runs: Annotated[
        int | None, Field(description="It waits while so many runs of the DAG are queued. null: no limit.")
    ]
    due_at: Annotated[
        float | None, Field(description="It starts then, in seconds since 1970. null: at once.")
    ]
    is_paced: Annotated[bool, Field(description="Whether it starts so late because of max_runs_per_minute.")]
    window: Annotated[Window | None, Field(description="Its window. null: the route has none.")]
    meets: Annotated[list[Deadline], Field(description="The deadlines for which its events count.")]


@dataclass(frozen=True)
class Verdict:
    """A route's answer to an event."""

    route: Annotated[str, Field(description="The route's name.")]
    launch: Annotated[Launch | None, Field(description="The run that it asks for. null: none.")]
    reason: Annotated[str | None, Field(description="Why it asks for none. null: it asks for one.")]


@dataclass(frozen=True)
class Event:
    """An event in a message."""

    event: Annotated[dict[str, Any], Field(description="The event, in EventBridge's envelope.")]
    routes: Annotated[list[Verdict], Field(description="The answer of each route.")]


@dataclass(frozen=True)
class Rejection:
    """Why a message would go to the dead-letter queue."""

    error_type: Annotated[str, Field(description="MessageParseError, RouteError or Unmatched.")]
    error_message: Annotated[str, Field(description="The reason, in a sentence.")]
    routes: Annotated[list[str], Field(description="The routes that could not make a run of it.")]


@dataclass(frozen=True)
class Message:
    """What would happen to a message."""

    message_id: Annotated[str, Field(description="The message's id.")]
    ending: Annotated[
        Ending,
        Field(
            description="What becomes of it. starts: it is deleted once its runs exist. deleted: it is "
            "deleted without a run. dead_letter: it goes to the dead-letter queue, after its runs if it has "
            "some. stays: it stays in the queue until somebody changes the configuration. waits: it stays "
            "until its runs are due, and then one of the others."
        ),
    ]
    ending_text: Annotated[str, Field(description="The ending in a sentence, for people.")]
    hint: Annotated[str | None, Field(description="What the sender may have done wrong. null: nothing.")]
    launches: Annotated[list[Launch], Field(description="The runs that it would start.")]
    rejection: Annotated[Rejection | None, Field(description="Why it is rejected. null: it is not.")]
    events: Annotated[list[Event], Field(description="The events in it, with the answers of the routes.")]


@dataclass(frozen=True)
class Explanations:
    """What would happen to messages."""

    messages: Annotated[list[Message], Field(description="The messages, in their order.")]


def message_output(explanation: explain.Explanation, limits: Mapping[str, RouteLimit]) -> Message:
    """Return an explanation for programs.

    Args:
        explanation: The explanation.
        limits: The limits of the routes, by name.
    """
    delivery = explanation.delivery
    rejection = delivery.rejection

    def output(launch: launch.Launch) -> Launch:
        return _launch(launch, limits[launch.route].max_queued_runs)

    return Message(
        message_id=delivery.message.message_id,
        ending=explanation.end,
        ending_text=explanation.ending,
        hint=explanation.hint or None,
        launches=[*map(output, delivery.launches)],
        rejection=Rejection(rejection.error_type, rejection.error_message, list(rejection.routes))
        if rejection
        else None,
        events=[
            Event(
                event.as_dict(),
                [
                    Verdict(one.route, output(one.launch) if one.launch else None, one.reason or None)
                    for one in verdicts
                ],
            )
            for event, verdicts in explanation.verdicts
        ],
    )


def _launch(launch: launch.Launch, max_queued_runs: int | None) -> Launch:
    window = launch.window
    return Launch(
        route=launch.route,
        trigger_dag_id=launch.trigger_dag_id,
        trigger_run_id=launch.trigger_run_id,
        conf=launch.conf,
        note=launch.note,
        event_id=launch.event_id,
        max_events=launch.max_events,
        max_queued_runs=max_queued_runs,
        due_at=launch.due_at or None,
        is_paced=launch.is_paced,
        window=Window(window.key, window.begins, window.ends) if window else None,
        meets=[Deadline(one.expectation, one.dag_id, one.run_id, one.moment) for one in launch.meets],
    )
