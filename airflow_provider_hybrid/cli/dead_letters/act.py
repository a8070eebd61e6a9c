"""What `redrive` and `discard` have in common: the choice, the plan, the question, and what was done."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple

import typer
from rich.console import Console

from airflow_provider_hybrid.cli.dead_letters.reading import read_letters
from airflow_provider_hybrid.cli.dead_letters.source import Source, find_source
from airflow_provider_hybrid.cli.dead_letters.table import print_letters, print_unseen
from airflow_provider_hybrid.cli.output.dead_letters import Act, Done
from airflow_provider_hybrid.cli.output.printing import print_json
from airflow_provider_hybrid.cli.printing import console_for_people, plain, print_what_to_do, printable
from airflow_provider_hybrid.exceptions import HybridError
from airflow_provider_hybrid.sqs.dead_letters.choice import Choice
from airflow_provider_hybrid.sqs.dead_letters.holding import Holding
from airflow_provider_hybrid.sqs.dead_letters.letter import DeadLetter
from airflow_provider_hybrid.sqs.dead_letters.outcome import Outcome

SHOWN = 20
"""Ids that are printed one by one; the rest is counted."""


class Words(NamedTuple):
    """How an act is called.

    Args:
        name: The command.
        doing: What goes on meanwhile.
        done: What was done with a message.
    """

    name: Literal["redrive", "discard"]
    doing: str
    done: str


class Wish(NamedTuple):
    """What somebody wants to be done.

    Args:
        choice: With which dead letters.
        config: The file with the configuration; None for the Variable.
        variable: The Variable's key.
        dry_run: Whether only to show which ones it would be.
        yes: Whether not to ask before.
        as_json: Whether the answer is for a program.
    """

    choice: Choice
    config: Path | None
    variable: str
    dry_run: bool
    yes: bool
    as_json: bool

    @property
    def asks(self) -> bool:
        """Whether to ask before."""
        return not self.yes and somebody_is_there()


@dataclass
class Report:
    """What has been done so far.

    Args:
        letters: The chosen dead letters.
        outcomes: What was done with each message.
        faults: What else went wrong.
    """

    letters: list[DeadLetter] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def choose(ids: Sequence[str] | None, route: str | None, error: str | None, *, everything: bool) -> Choice:
    """Read a choice from the options of a command.

    Raises:
        typer.BadParameter: If nothing is chosen.
    """
    choice = Choice(frozenset(ids or ()), route, error)
    if choice == Choice() and not everything:
        raise typer.BadParameter("nothing is chosen: name message ids, --route, --error, or --all")
    return choice


def somebody_is_there() -> bool:
    """Say whether there is a terminal on which somebody can answer."""
    # `sys.stdin` is None if the process was started with standard input closed.
    return bool(sys.stdin and sys.stdin.isatty())


def carry_out(
    wish: Wish,
    words: Words,
    ask: Callable[[Source, Sequence[DeadLetter]], None],
    act: Callable[[Source, Holding, Sequence[DeadLetter]], Iterator[Outcome]],
) -> None:
    """Find the chosen dead letters, ask, act, and say what was done, also after an interruption.

    Args:
        wish: What is wanted.
        words: How the act is called.
        ask: Asks whether to go on; raises `typer.Abort` if not.
        act: Acts on the held dead letters.

    Raises:
        typer.Exit: Always, with code 0 if all is done, 1 if some is, 2 if nothing is.
    """
    report = Report()
    try:
        source = find_source(wish.config, wish.variable)
        with source.hold() as holding:
            report.letters = read_letters(holding, wish.choice, source.config)
            print_unseen(_errors(), holding)
            if wish.dry_run:
                if not wish.as_json:
                    print_letters(console_for_people(wide=True), report.letters)
            elif report.letters:
                if wish.asks:
                    ask(source, report.letters)
                with Console(stderr=True).status(words.doing) as status:
                    for outcome in act(source, holding, report.letters):
                        report.outcomes.append(outcome)
                        status.update(f"{words.doing}: {len(report.outcomes)}")
    except (HybridError, OSError) as refusal:
        report.faults.append(str(refusal))
    else:
        found = report.letters + [DeadLetter(outcome.message) for outcome in report.outcomes]
        report.faults += [f"there is no dead letter {name!r}" for name in wish.choice.missing(found)]
    finally:
        # Also after an interruption: somebody wants to know how far it came.
        if wish.as_json:
            print_json(_output(report, words))
        else:
            _print(report, words, dry_run=wish.dry_run)
    failed = report.faults or any(outcome.fault for outcome in report.outcomes)
    succeeded = any(outcome.done for outcome in report.outcomes) or (wish.dry_run and bool(report.letters))
    raise typer.Exit((1 if succeeded else 2) if failed else 0)


def _output(report: Report, words: Words) -> Act:
    acted_on = {outcome.message.message_id for outcome in report.outcomes}
    planned = [letter for letter in report.letters if letter.message.message_id not in acted_on]
    return Act(
        words.name,
        [
            *(_done(outcome) for outcome in report.outcomes),
            *(Done(letter.id, "planned", None) for letter in planned),
        ],
        report.faults,
    )


def _done(outcome: Outcome) -> Done:
    name = outcome.message.identity
    if not outcome.done:
        return Done(name, "not_done", outcome.fault)
    return Done(name, "done_but_kept", outcome.fault) if outcome.fault else Done(name, "done", None)


def _print(report: Report, words: Words, *, dry_run: bool) -> None:
    console, errors = console_for_people(), _errors()
    if not dry_run:
        done = [outcome.message.identity for outcome in report.outcomes if outcome.done]
        _print_some(console, words.done, done)
    by_fault: dict[str, list[str]] = defaultdict(list)
    for outcome in report.outcomes:
        if outcome.fault:
            what = f"{words.done}, but still a dead letter, too" if outcome.done else f"not {words.done}"
            by_fault[f"{what}: {outcome.fault}"].append(outcome.message.identity)
    for fault, ids in by_fault.items():
        _print_some(errors, fault, ids)
    for fault in report.faults:
        errors.print(f"hybrid dead-letters {words.name}: {printable(fault, keep=chr(10))}", markup=False)
    print_what_to_do(errors, [*by_fault, *report.faults])


def _errors() -> Console:
    return Console(stderr=True, highlight=False, soft_wrap=True)


def _print_some(console: Console, what: str, ids: Sequence[str]) -> None:
    console.print(plain(f"{len(ids)} message(s) {what}"))
    for name in ids[:SHOWN]:
        console.print(plain(f"  {name}"))
    if len(ids) > SHOWN:
        console.print(f"  and {len(ids) - SHOWN} more")
