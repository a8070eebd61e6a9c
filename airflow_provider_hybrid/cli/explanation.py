"""Showing an explanation to people and to programs."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.table import Table

from airflow_provider_hybrid.cli.printing import as_json, plain, print_what_to_do
from airflow_provider_hybrid.routing.explain import Explanation
from airflow_provider_hybrid.routing.launch import Launch
from airflow_provider_hybrid.routing.moment import iso
from airflow_provider_hybrid.routing.room import Room


def explanation_as_dict(explanation: Explanation, room: Room) -> dict[str, Any]:
    """Return an explanation by name, for JSON.

    Args:
        explanation: The explanation.
        room: The limits of the routes.
    """
    return {
        "message_id": explanation.delivery.message.message_id,
        "ending": explanation.ending,
        "hint": explanation.hint or None,
        "launches": [
            {**asdict(launch), "max_queued_runs": room.limits[launch.route].max_queued_runs}
            for launch in explanation.delivery.launches
        ],
        "rejection": explanation.delivery.rejection and asdict(explanation.delivery.rejection),
        "events": [
            {"event": event.as_dict(), "routes": [asdict(verdict) for verdict in verdicts]}
            for event, verdicts in explanation.verdicts
        ],
    }


def print_explanation(console: Console, explanation: Explanation, room: Room, why_dead: str = "") -> None:
    """Print each event with each route's answer, the runs, and the end of the message.

    Args:
        console: Where to.
        explanation: The explanation.
        room: The limits of the routes.
        why_dead: Why the message is a dead letter; empty if it is none.
    """
    for event, verdicts in explanation.verdicts:
        console.print(plain(f"event {event.id}", "bold"))
        console.print(as_json(event.as_dict()))
        table = Table("route", "", "run, or why not")
        for verdict in verdicts:
            launch = verdict.launch
            said = _run(launch) if launch else verdict.reason
            table.add_row(plain(verdict.route), "[green]yes[/]" if launch else "no", plain(said))
        console.print(table)
    for launch in explanation.delivery.launches:
        limit = room.limits[launch.route].max_queued_runs
        waits = f" (it waits while {limit} runs of this DAG are queued)" if limit else ""
        console.print(plain(f"run {launch.trigger_run_id} of DAG {launch.trigger_dag_id}{waits}, conf:"))
        console.print(as_json(launch.conf))
        for deadline in launch.meets:
            console.print(plain(f"It counts for the deadline {deadline.run_id} of DAG {deadline.dag_id}"))
    if explanation.hint:
        console.print(plain(explanation.hint))
    console.print(plain(f"The message: {explanation.ending}"))
    rejection = explanation.delivery.rejection
    print_what_to_do(console, [why_dead, explanation.hint, rejection.error_message if rejection else ""])


def _run(launch: Launch) -> str:
    due = f", due at {iso(launch.due_at)}" if launch.due_at else ""
    return f"{launch.trigger_dag_id} {launch.trigger_run_id}{due}"
