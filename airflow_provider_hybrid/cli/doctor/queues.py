"""A queue's settings, compared with the dispatcher's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from airflow_provider_hybrid.cli.doctor.finding import Finding
from airflow_provider_hybrid.config.models import DispatcherConfig
from airflow_provider_hybrid.sqs.counts import counts_in
from airflow_provider_hybrid.sqs.redrive_policy import RedrivePolicy
from airflow_provider_hybrid.sqs.url import is_fifo, queue_name

FEW_RECEIVES = 5
"""Receives below which the doctor warns: after four, 1 + 2 + 4 minutes, a message without its DAG is dead."""

LONG_RECOVERY = 900
"""Seconds of visibility timeout, and so of recovery, above which the doctor warns."""

Attributes = Mapping[str, str]


def check_redrive_policy(config: DispatcherConfig, policy: RedrivePolicy | None) -> Iterator[Finding]:
    """Check that SQS itself moves messages that come back too often, but not too early.

    Args:
        config: The dispatcher's configuration.
        policy: The queue's redrive policy.
    """
    check = "redrive policy"
    if not policy:
        mend = "Give the queue a RedrivePolicy with a maxReceiveCount of 10, say"
        yield Finding(check, "warning", "there is none: what fails for ever comes back for ever", mend)
        return
    dead, receives = queue_name(policy.dead_letter_queue_url), policy.max_receive_count
    if receives < FEW_RECEIVES:
        found = f"maxReceiveCount is {receives}: an outage of some minutes ends in the dead-letter queue"
        yield Finding(check, "warning", found, "Set it to 10, say")
    elif config.dead_letter_queue_url and queue_name(config.dead_letter_queue_url) != dead:
        found = f"it leads to {dead!r}, and 'dead_letter_queue_url' to another queue"
        yield Finding(check, "warning", found, "Let both be the same queue: then there is one place to look")
    else:
        yield Finding(check, "fine", f"after {receives} receives to {dead}")


def check_retention(queue: Attributes, dead: Attributes) -> Iterator[Finding]:
    """Compare how long the queues keep messages: a message keeps its age in the dead-letter queue.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
    """
    kept, kept_dead = (int(attributes["MessageRetentionPeriod"]) for attributes in (queue, dead))
    if kept_dead > kept or is_fifo(queue["QueueArn"]):
        yield Finding("retention", "fine", f"{kept} s, dead letters {kept_dead} s")
    else:
        found = f"the dead-letter queue keeps messages for {kept_dead} s, the queue for {kept} s"
        mend = "Give the dead-letter queue a MessageRetentionPeriod of 1209600, and the queue less"
        yield Finding("retention", "warning", found, mend)


def check_visibility_timeout(config: DispatcherConfig, queue: Attributes) -> Iterator[Finding]:
    """Check how long a message is away if the process that holds it dies."""
    seconds = config.visibility_timeout
    if seconds > LONG_RECOVERY:
        found = f"{seconds} s: an event waits that long if a triggerer or worker dies"
        yield Finding(
            "visibility timeout", "warning", found, "Set 'visibility_timeout' to 30, its default, say"
        )
    elif seconds >= int(queue["MessageRetentionPeriod"]):
        found = f"{seconds} s, and SQS drops a message after {queue['MessageRetentionPeriod']} s"
        yield Finding("visibility timeout", "fault", found, "Give the queue a longer MessageRetentionPeriod")
    else:
        yield Finding("visibility timeout", "fine", f"{seconds} s, set by the dispatcher")


def check_depth(queue: Attributes) -> Iterator[Finding]:
    """Say how many messages wait."""
    counts = counts_in(queue)
    found = f"{counts.waiting} can be received, {counts.in_flight} are in flight or come back later"
    yield Finding("messages", "fine", found)


def check_dead_letters(dead: Attributes) -> Iterator[Finding]:
    """Say whether there are dead letters."""
    if waiting := counts_in(dead).waiting:
        found = f"{waiting} dead letter(s) wait for somebody to look"
        yield Finding("messages", "warning", found, "`hybrid dead-letters list` shows them, and why")


def check_kind(queue_url: str, dead_letter_queue_url: str) -> Iterator[Finding]:
    """Compare the queues' kinds: both must be FIFO queues, or neither."""
    if is_fifo(queue_url) != is_fifo(dead_letter_queue_url):
        found = "one of queue and dead-letter queue is a FIFO queue, and the other is not"
        yield Finding("kind of queue", "fault", found, "Let both be FIFO queues, or neither")
