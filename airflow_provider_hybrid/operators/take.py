"""The first task of a DAG that is scheduled on a queue directly."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from airflow.sdk import Asset, BaseOperator

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.parse import parse_message
from airflow_provider_hybrid.events.rejection import Rejection
from airflow_provider_hybrid.exceptions import ConfigError, MessageParseError
from airflow_provider_hybrid.launching.settlement import Settlement
from airflow_provider_hybrid.operators.taking import Taken, take_messages
from airflow_provider_hybrid.queue_config import QueueConfig, check_queue
from airflow_provider_hybrid.queues.hook import open_patient_client
from airflow_provider_hybrid.queues.sqs import Failures
from airflow_provider_hybrid.routing.delivery import Delivery

if TYPE_CHECKING:
    from airflow.sdk.definitions.xcom_arg import XComArg

log = logging.getLogger(__name__)


class TakeMessagesOperator(BaseOperator):
    """Take the messages that started this run off their queue, and hand their events on.

    It is for a DAG whose schedule is an asset that
    :class:`~airflow_provider_hybrid.triggers.queue.SqsQueueTrigger` watches. What cannot be understood goes
    to the dead-letter queue, with the reason; the others are deleted, as Airflow has them with the run: a
    task of it that fails may be tried again or cleared, this one too. Give the tasks ``retries``.

    What is promised is *at least once*, and nothing more. The run's id says nothing of its events, so a
    message that SQS delivers twice is taken twice, by one run or by two. That one event starts one run is
    what a dispatcher is for (:func:`~airflow_provider_hybrid.dispatcher.build_dispatcher`).

    A run may find no event: the trigger reminds Airflow of events for which it has stored a batch and started
    no run, and Airflow makes a run of the reminder, too.

    Args:
        messages: The asset. It has a watcher of its own, and the watcher a queue of its own.

    Raises:
        ConfigError: When it runs, if the asset has no such watcher, or its arguments are wrong.
        AirflowFailException: When it runs, if the trigger could not receive until somebody mends something.
            Airflow does not try again: the trigger does.
        QueueError: When it runs, if SQS refuses to delete. The messages come back, later with each time.
    """

    template_fields: Sequence[str] = ()
    ui_color = "#e8f3ff"

    def __init__(self, *, messages: Asset, **kwargs: Any) -> None:
        super().__init__(inlets=[messages], **kwargs)

    @property
    def events(self) -> XComArg:
        """The events, for a later task: dictionaries in EventBridge's form, to loop or to map over.

        They travel as JSON texts, in which no key means anything to Airflow, and are read where they are
        used.
        """
        return self.output.map(json.loads)

    def execute(self, context: Any) -> list[str]:
        """Tell the trigger what this run took, settle it, and return each event as JSON text."""
        (asset,) = self.inlets
        taken = take_messages(context, asset)
        if not taken:
            return []
        config = _config(asset)
        events = [event for batch in taken for event in _settle(batch, config, context["run_id"])]
        log.info("Took %d event(s)", len(events))
        return events


def _settle(batch: Taken, config: QueueConfig, run_id: str) -> list[str]:
    """Take messages off their queue, and return the events in them."""
    read = [_read(message) for message in batch.messages]
    client = open_patient_client(batch.queue_url, config.aws_conn_id, config.region_name)
    settlement = Settlement(
        lambda: client, batch.queue_url, config.dead_letter_queue_url, config.aws_conn_id, run_id
    )
    stay: Failures = dict.fromkeys(batch.messages, "")
    try:
        stay = settlement.settle([delivery for delivery, _ in read])
    finally:
        settlement.give_back(stay)
    for message, reason in stay.items():
        log.error("Message %s: %s", message.message_id, reason)
    return [event for _, events in read for event in events]


def _read(message: Message) -> tuple[Delivery, list[str]]:
    """Say what is to be done with a message, and what events are in it."""
    try:
        events = parse_message(message)
    except MessageParseError as error:
        log.warning("Message %s: %s", message.message_id, error)
        return Delivery(message, rejection=Rejection("MessageParseError", str(error))), []
    return Delivery(message), [json.dumps(event.as_dict()) for event in events]


def _config(asset: Asset) -> QueueConfig:
    """Return what the DAG file says of the queue."""
    if len(asset.watchers) != 1:
        raise ConfigError(
            f"Asset {asset.name!r} has {len(asset.watchers)} watchers here; give TakeMessagesOperator the "
            "asset with the one AssetWatcher whose trigger watches the queue"
        )
    _, arguments = asset.watchers[0].trigger.serialize()
    return check_queue(arguments)
