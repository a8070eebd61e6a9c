"""What is expected, by when: one entry of ``expect``."""

from __future__ import annotations

import difflib
import re
from datetime import date, time
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, Field

from airflow_provider_hybrid.config.base import Model, Name, Template
from airflow_provider_hybrid.config.wrong import WrongValueError
from airflow_provider_hybrid.routing.expectation import Expectation, subject_matcher
from airflow_provider_hybrid.routing.template import FieldError

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_TIME = r"([01][0-9]|2[0-3]):[0-5][0-9]"
_DAY = "|".join(DAYS)
_LIST_OF_DAYS = rf"({_DAY})(-({_DAY}))?(,({_DAY})(-({_DAY}))?)*"
_SOME_DAY = date(2026, 11, 29)


def _is_time(text: str) -> str:
    if not re.fullmatch(_TIME, text):
        raise WrongValueError("is no time of day", "write hours and minutes, as in '07:00'")
    return text


def _is_list_of_days(text: str) -> str:
    if not re.fullmatch(_LIST_OF_DAYS, text):
        raise WrongValueError("is no list of days", "write 'mon-fri', 'mon,wed,fri' or 'tue-thu,sun', say")
    return text


def _is_zone(name: str) -> str:
    known = available_timezones()
    if name not in known:
        close = difflib.get_close_matches(name, known, n=1)
        hint = f"did you mean {close[0]!r}?" if close else "write 'Europe/Paris' or 'UTC', say"
        raise WrongValueError("is no time zone", hint)
    return name


def _is_subject(template: str) -> str:
    try:
        subject_matcher(template, _SOME_DAY)
    except FieldError as error:
        # The reason begins with the class of Jinja's error.
        reason = error.reason.partition(" ")[2]
        raise WrongValueError(f"cannot be filled: {reason}", "there are 'day' and 'day_before'") from None
    return template


def days_in(text: str) -> frozenset[int]:
    """Return the days of the week that a text such as ``mon-fri,sun`` names; Monday is 0."""
    days: set[int] = set()
    for part in text.split(","):
        first, _, last = part.partition("-")
        begin, end = DAYS.index(first), DAYS.index(last or first)
        days.update(number % len(DAYS) for number in range(begin, end + 1 + len(DAYS) * (end < begin)))
    return frozenset(days)


class ExpectConfig(Model):
    """By a time of day an event of a route is due; if none came, a task fails."""

    name: Name | None = Field(
        default=None,
        description="Unique; the first part of its runs' ids. Without it: the route's name.",
    )
    route: str = Field(description="The name of the route.")
    by: Annotated[str, AfterValidator(_is_time)] = Field(
        description="The time of day, as in '07:00'.", json_schema_extra={"pattern": f"^{_TIME}$"}
    )
    timezone: Annotated[str, AfterValidator(_is_zone)] = Field(
        default="UTC", description="The time zone of 'by' and of the days, as in 'Europe/Paris'."
    )
    days: Annotated[str, AfterValidator(_is_list_of_days)] = Field(
        default="mon-sun",
        description="The days on which an event is due, as in 'mon-fri' or 'mon,wed,fri'.",
        json_schema_extra={"pattern": f"^{_LIST_OF_DAYS}$"},
    )
    subject: Annotated[Template, AfterValidator(_is_subject)] | None = Field(
        default=None,
        description="Which events count, by the object's key or the first resource: '*' is any text, and "
        "'{{ day }}' and '{{ day_before }}' are days such as 2026-11-29. Without it: every event.",
    )

    @property
    def full_name(self) -> str:
        """Its name, or else that of its route."""
        return self.name or self.route

    def compile(self, dag_id: str) -> Expectation:
        """Return the expectation, ready for events.

        Args:
            dag_id: The DAG whose runs stand for its deadlines.
        """
        return Expectation(
            name=self.full_name,
            dag_id=dag_id,
            route=self.route,
            by=time.fromisoformat(self.by),
            zone=ZoneInfo(self.timezone),
            days=days_in(self.days),
            subject=self.subject,
        )
