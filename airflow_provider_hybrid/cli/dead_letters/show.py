"""`hybrid dead-letters show`."""

from __future__ import annotations

from typing import Annotated

import typer

from airflow_provider_hybrid.cli.configuration import ConfigOption, VariableOption
from airflow_provider_hybrid.cli.dead_letters.reading import read_letters
from airflow_provider_hybrid.cli.dead_letters.source import find_source
from airflow_provider_hybrid.cli.dead_letters.table import print_unseen
from airflow_provider_hybrid.cli.explanation import print_explanation
from airflow_provider_hybrid.cli.leaving import leaving_with_2
from airflow_provider_hybrid.cli.options import JsonOption
from airflow_provider_hybrid.cli.output.dead_letters import whole_letter_output
from airflow_provider_hybrid.cli.output.explanation import message_output
from airflow_provider_hybrid.cli.output.printing import print_json
from airflow_provider_hybrid.cli.printing import as_json as json_text
from airflow_provider_hybrid.cli.printing import console_for_people, plain, printable
from airflow_provider_hybrid.config.read import DEFAULT_VARIABLE
from airflow_provider_hybrid.exceptions import QueueError
from airflow_provider_hybrid.routing.explain import Explanation
from airflow_provider_hybrid.routing.room import Room
from airflow_provider_hybrid.sqs.dead_letters.attributes import OURS
from airflow_provider_hybrid.sqs.dead_letters.choice import Choice
from airflow_provider_hybrid.sqs.dead_letters.letter import DeadLetter


def show(
    message_id: Annotated[str, typer.Argument(metavar="MESSAGE_ID", help="The id that `list` shows.")],
    config: ConfigOption = None,
    variable: VariableOption = DEFAULT_VARIABLE,
    as_json: JsonOption = False,
) -> None:
    """Show all of a dead letter, body included, and what would happen to it now.

    Exits with code 0, or 2 if it is not there or the queue cannot be read.
    """
    with leaving_with_2("hybrid dead-letters show"):
        source = find_source(config, variable)
        with source.hold() as holding:
            letters = read_letters(holding, Choice(ids=frozenset({message_id})), source.config)
        if not letters:
            print_unseen(console_for_people(), holding)
            raise QueueError(f"there is no message {message_id!r} in {source.queues.dead_letter_queue_url!r}")
    letter = letters[0]
    settings = source.config
    explanation = settings.explain(letter.message)
    if as_json:
        limits = settings.room({}).limits
        print_json(whole_letter_output(letter, message_output(explanation, limits)))
    else:
        _print(letter, explanation, settings.room({}))


def _print(letter: DeadLetter, explanation: Explanation, room: Room) -> None:
    console = console_for_people()
    for name, value in letter.as_dict().items():
        console.print(plain(f"{name}: ", "bold"), end="")
        console.print(plain(", ".join(value) if isinstance(value, list) else value or "-"))
    own = {name: value for name, value in letter.message.message_attributes.items() if name not in OURS}
    for name, attributes in (("attributes", letter.message.attributes), ("message_attributes", own)):
        console.print(plain(name, "bold"))
        console.print(json_text(attributes))
    console.print(plain("body", "bold"))
    console.print(printable(letter.message.body, keep="\n\t"), markup=False)
    console.print(plain("what would happen to it now", "bold"))
    print_explanation(console, explanation, room, letter.error_message)
