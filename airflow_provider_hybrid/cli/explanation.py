"""Showing an explanation to people."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from airflow_provider_hybrid.cli.printing import as_json, plain, print_what_to_do
from airflow_provider_hybrid.routing.explain import Explanation
from airflow_provider_hybrid.routing.launch import Launch
from airflow_provider_hybrid.routing.moment import iso
from airflow_provider_hybrid.routing.room import Room


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
