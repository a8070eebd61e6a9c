"""A route: the events that it wants, and the DAG run that it asks for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from airflow_provider_hybrid.events.event import Event, quoted
from airflow_provider_hybrid.events.headline import subject_of
from airflow_provider_hybrid.events.limits import why_not_storable
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.exceptions import RouteError
from airflow_provider_hybrid.patterns.pattern import EventPattern
from airflow_provider_hybrid.routing.expectation import Deadline, Expectation
from airflow_provider_hybrid.routing.launch import Launch
from airflow_provider_hybrid.routing.run_id import run_id
from airflow_provider_hybrid.routing.template import FieldError, compile_template
from airflow_provider_hybrid.routing.window import ON_THE_WAY, Window, window_of
from airflow_provider_hybrid.troubleshooting import logger

log = logger(__name__)

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
        subject: A template for the readable part of the run's id. It must be the same for events with the
            same id. None for the rendered ``event_id``, else the object's key or the first resource, else the
            event's own id. Empty for a run id that names route and hash only.
        note: The reason for the run, for people; a template. If it is None, or cannot be rendered, the
            dispatcher writes one.
        max_events: The most events that may become one run; None for one run per event.
        window_seconds: How long a window lasts whose events become one run; None for the events that came
            together.
        key: A template: the windows of each key are windows of their own.
        delay_seconds: Seconds from the sending of the event, or from the end of its window, to its run.
        expectations: Those that want an event of this route.

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
        subject: str | None = None,
        note: str | None = None,
        max_events: int | None = None,
        window_seconds: int | None = None,
        key: str = "",
        delay_seconds: int = 0,
        expectations: Sequence[Expectation] = (),
    ) -> None:
        self.name = name
        self.event_pattern = EventPattern(event_pattern)
        self.max_events = max_events
        self.window_seconds = window_seconds
        self.delay_seconds = delay_seconds
        self.expectations = expectations
        fields = {
            "trigger_dag_id": trigger_dag_id,
            "conf": conf,
            "event_id": event_id,
            "key": key,
        }
        self._has_own_ids = event_id is not None
        for_people = {"subject": subject, "note": note}
        self._for_people = {
            name: compile_template(template) for name, template in for_people.items() if template is not None
        }
        self._failed: set[str] = set()
        self._fields = compile_template({key: value for key, value in fields.items() if value is not None})

    def launch(self, event: Event, message: Message, sent_at: float | None = None) -> Launch:
        """Make the launch for an event that this route wants.

        Args:
            event: The event.
            message: The innermost message that it lay in.
            sent_at: When SQS got the message around it, in seconds since 1970. What the innermost message
                says of that may be its sender's.

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
        event_id = str(fields["event_id"])
        window, due_at = self._wait(str(fields["key"]), sent_at)
        subject = self._text_for_people("subject", variables)
        if subject is None:
            subject = event_id if self._has_own_ids else subject_of(event) or event.id
        note = self._text_for_people("note", variables)
        return Launch(
            route=self.name,
            trigger_dag_id=fields["trigger_dag_id"],
            trigger_run_id=run_id(self.name, event_id, subject),
            conf=fields["conf"],
            note=note[:MAX_NOTE] if note else None,
            max_events=self.max_events,
            event_id=event.id,
            due_at=due_at,
            window=window,
            meets=self._meets(event, message.sent_at if sent_at is None else sent_at),
        )

    def _wait(self, key: str, sent_at: float | None) -> tuple[Window | None, float]:
        """Return the window of an event, and the moment at which its run is due.

        Without the time of sending it waits for nothing: each delivery must have the same window.
        """
        if sent_at is None or not (self.window_seconds or self.delay_seconds):
            return None, 0
        if not self.window_seconds:
            return None, sent_at + self.delay_seconds
        window = window_of(self.name, key, sent_at, self.window_seconds, self.delay_seconds)
        return window, window.ends + self.delay_seconds + ON_THE_WAY

    def _meets(self, event: Event, sent_at: float | None) -> tuple[Deadline, ...]:
        """Return the deadlines for which an event counts; none if SQS did not tell when it was sent."""
        if sent_at is None:
            return ()
        subject = subject_of(event)
        return tuple(deadline for one in self.expectations for deadline in one.met_by(subject, sent_at))

    def _text_for_people(self, name: str, variables: Mapping[str, Any]) -> str | None:
        """Render subject or note; return None if the route has none, or if it cannot be rendered.

        A text for people that fails never costs an event its run. The route logs the first failure only.
        """
        if name not in self._for_people:
            return None
        try:
            text = self._for_people[name](variables)
        except FieldError as error:
            reason: str | None = error.reason
        else:
            if not (reason := why_not_storable(text)):
                return str(text)
        if name not in self._failed:
            self._failed.add(name)
            log.warning("Route %r: the %s cannot be made from every event: %s", self.name, name, reason)
        return None

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
