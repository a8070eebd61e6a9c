"""A route: which events it wants, and the DAG run it asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from airflow_provider_hybrid.events.event import Event
from airflow_provider_hybrid.events.limits import why_not_storable
from airflow_provider_hybrid.exceptions import RouteError
from airflow_provider_hybrid.routing.pattern import EventPattern
from airflow_provider_hybrid.routing.run_id import run_id
from airflow_provider_hybrid.routing.template import FieldError, compile_template


@dataclass(frozen=True)
class Launch:
    """A DAG run that is asked for.

    Args:
        trigger_dag_id: The DAG to run.
        trigger_run_id: The run's id; deterministic, so that asking twice starts it once.
        conf: All that the run needs.
        note: Why it runs, for people; at most 1,000 characters.
    """

    trigger_dag_id: str
    trigger_run_id: str
    conf: dict[str, Any]
    note: str


class Route:
    """A compiled route.

    Args:
        name: Part of every run id; unique among the routes of a dispatcher.
        event_pattern: The events that it wants, as an EventBridge event pattern.
        trigger_dag_id: The DAG to run for each of them.
        conf: The run's conf, its strings Jinja templates over ``event``; the whole event where it is None.

    Raises:
        EventPatternError: If EventBridge would refuse the pattern.
        jinja2.TemplateError: If a template's syntax is wrong.
    """

    def __init__(
        self,
        name: str,
        event_pattern: Mapping[str, Any],
        trigger_dag_id: str,
        conf: Mapping[str, Any] | None = None,
    ) -> None:
        self.name = name
        self.trigger_dag_id = trigger_dag_id
        self.matches = EventPattern(event_pattern).matches
        self._conf = None if conf is None else compile_template(conf)

    def launch(self, event: Event) -> Launch:
        """Make the launch for an event that this route wants.

        Raises:
            RouteError: If the conf cannot be made out of this event.
        """
        envelope = event.as_dict()
        try:
            conf = envelope if self._conf is None else self._conf({"event": envelope})
        except FieldError as error:
            raise RouteError(
                f"route {self.name!r}, field 'conf.{error.field}', event {event.id!r}: {error.reason}"
            ) from error
        if reason := why_not_storable(conf):
            raise RouteError(f"route {self.name!r}, field 'conf', event {event.id!r}: {reason}")
        return Launch(
            trigger_dag_id=self.trigger_dag_id,
            trigger_run_id=run_id(self.name, event.id),
            conf=conf,
            note=f"Route {self.name}, event {event.id}"[:1000],
        )
