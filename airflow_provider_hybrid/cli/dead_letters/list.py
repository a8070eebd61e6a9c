"""`hybrid dead-letters list`."""

from __future__ import annotations

from rich.console import Console

from airflow_provider_hybrid.cli.configuration import ConfigOption, VariableOption
from airflow_provider_hybrid.cli.dead_letters.options import ErrorOption, RouteOption
from airflow_provider_hybrid.cli.dead_letters.reading import read_letters
from airflow_provider_hybrid.cli.dead_letters.source import find_source
from airflow_provider_hybrid.cli.dead_letters.table import print_letters, print_unseen
from airflow_provider_hybrid.cli.leaving import leaving_with_2
from airflow_provider_hybrid.cli.options import JsonOption
from airflow_provider_hybrid.cli.output.dead_letters import DeadLetters, letter_output
from airflow_provider_hybrid.cli.output.printing import print_json
from airflow_provider_hybrid.cli.printing import console_for_people, plain
from airflow_provider_hybrid.config.read import DEFAULT_VARIABLE
from airflow_provider_hybrid.sqs.dead_letters.choice import Choice


def list_(
    route: RouteOption = None,
    error: ErrorOption = None,
    config: ConfigOption = None,
    variable: VariableOption = DEFAULT_VARIABLE,
    as_json: JsonOption = False,
) -> None:
    """List all dead letters: when each was sent, by which dispatcher run, and why.

    Afterwards they are in the queue as before. Exits with code 0, or 2 if the queue cannot be read, or
    if nobody knows the route or the error type.
    """
    choice = Choice(route=route, error_type=error)
    with leaving_with_2("hybrid dead-letters list"):
        source = find_source(config, variable)
        with source.hold() as holding:
            letters = read_letters(holding, choice, source.config)
    letters.sort(key=lambda letter: letter.sent or "")
    if as_json:
        url, kept = source.queues.dead_letter_queue_url, [*map(letter_output, letters)]
        print_json(DeadLetters(url, kept, holding.in_flight, holding.unseen))
        return
    if letters:
        print_letters(console_for_people(wide=True), letters)
    else:
        kind = "" if choice == Choice() else " of this kind"
        url = source.queues.dead_letter_queue_url
        console_for_people().print(plain(f"There is no dead letter{kind} in {url}"))
    print_unseen(Console(stderr=True, highlight=False, soft_wrap=True), holding)
