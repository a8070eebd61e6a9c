"""The outputs of `hybrid dead-letters ... --json`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field

from airflow_provider_hybrid.cli.output.explanation import Message
from airflow_provider_hybrid.sqs.dead_letters import letter


@dataclass(frozen=True)
class DeadLetter:
    """A message in the dead-letter queue."""

    id: Annotated[
        str, Field(description="Its identity, the same before, in and after the dead-letter queue.")
    ]
    message_id: Annotated[str, Field(description="SQS's id of it in the dead-letter queue.")]
    sent: Annotated[str | None, Field(description="When it was sent, ISO 8601 in UTC. null: not known.")]
    subjects: Annotated[list[str], Field(description="What its events are about: s3://bucket/key.")]
    error_type: Annotated[
        str,
        Field(
            description="Why it is there, in a word: MessageParseError, Unmatched, RouteError, LaunchError, "
            "MaxReceiveCount, Undelivered or Unknown."
        ),
    ]
    error_message: Annotated[str, Field(description="The reason, in a sentence.")]
    routes: Annotated[list[str], Field(description="The routes that could not make a run of it.")]
    dispatcher_run: Annotated[
        str | None, Field(description="The dispatcher's run. null: no dispatcher sent it.")
    ]


@dataclass(frozen=True)
class DeadLetters:
    """The dead letters of a dispatcher."""

    queue_url: Annotated[str, Field(description="The dead-letter queue.")]
    dead_letters: Annotated[list[DeadLetter], Field(description="The chosen ones, the oldest first.")]
    held_by_others: Annotated[int, Field(description="About how many more somebody else holds just now.")]
    behind_these: Annotated[
        int, Field(description="About how many more a FIFO queue shows only when these are gone.")
    ]


@dataclass(frozen=True)
class WholeDeadLetter(DeadLetter):
    """All of a dead letter, and what would happen to it now."""

    body: Annotated[str, Field(description="Its body.")]
    attributes: Annotated[dict[str, str], Field(description="SQS's attributes of it.")]
    message_attributes: Annotated[
        dict[str, dict[str, Any]], Field(description="The message attributes, binary values in base64.")
    ]
    explanation: Annotated[Message, Field(description="What would happen to it if it was sent back now.")]


@dataclass(frozen=True)
class Done:
    """What was done with a dead letter."""

    id: Annotated[str, Field(description="Its identity.")]
    outcome: Annotated[
        Literal["planned", "done", "done_but_kept", "not_done"],
        Field(
            description="planned: nothing, as --dry-run asks. done: it left the dead-letter queue. "
            "done_but_kept: the queue has it, and the dead-letter queue still has it, too. not_done: it is "
            "as it was."
        ),
    ]
    fault: Annotated[str | None, Field(description="What went wrong. null: nothing.")]


@dataclass(frozen=True)
class Act:
    """What was done with the chosen dead letters. The exit code is 0 only if nothing went wrong."""

    act: Annotated[Literal["redrive", "discard"], Field(description="What was to be done.")]
    dead_letters: Annotated[list[Done], Field(description="What was done with each.")]
    faults: Annotated[
        list[str], Field(description="What else went wrong: ids that are not there, SQS refuses.")
    ]


def letter_output(found: letter.DeadLetter) -> DeadLetter:
    """Return a dead letter for programs."""
    return DeadLetter(**found.as_dict())


def whole_letter_output(found: letter.DeadLetter, explanation: Message) -> WholeDeadLetter:
    """Return all of a dead letter for programs."""
    message = found.message
    return WholeDeadLetter(
        **found.as_dict(),
        body=message.body,
        attributes=dict(message.attributes),
        message_attributes={name: dict(value) for name, value in message.message_attributes.items()},
        explanation=explanation,
    )
