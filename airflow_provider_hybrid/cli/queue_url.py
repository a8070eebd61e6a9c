"""A queue's URL, as somebody types it."""

from __future__ import annotations

from pydantic import TypeAdapter, ValidationError

from airflow_provider_hybrid.config.models import QueueUrl
from airflow_provider_hybrid.exceptions import ConfigError
from airflow_provider_hybrid.sqs.url import without_credentials


def check_queue_url(text: str) -> None:
    """Refuse a text that is no queue's URL, as the configuration does.

    Args:
        text: The text.

    Raises:
        ConfigError: If it is none; says what to write.
    """
    try:
        TypeAdapter(QueueUrl).validate_python(text)
    except ValidationError as error:
        (fault,) = error.errors(include_url=False)
        rule = fault["msg"].removeprefix("Value error, ")
        raise ConfigError(f"{without_credentials(text)!r} {rule}") from None
