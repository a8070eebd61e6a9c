"""Showing what became of what was sent, to people and to programs."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from rich.console import Console

from airflow_provider_hybrid.cli.output.sending import Miss, Run, Sending
from airflow_provider_hybrid.cli.printing import plain
from airflow_provider_hybrid.cli.send.follow import Fate
from airflow_provider_hybrid.record.line import Line
from airflow_provider_hybrid.routing.moment import iso

WORDS = {
    "started": "started",
    "existed": "its runs exist already: an event starts them once",
    "unmatched": "unmatched",
    "rejected": "rejected",
    "waiting": "waiting",
}
"""The outcomes, for people."""


def sending_output(fate: Fate) -> Sending:
    """Return what is known, for programs."""
    line = fate.line
    return Sending(
        sent=fate.sent.text,
        message_id=line.message_id if line else fate.sent.message_id,
        outcome=line.outcome if line else None,
        reason=(line.reason or None) if line else None,
        dead_lettered=bool(line and line.dead_lettered),
        returns_at=line.returns_at if line else None,
        runs=[
            Run(
                run.route,
                run.dag_id,
                run.run_id,
                fate.states.get((run.dag_id, run.run_id)),
                run_link(run.dag_id, run.run_id) or None,
            )
            for run in (line.runs if line else ())
            if run.outcome
        ],
        misses=[Miss(miss.route, miss.condition) for miss in (line.misses if line else ())],
        url=(page_link(line.message_id) or None) if line else None,
    )


def print_fate(console: Console, fate: Fate) -> None:
    """Print the outcome, then its runs, or why there are none.

    Each id has a line of its own, which a terminal does not cut, so it can be copied.
    """
    line = fate.line
    if line is None:
        console.print(plain(f"no dispatcher has settled {fate.sent.text} yet", "yellow"), soft_wrap=True)
        console.print("  `hybrid status` says whether one listens, `hybrid events` what it did")
        if fate.sent.message_id is None:
            console.print("  Does its bucket tell the queue of such a key, by a notification or a rule?")
        return
    console.print(
        plain(f"message {line.message_id}: {WORDS[line.outcome]}", _STYLES.get(line.outcome, "yellow"))
    )
    for run in line.runs:
        if run.outcome:
            state = fate.states.get((run.dag_id, run.run_id), "deleted")
            console.print(plain(f"  run of {run.dag_id}, {state}:"), soft_wrap=True)
            console.print(plain(f"  {run.run_id}"), soft_wrap=True)
            if link := run_link(run.dag_id, run.run_id):
                console.print(plain(f"  {link}"), soft_wrap=True)
    for text in _why(line):
        console.print(plain(f"  {text}"), soft_wrap=True)
    if link := page_link(line.message_id):
        console.print(plain(f"  its story: {link}"), soft_wrap=True)


_STYLES = {"started": "green", "existed": "green", "rejected": "red"}


def _why(line: Line) -> list[str]:
    misses = [f"route {miss.route}: {miss.condition}" for miss in line.misses]
    dead = "it is in the dead-letter queue: `hybrid dead-letters list`" if line.dead_lettered else ""
    again = f"it comes back at {iso(line.returns_at)}" if line.returns_at else ""
    return [*filter(None, (line.reason, dead, again)), *misses]


def run_link(dag_id: str, run_id: str) -> str:
    """Return a run's address in Airflow's UI; empty if Airflow's settings do not say where that is."""
    base = _base_url()
    return f"{base}/dags/{quote(dag_id, safe='')}/runs/{quote(run_id, safe='')}" if base else ""


def page_link(message_id: str) -> str:
    """Return the address of the page *Events* with a message; empty where there is none."""
    from airflow_provider_hybrid.compat.task import PAGES, has_pages

    base = _base_url()
    return f"{base}{PAGES}/events?{urlencode({'contains': message_id})}" if base and has_pages() else ""


def _base_url() -> str:
    # Imported here: Airflow takes seconds, and `hybrid --help` need not wait for it.
    from airflow.configuration import conf

    return str(conf.get("api", "base_url", fallback="") or "").rstrip("/")
