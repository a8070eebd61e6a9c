"""The dispatcher's configuration, field by field."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from math import inf
from typing import Annotated

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationInfo,
    field_validator,
)

from airflow_provider_hybrid.config.base import Model
from airflow_provider_hybrid.config.expect import ExpectConfig
from airflow_provider_hybrid.config.queue_url import queue_url_fault
from airflow_provider_hybrid.config.route import RouteConfig, RunIds, checked_dag_id, fixed_dag_ids
from airflow_provider_hybrid.config.version import VERSION
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.records.s3 import S3Keys
from airflow_provider_hybrid.routing.broken import NONE_BROKEN, BrokenRoutes
from airflow_provider_hybrid.routing.expectation import Expectation
from airflow_provider_hybrid.routing.explain import Explanation, explain_message
from airflow_provider_hybrid.routing.room import Room, RouteLimit
from airflow_provider_hybrid.routing.router import Routes, Unmatched
from airflow_provider_hybrid.sqs.queue import Queue
from airflow_provider_hybrid.sqs.url import is_same_queue, without_credentials


def _is_queue_url(url: str) -> str:
    if without_credentials(url) != url:
        raise ValueError(
            "must name no user or password; credentials belong in the connection that 'aws_conn_id' names"
        )
    if fault := queue_url_fault(url):
        raise ValueError(fault)
    return url


QueueUrl = Annotated[
    str, Field(json_schema_extra={"pattern": r"^https?://[^/]+/.+"}), AfterValidator(_is_queue_url)
]


TIMES = 10
"""How many DAGs may be full at once before all others wait too, if nobody says otherwise."""

EXPECTATIONS_DAG_ID = "hybrid_expectations"
"""The id of the DAG of `build_expectations`, unless it gets another one."""


class DispatcherConfig(Model):
    """The whole document."""

    model_config = ConfigDict(
        json_schema_extra={"anyOf": [{"required": ["routes"]}, {"required": ["include"]}]}
    )

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
    # A run of the dispatcher costs seconds, however few messages it carries.
    max_messages: int = Field(default=2000, ge=1, le=5000, description="Messages in one batch.")
    unmatched: Unmatched = Field(
        default="dead_letter", description="What happens to a message with an event that no route wants."
    )
    s3_keys: S3Keys = Field(
        default="auto",
        description="How S3's notifications write object keys: 'encoded' as S3 does, 'raw' as they are in "
        "the store, 'auto' by what the notification says of the store.",
    )
    run_ids: RunIds = Field(
        default="readable",
        description="'readable': a run's id says what its event is about, for example the object's key. "
        "'opaque': it does not, nor do the record and the notes that the dispatcher writes.",
    )
    max_queued_runs: int | None = Field(
        default=1000,
        ge=1,
        description="The most queued runs that each DAG of the routes may hold; events for a DAG that is "
        "full wait in the queue. null: no limit.",
    )
    max_queued_runs_total: int | None = Field(
        default=None,
        ge=2,
        description="The most queued runs that the routes' DAGs may hold together; with more than half of "
        "them nothing is received. null: ten times 'max_queued_runs'.",
    )
    routes: list[RouteConfig] = Field(default=[], description="Every route that wants an event gets it.")
    include: list[str] = Field(
        default=[], description="Further Airflow Variables, each of which holds a list of routes."
    )
    expect: list[ExpectConfig] = Field(
        default=[], description="By when an event of which route is due; if none came, a task fails."
    )
    expectations_dag_id: str = Field(
        default=EXPECTATIONS_DAG_ID, description="The DAG whose tasks fail: the one of `build_expectations`."
    )
    address: str | None = Field(
        default=None, alias="$schema", description="Where this schema is, for editors; ignored."
    )
    version: int = Field(
        default=1,
        ge=1,
        le=VERSION,
        description="The version of this form; `hybrid validate --migrate` writes the newest.",
    )

    _places: tuple[str, ...] = PrivateAttr(())
    _broken: BrokenRoutes = PrivateAttr(NONE_BROKEN)

    @field_validator("expectations_dag_id")
    @classmethod
    def _expectations_dag_id_is_right(cls, value: str) -> str:
        return checked_dag_id(value)

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
    def queue(self) -> Queue:
        """The queue to listen to."""
        return Queue(self.queue_url, self.aws_conn_id, self.region_name)

    @property
    def receiving(self) -> dict[str, int]:
        """The arguments of `BatchReceiver` that the configuration sets."""
        return self.model_dump(include={"wait_time_seconds", "visibility_timeout", "max_messages"})

    def with_routes(self, routes: Mapping[str, RouteConfig], broken: BrokenRoutes) -> DispatcherConfig:
        """Return the configuration with the routes of all its lists.

        Args:
            routes: The valid ones, by their places: ``routes[0]``.
            broken: The others.
        """
        config = self.model_copy(update={"routes": [*routes.values()]})
        config._places, config._broken = tuple(routes), broken  # noqa: SLF001 - of this class
        return config

    @property
    def places(self) -> dict[str, RouteConfig]:
        """The routes by their places: ``routes[0]``, or ``hybrid_routes_team_a[0]``."""
        return dict(zip(self._places, self.routes, strict=True))

    @property
    def broken(self) -> BrokenRoutes:
        """The routes that cannot be used until somebody mends them."""
        return self._broken

    @property
    def dag_ids(self) -> list[str]:
        """The DAGs that enabled routes name. Only a message tells which DAG a template names."""
        return fixed_dag_ids(self.routes)

    @property
    def has_limits(self) -> bool:
        """True if the queued runs of a DAG count."""
        limits = (self.max_queued_runs, self.max_queued_runs_total, *self._own_limits.values())
        return any(limit is not None for limit in limits)

    def room(self, queued: Mapping[str, int]) -> Room:
        """Return the room for further runs.

        Args:
            queued: The number of queued runs by DAG id.
        """
        total = self.max_queued_runs_total
        if total is None and self.max_queued_runs is not None:
            total = TIMES * self.max_queued_runs
        limits = {
            route.name: RouteLimit(
                route.trigger_dag_id if route.has_fixed_dag_id else None,
                self._own_limits.get(route.name, self.max_queued_runs),
            )
            for route in self.routes
            if route.enabled
        }
        return Room(queued, limits, total)

    @property
    def _own_limits(self) -> dict[str, int]:
        return {
            route.name: route.max_queued_runs
            for route in self.routes
            if route.enabled and route.max_queued_runs is not None
        }

    @property
    def full_batch(self) -> int:
        """The number of messages that fill the largest batch of an enabled route; 1 if no route batches.

        A batch with a window does not count: its messages gather in the queue.
        """
        batches = [route.batch for route in self.routes if route.enabled]
        return max((batch.max_events for batch in batches if batch and not batch.window_seconds), default=1)

    @property
    def rates(self) -> dict[str, int]:
        """The runs that may start in a minute, by the name of each enabled route that has a limit."""
        limits = {route.name: route.max_runs_per_minute for route in self.routes if route.enabled}
        return {name: limit for name, limit in limits.items() if limit}

    @property
    def has_windows(self) -> bool:
        """Whether an enabled route has a window."""
        return any(route.batch and route.batch.window_seconds for route in self.routes if route.enabled)

    @cached_property
    def compiled_routes(self) -> Routes:
        """The enabled routes, ready for events."""
        return Routes(
            route.compile(self.run_ids, [one for one in self.expectations if one.route == route.name])
            for route in self.routes
            if route.enabled
        )

    @cached_property
    def expectations(self) -> list[Expectation]:
        """What is expected of the enabled routes. Of the others nothing can come."""
        switched_off = {route.name for route in self.routes if not route.enabled}
        # The route may be a broken one: it is not in the list, and its deadlines pass all the same.
        return [one.compile(self.expectations_dag_id) for one in self.expect if one.route not in switched_off]

    def explain(self, message: Message, now: float = inf) -> Explanation:
        """Say what a dispatcher with this configuration would do with a message.

        Args:
            message: As received.
            now: The time, in seconds since 1970; by default, a time at which all runs are due.
        """
        return explain_message(message, self.compiled_routes, self.unmatched, self.s3_keys, now, self.broken)
