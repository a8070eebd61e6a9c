"""`hybrid dead-letters discard`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from airflow_provider_hybrid.cli.configuration import ConfigOption, VariableOption
from airflow_provider_hybrid.cli.dead_letters.act import Wish, Words, carry_out, choose, somebody_is_there
from airflow_provider_hybrid.cli.dead_letters.options import (
    AllOption,
    DryRunOption,
    ErrorOption,
    IdsArgument,
    RouteOption,
    YesOption,
)
from airflow_provider_hybrid.cli.dead_letters.saving import save
from airflow_provider_hybrid.cli.dead_letters.source import Source
from airflow_provider_hybrid.cli.dead_letters.table import print_letters
from airflow_provider_hybrid.cli.options import JsonOption
from airflow_provider_hybrid.cli.printing import console_for_people
from airflow_provider_hybrid.config.read import DEFAULT_VARIABLE
from airflow_provider_hybrid.sqs.dead_letters.holding import Holding
from airflow_provider_hybrid.sqs.dead_letters.letter import DeadLetter
from airflow_provider_hybrid.sqs.dead_letters.outcome import Outcome

WORDS = Words("discard", "Deleting", "deleted for ever")


def discard(
    message_ids: IdsArgument = None,
    route: RouteOption = None,
    error: ErrorOption = None,
    everything: AllOption = False,
    file: Annotated[
        Path | None,
        typer.Option(
            "--save",
            metavar="FILE",
            help="First write the messages into this new file, one in each line, as JSON.",
            show_default=False,
        ),
    ] = None,
    dry_run: DryRunOption = False,
    yes: YesOption = False,
    config: ConfigOption = None,
    variable: VariableOption = DEFAULT_VARIABLE,
    as_json: JsonOption = False,
) -> None:
    """Delete dead letters for ever: nobody can bring them back, so --save keeps them in a file.

    On a terminal it shows which ones it means and asks before. Without one it needs --yes. It deletes exactly
    those that it has found then.

    Exits with code 0 if all are deleted, 1 if some are not, 2 if none is, or if nobody knows the route or the
    error type.
    """
    choice = choose(message_ids, route, error, everything=everything)
    if not (yes or dry_run or somebody_is_there()):
        raise typer.BadParameter(
            "there is no terminal to ask on: discard needs --yes, or --dry-run to look first"
        )
    if file and file.exists():
        raise typer.BadParameter(f"{file} exists, and is not overwritten. Name another file")

    def ask(source: Source, letters: Sequence[DeadLetter]) -> None:
        print_letters(console_for_people(wide=True, stderr=as_json), letters)
        kept = f"They are in {file} then" if file else "They are in no file: --save FILE writes them first"
        question = f"Delete {len(letters)} message(s) from {source.queues.dead_letter_queue_url} for ever?"
        typer.confirm(f"{kept}. {question}", abort=True, err=as_json)

    def act(source: Source, holding: Holding, letters: Sequence[DeadLetter]) -> Iterator[Outcome]:
        if file:
            save(file, [letter.message for letter in letters])
        return source.queues.discard(holding, letters)

    carry_out(Wish(choice, config, variable, dry_run, yes, as_json), WORDS, ask, act)
