"""`hybrid dead-letters redrive`."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import Console

from airflow_provider_hybrid.cli.configuration import ConfigOption, VariableOption
from airflow_provider_hybrid.cli.dead_letters.options import ErrorOption, RouteOption
from airflow_provider_hybrid.cli.dead_letters.reading import read_letters
from airflow_provider_hybrid.cli.dead_letters.source import find_source
from airflow_provider_hybrid.cli.dead_letters.table import kinds, print_letters, print_unseen
from airflow_provider_hybrid.cli.printing import console_for_people, plain, print_what_to_do, printable
from airflow_provider_hybrid.config.read import DEFAULT_VARIABLE
from airflow_provider_hybrid.exceptions import HybridError
from airflow_provider_hybrid.sqs.dead_letters.choice import Choice
from airflow_provider_hybrid.sqs.dead_letters.holding import Holding
from airflow_provider_hybrid.sqs.dead_letters.letter import DeadLetter
from airflow_provider_hybrid.sqs.dead_letters.queues import Queues
from airflow_provider_hybrid.sqs.dead_letters.send_back import Outcome

SHOWN = 20
"""Ids that are printed one by one; the rest is counted."""


def redrive(
    message_ids: Annotated[
        list[str] | None, typer.Argument(help="The ids that `list` shows.", show_default=False)
    ] = None,
    route: RouteOption = None,
    error: ErrorOption = None,
    everything: Annotated[bool, typer.Option("--all", help="Every dead letter.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show which ones it would be.")] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Do not ask before; --all without a terminal needs it.")
    ] = False,
    config: ConfigOption = None,
    variable: VariableOption = DEFAULT_VARIABLE,
) -> None:
    """Send dead letters back to the queue, each without the reason and with the id that it had.

    May be interrupted and repeated at any time: an event starts its run once. Exits with code 0 if all are
    back, 1 if some are not, 2 if none is, or if nobody knows the route or the error type.
    """
    choice = Choice(frozenset(message_ids or ()), route, error)
    if choice == Choice() and not everything:
        raise typer.BadParameter("nothing is chosen: name message ids, --route, --error, or --all")
    if choice == Choice() and not (yes or dry_run or somebody_is_there()):
        raise typer.BadParameter(
            "there is no terminal to ask on: --all needs --yes, or --dry-run to look first"
        )
    letters: list[DeadLetter] = []
    outcomes: list[Outcome] = []
    faults: list[str] = []
    try:
        source = find_source(config, variable)
        with source.hold() as holding:
            letters = read_letters(holding, choice, source.config)
            print_unseen(Console(stderr=True, highlight=False, soft_wrap=True), holding)
            if dry_run:
                print_letters(console_for_people(wide=True), letters)
            elif letters:
                if not yes and somebody_is_there():
                    typer.confirm(f"Send {kinds(letters)} back to {source.config.queue_url}?", abort=True)
                _send(letters, choice, source.queues, holding, outcomes)
    except HybridError as refusal:
        faults.append(str(refusal))
    else:
        found = letters + [DeadLetter(outcome.message) for outcome in outcomes]
        faults += [f"there is no dead letter {name!r}" for name in choice.missing(found)]
    finally:
        # Also after an interruption: somebody wants to know how far it came.
        _print(outcomes, faults, dry_run=dry_run)
    failed = faults or any(outcome.fault for outcome in outcomes)
    succeeded = any(outcome.sent for outcome in outcomes) or (dry_run and bool(letters))
    raise typer.Exit((1 if succeeded else 2) if failed else 0)


def somebody_is_there() -> bool:
    """Say whether there is a terminal on which somebody can answer."""
    return sys.stdin.isatty()


def _send(
    letters: Sequence[DeadLetter], choice: Choice, queues: Queues, holding: Holding, outcomes: list[Outcome]
) -> None:
    """Send letters back; note each outcome at once."""
    with Console(stderr=True).status("Sending back") as status:
        for outcome in queues.redrive(holding, choice, letters):
            outcomes.append(outcome)
            status.update(f"Sending back: {len(outcomes)}")


def _print(outcomes: Sequence[Outcome], faults: Sequence[str], *, dry_run: bool) -> None:
    console, errors = console_for_people(), Console(stderr=True, highlight=False, soft_wrap=True)
    if not dry_run:
        _print_some(console, "sent back", [outcome.message.identity for outcome in outcomes if outcome.sent])
    by_fault: dict[str, list[str]] = defaultdict(list)
    for outcome in outcomes:
        if outcome.fault:
            what = "sent back, but still a dead letter, too" if outcome.sent else "not sent back"
            by_fault[f"{what}: {outcome.fault}"].append(outcome.message.identity)
    for fault, ids in by_fault.items():
        _print_some(errors, fault, ids)
    for fault in faults:
        errors.print(f"hybrid dead-letters redrive: {printable(fault, keep=chr(10))}", markup=False)
    print_what_to_do(errors, [*by_fault, *faults])


def _print_some(console: Console, what: str, ids: Sequence[str]) -> None:
    console.print(plain(f"{len(ids)} message(s) {what}"))
    for name in ids[:SHOWN]:
        console.print(plain(f"  {name}"))
    if len(ids) > SHOWN:
        console.print(f"  and {len(ids) - SHOWN} more")
