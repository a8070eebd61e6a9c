"""`hybrid dead-letters redrive`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
from airflow_provider_hybrid.cli.dead_letters.source import Source
from airflow_provider_hybrid.cli.dead_letters.table import kinds
from airflow_provider_hybrid.cli.options import JsonOption
from airflow_provider_hybrid.config.read import DEFAULT_VARIABLE
from airflow_provider_hybrid.sqs.dead_letters.choice import Choice
from airflow_provider_hybrid.sqs.dead_letters.holding import Holding
from airflow_provider_hybrid.sqs.dead_letters.letter import DeadLetter
from airflow_provider_hybrid.sqs.dead_letters.outcome import Outcome

WORDS = Words("redrive", "Sending back", "sent back")


def redrive(
    message_ids: IdsArgument = None,
    route: RouteOption = None,
    error: ErrorOption = None,
    everything: AllOption = False,
    dry_run: DryRunOption = False,
    yes: YesOption = False,
    config: ConfigOption = None,
    variable: VariableOption = DEFAULT_VARIABLE,
    as_json: JsonOption = False,
) -> None:
    """Send dead letters back to the queue, each without the reason and with the id that it had.

    May be interrupted and repeated at any time: an event starts its run once. On a terminal it asks before.
    Without one, --all needs --yes.

    Exits with code 0 if all are back, 1 if some are not, 2 if none is, or if nobody knows the route or the
    error type.
    """
    choice = choose(message_ids, route, error, everything=everything)
    if choice == Choice() and not (yes or dry_run or somebody_is_there()):
        raise typer.BadParameter(
            "there is no terminal to ask on: --all needs --yes, or --dry-run to look first"
        )

    def ask(source: Source, letters: Sequence[DeadLetter]) -> None:
        question = f"Send {kinds(letters)} back to {source.config.queue_url}?"
        typer.confirm(question, abort=True, err=as_json)

    def act(source: Source, holding: Holding, letters: Sequence[DeadLetter]) -> Iterator[Outcome]:
        return source.queues.redrive(holding, choice, letters)

    carry_out(Wish(choice, config, variable, dry_run, yes, as_json), WORDS, ask, act)
