"""A route: the events that it wants, and the DAG run that it asks for."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from typing import Any

from airflow_provider_hybrid.events.event import Event, quoted
from airflow_provider_hybrid.events.limits import why_not_storable
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.exceptions import RouteError
from airflow_provider_hybrid.patterns.pattern import EventPattern
from airflow_provider_hybrid.routing.launch import Launch, run_id
from airflow_provider_hybrid.routing.template import FieldError, compile_template

log = logging.getLogger(__name__)

MAX_NOTE = 1000
"""The most characters of a note that Airflow's API takes."""

_DAG_ID = re.compile(r"(?!\.+$)[\w.-]{1,250}")
"""Airflow's own rule, without names of dots alone, which mean another place in a URL."""


class Route:
    """A compiled route.

    Its templates have two variables: ``event``, in EventBridge's envelope, and ``message``, the innermost
    message that the event lay in: behind SNS, the published one.

    Args:
        name: Part of every run id; unique among the routes of a dispatcher.
        event_pattern: The events that it wants, as an EventBridge event pattern.
        trigger_dag_id: The DAG to run for each of them; a template.
        conf: The run's conf, whose strings are templates; None for the whole event.
        event_id: A template for the event's id: events with the same id start one run. None for its own id.
        note: The reason for the run, for people; a template. If it is None, or cannot be rendered, the note
            names route and event.
        max_events: The most events that may become one run; None for one run per event.

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
        event_id: str | None = None,
        note: str | None = None,
        max_events: int | None = None,
    ) -> None:
        self.name = name
        self.event_pattern = EventPattern(event_pattern)
        self.max_events = max_events
        fields = {
            "trigger_dag_id": trigger_dag_id,
            "conf": conf,
            "event_id": event_id,
        }
        self._note = None if note is None else compile_template(note)
        self._note_failed = False
        self._fields = compile_template({key: value for key, value in fields.items() if value is not None})

    def launch(self, event: Event, message: Message) -> Launch:
        """Make the launch for an event that this route wants.

        Raises:
            RouteError: If the launch cannot be made from this event; names route, field and event id.
        """
        envelope = event.as_dict()
        variables = {"event": envelope, "message": _for_templates(message)}
        try:
            fields = {"conf": envelope, "event_id": event.id} | self._fields(variables)
        except FieldError as error:
            raise self._error(error.field, event, error.reason) from None
        if not is_dag_id(fields["trigger_dag_id"]):
            raise self._error("trigger_dag_id", event, "it is no DAG id: letters, digits, '_', '-' and '.'")
        if not fields["event_id"]:
            raise self._error("event_id", event, "it is empty")
        if reason := why_not_storable(fields):
            raise self._error("conf", event, reason)
        return Launch(
            route=self.name,
            trigger_dag_id=fields["trigger_dag_id"],
            trigger_run_id=run_id(self.name, str(fields["event_id"])),
            conf=fields["conf"],
            note=self._make_note(variables) or f"Route {self.name}, event {event.id}",
            max_events=self.max_events,
        )

    def _make_note(self, variables: Mapping[str, Any]) -> str:
        """Render the note; return an empty text if there is none, or if it cannot be rendered.

        A note that fails never costs an event its run. The route logs its first failure only.
        """
        if self._note is None:
            return ""
        try:
            note = self._note(variables)
        except FieldError as error:
            reason: str | None = error.reason
        else:
            if not (reason := why_not_storable(note)):
                return str(note)[:MAX_NOTE]
        if not self._note_failed:
            self._note_failed = True
            log.warning("Route %r: the note cannot be made from every event: %s", self.name, reason)
        return ""

    def _error(self, field: str, event: Event, reason: str) -> RouteError:
        return RouteError(f"route {self.name!r}, field {field!r}, event {quoted(event.id)}: {reason}")


def is_dag_id(value: object) -> bool:
    """Say whether a value can be a DAG's id."""
    return isinstance(value, str) and bool(_DAG_ID.fullmatch(value))


def _for_templates(message: Message) -> dict[str, Any]:
    """Return the fields of a message that templates may read; the receipt handle is a secret."""
    return {
        "message_id": message.message_id,
        "attributes": message.attributes,
        "message_attributes": message.message_attributes,
        "queue_name": message.queue_name,
    }
