"""One route, as the configuration has it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, field_validator, model_validator

from airflow_provider_hybrid.config.base import Model, Name, Template, compilable
from airflow_provider_hybrid.config.wrong import WrongValueError
from airflow_provider_hybrid.patterns.pattern import EventPattern
from airflow_provider_hybrid.routing.expectation import Expectation
from airflow_provider_hybrid.routing.route import Route, is_dag_id
from airflow_provider_hybrid.routing.window import STEP

LONGEST_DELAY = 13 * 24 * 3600
"""Seconds: SQS keeps a message for 14 days at most, and a day is left for what goes wrong.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
"""

RunIds = Literal["readable", "opaque"]
"""Whether what an event is about may be read in the list of runs."""


def checked_dag_id(value: str) -> str:
    """Return a DAG's id.

    Raises:
        ValueError: If Airflow would refuse it.
    """
    if not is_dag_id(value):
        raise WrongValueError("is no DAG id", "write up to 250 letters, digits, '_', '-' and '.'")
    return value


class BatchConfig(Model):
    """The batching of many events into one run."""

    max_events: int = Field(ge=1, le=1000, description="The most events in one run, as `conf.events`.")
    window_seconds: int | None = Field(
        default=None,
        ge=STEP,
        le=11 * 3600,
        multiple_of=STEP,
        description="Events that were sent within one window of so many seconds become one run when it ends: "
        f"a multiple of {STEP}. null: those that were received together do, at once.",
    )
    key: Template | None = Field(
        default=None,
        description="What the events of a window have in common, a template. Without it: nothing.",
    )

    @model_validator(mode="after")
    def _key_has_a_window(self) -> BatchConfig:
        if self.key is not None and self.window_seconds is None:
            raise WrongValueError("has a 'key' and no 'window_seconds'", "add it: only windows have keys")
        return self


class RouteConfig(Model):
    """One entry of ``routes``; templates are Jinja's, over ``event`` and ``message``."""

    name: Name = Field(description="Unique; the first part of every run id.")
    event_pattern: dict[str, Any] = Field(description="The events it wants: an EventBridge event pattern.")
    trigger_dag_id: Template = Field(
        min_length=1, description="The DAG that runs for each of them; may be a template."
    )
    conf: Annotated[dict[str, Any], AfterValidator(compilable)] | None = Field(
        default=None, description="The run's conf, its strings templates. Without it: the whole event."
    )
    event_id: Template | None = Field(
        default=None,
        description="The id by which an event is known again, a template. Without it: the event's own id.",
    )
    subject: Template | None = Field(
        default=None,
        description="The readable part of the run's id, a template. Without it: 'event_id' if the route has "
        "one, else the object's key or the first resource.",
    )
    note: Template | None = Field(default=None, description="The run's note, a template.")
    batch: BatchConfig | None = Field(default=None, description="Many events become one run.")
    delay_seconds: int = Field(
        default=0,
        ge=0,
        le=LONGEST_DELAY,
        description="Seconds from the sending of the event, or from the end of its window, to its run.",
    )
    max_runs_per_minute: int | None = Field(
        default=None,
        ge=1,
        le=10_000,
        description="The most runs that this route starts in a minute; further events wait for their turn. "
        "null: no limit.",
    )
    enabled: bool = Field(default=True, description="With false, it wants no event.")
    max_queued_runs: int | None = Field(
        default=None,
        ge=1,
        description="The most queued runs that its DAG may hold. null: 'max_queued_runs' of the dispatcher.",
    )

    @field_validator("trigger_dag_id")
    @classmethod
    def _dag_id_is_right(cls, value: str) -> str:
        return value if "{" in value else checked_dag_id(value)

    @field_validator("event_pattern")
    @classmethod
    def _pattern_is_right(cls, value: dict[str, Any]) -> dict[str, Any]:
        EventPattern(value)
        return value

    @property
    def has_fixed_dag_id(self) -> bool:
        """True if ``trigger_dag_id`` is a DAG's id, False if it is a template for one."""
        return "{" not in self.trigger_dag_id

    @property
    def may_wait(self) -> bool:
        """Whether an event may have to wait for its time."""
        return bool(self.longest_wait or self.max_runs_per_minute)

    @property
    def longest_wait(self) -> int:
        """The most seconds that an event waits before its run is due."""
        window = self.batch.window_seconds if self.batch else None
        return (window or 0) + self.delay_seconds

    def compile(self, run_ids: RunIds, expectations: Sequence[Expectation] = ()) -> Route:
        """Return the route, ready for events.

        Args:
            run_ids: Whether its runs may say what their events are about.
            expectations: Those that want an event of this route.
        """
        return Route(
            name=self.name,
            event_pattern=self.event_pattern,
            trigger_dag_id=self.trigger_dag_id,
            conf=self.conf,
            event_id=self.event_id,
            subject="" if run_ids == "opaque" else self.subject,
            note=self.note,
            max_events=self.batch.max_events if self.batch else None,
            window_seconds=self.batch.window_seconds if self.batch else None,
            key=(self.batch and self.batch.key) or "",
            delay_seconds=self.delay_seconds,
            expectations=expectations,
        )


def fixed_dag_ids(routes: Iterable[RouteConfig]) -> list[str]:
    """Return the DAGs that enabled routes name without a template, sorted."""
    return sorted({route.trigger_dag_id for route in routes if route.enabled and route.has_fixed_dag_id})
