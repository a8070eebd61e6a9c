"""`hybrid events`: what became of each message."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from airflow_provider_hybrid.cli.aws import airflow_is_quiet
from airflow_provider_hybrid.cli.leaving import leaving_with_2
from airflow_provider_hybrid.cli.options import JsonOption
from airflow_provider_hybrid.cli.output.printing import print_json
from airflow_provider_hybrid.cli.output.record import record_output
from airflow_provider_hybrid.cli.printing import console_for_people, plain, shortened
from airflow_provider_hybrid.cli.since import SinceOption
from airflow_provider_hybrid.compat.installation import airflow_session
from airflow_provider_hybrid.record.line import OUTCOMES, Line, Outcome
from airflow_provider_hybrid.routing.moment import iso

if TYPE_CHECKING:
    from airflow_provider_hybrid.record.read import Entry
    from airflow_provider_hybrid.view.unrecorded import Unrecorded

REASON = 160
"""Characters of a reason that people see; ``--json`` has all of it."""

WIDTH = max(map(len, OUTCOMES))
INDENT = "    "

STYLES: dict[Outcome, str] = {"started": "green", "unmatched": "yellow", "rejected": "red", "waiting": "cyan"}


def events(
    outcome: Annotated[
        list[str] | None,
        typer.Option(help=f"Only these: {', '.join(OUTCOMES)}. May be repeated.", show_default=False),
    ] = None,
    route: Annotated[
        str | None, typer.Option(help="Only those for which this route asked for a run.", show_default=False)
    ] = None,
    dispatcher: Annotated[
        list[str] | None, typer.Option(help="Only of this dispatcher DAG.", show_default=False)
    ] = None,
    contains: Annotated[
        str | None,
        typer.Option(
            help="Only those with this text in a message id, an event's id or subject, or a run id.",
            show_default=False,
        ),
    ] = None,
    since: SinceOption = "1d",  # type: ignore[assignment]  # typer parses a default as it parses the option
    limit: Annotated[int, typer.Option(min=1, help="Show so many at most.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """Show what became of each message, the newest first: its runs, or why there are none.

    It reads the record in Airflow's database, and touches no queue. Exits with code 0, or 2 if the database
    does not answer.
    """
    if unknown := sorted(set(outcome or ()) - set(OUTCOMES)):
        raise typer.BadParameter(f"{unknown[0]!r} is no outcome. There are {', '.join(OUTCOMES)}")
    with leaving_with_2("hybrid events"), airflow_is_quiet(), airflow_session() as session:
        from airflow_provider_hybrid.record.read import Question, newest
        from airflow_provider_hybrid.view.dispatchers import dispatchers
        from airflow_provider_hybrid.view.unrecorded import unrecorded_beside

        question = Question(
            dispatcher or None,
            since=since,
            outcomes=tuple(name for name in OUTCOMES if name in (outcome or OUTCOMES)),
            route=route,
            contains=contains,
        )
        found = newest(session, question, limit)
        variables = [name for dag_id, name in dispatchers().items() if not dispatcher or dag_id in dispatcher]
        lone = unrecorded_beside(session, question, found, variables, ended=len(found) < limit)
    if as_json:
        print_json(record_output(found, lone))
        return
    if found:
        _print(console_for_people(), found, limit)
    else:
        console_for_people().print(plain(f"No such message since {since.isoformat(timespec='seconds')}"))
    if lone:
        _print_lone(console_for_people(), lone)


def _print(console: Console, found: Sequence[Entry], limit: int) -> None:
    """Print what came of each message below it, an id a line: so it can be copied at any width."""
    for entry in found:
        line = entry.line
        outcome = plain(line.outcome.ljust(WIDTH), STYLES.get(line.outcome, ""))
        names = plain(_names(line))
        console.print(Text.assemble(iso(line.settled_at), "  ", outcome, "  ", names), soft_wrap=True)
        for text in _endings(line):
            console.print(Text.assemble(INDENT, plain(text)), soft_wrap=True)
    if len(found) == limit:
        console.print(f"These are the newest {limit}. --limit shows more")


def _print_lone(console: Console, lone: Sequence[Unrecorded]) -> None:
    """Say which runs have no line."""
    console.print("These runs have no line in the record:")
    for run in lone:
        state = plain(run.state.ljust(WIDTH))
        name = plain(f"{run.dag_id} {run.run_id}")
        console.print(Text.assemble(iso(run.created_at), "  ", state, "  ", name), soft_wrap=True)


def _names(line: Line) -> str:
    names = [event.subject or event.id for event in line.events]
    return ", ".join(names) or f"message {line.message_id}"


def _endings(line: Line) -> Iterator[str]:
    yield from (f"{run.dag_id} {run.run_id}" for run in line.runs if run.outcome)
    again = f"comes back at {iso(line.returns_at)}" if line.returns_at else ""
    dead = "in the dead-letter queue" if line.dead_lettered else ""
    if rest := "; ".join(filter(None, (shortened(line.reason, REASON), dead, again))):
        yield rest
