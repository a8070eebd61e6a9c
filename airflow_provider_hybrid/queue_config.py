"""How to receive from a queue: what every configuration says, with routes or without."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
)

from airflow_provider_hybrid.queues.url import is_same_queue, without_credentials
from airflow_provider_hybrid.queues.url_fault import queue_url_fault


def _is_queue_url(url: str) -> str:
    if without_credentials(url) != url:
        raise ValueError(
            "must name no user or password; credentials belong into the connection that 'aws_conn_id' names"
        )
    if fault := queue_url_fault(url):
        raise ValueError(fault)
    return url


QueueUrl = Annotated[
    str, Field(json_schema_extra={"pattern": r"^https?://[^/]+/.+"}), AfterValidator(_is_queue_url)
]


_LISTENING = {
    *("queue_url", "aws_conn_id", "region_name"),
    *("wait_time_seconds", "visibility_timeout", "max_messages"),
}


class Model(BaseModel):
    """A part of a configuration: unknown keys are faults, no value is converted, none changes."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    comment: str | list[str] | None = Field(default=None, alias="//", description="For people; ignored.")


class QueueConfig(Model):
    """A queue, and how to receive from it."""

    queue_url: QueueUrl = Field(description="The SQS queue to listen to.")
    aws_conn_id: str | None = Field(
        default="aws_default", description="Airflow's AWS connection; null: the machine's own credentials."
    )
    region_name: str | None = Field(
        default=None,
        pattern=r"^[a-z0-9-]+$",
        description="AWS region; null: the one in the queue's URL, else the connection's.",
    )
    dead_letter_queue_url: QueueUrl | None = Field(
        default=None,
        description="Where messages go that can never work; null: the dead-letter queue in the queue's "
        "redrive policy. Where there is neither, they stay in the queue.",
    )
    wait_time_seconds: int = Field(default=20, ge=1, le=20, description="Seconds that one long poll waits.")
    visibility_timeout: int = Field(
        default=30,
        ge=10,
        le=43_200,
        description="Seconds until a message comes back if the triggerer or worker that holds it dies.",
    )
    max_messages: int = Field(default=500, ge=1, le=5000, description="Messages in one batch.")

    @field_validator("dead_letter_queue_url")
    @classmethod
    def _dead_letters_go_elsewhere(cls, url: str | None, info: ValidationInfo) -> str | None:
        queue_url = info.data.get("queue_url")
        if url and queue_url and is_same_queue(queue_url, url):
            raise ValueError(
                "is the queue itself ('queue_url'), so what can never work would come back for ever; name "
                "another queue, or leave it out"
            )
        return url

    @property
    def listening(self) -> dict[str, Any]:
        """What whoever listens to the queue has to know, by the names of its arguments."""
        return self.model_dump(include=_LISTENING)
