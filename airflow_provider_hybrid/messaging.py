"""What the provider common.messaging is told: ``MessageQueueTrigger(scheme="hybrid+sqs", ...)``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow.exceptions import AirflowOptionalProviderFeatureException

try:
    from airflow.providers.common.messaging.providers.base_provider import BaseMessageQueueProvider
except ImportError:
    raise AirflowOptionalProviderFeatureException(
        "MessageQueueTrigger(scheme='hybrid+sqs') needs the provider common.messaging: "
        "pip install 'airflow-provider-hybrid[messaging]'"
    ) from None

from airflow_provider_hybrid.triggers.queue import SqsQueueTrigger

if TYPE_CHECKING:
    from airflow.triggers.base import BaseEventTrigger


class HybridSqsMessageQueueProvider(BaseMessageQueueProvider):
    """Makes a :class:`~airflow_provider_hybrid.triggers.queue.SqsQueueTrigger` of a scheme and its arguments.

    It claims no queue URL: those of SQS are the amazon provider's, whose trigger deletes on reception.
    """

    scheme = "hybrid+sqs"

    def queue_matches(self, queue: str) -> bool:  # noqa: ARG002
        """Say no; abstract before common.messaging 2.1.2."""
        return False

    def trigger_class(self) -> type[BaseEventTrigger]:
        """Return the trigger that takes the arguments."""
        return SqsQueueTrigger

    def trigger_kwargs(self, queue: str, **kwargs: Any) -> dict[str, Any]:  # noqa: ARG002
        """Return nothing; abstract before common.messaging 2.1.2."""
        return {}
