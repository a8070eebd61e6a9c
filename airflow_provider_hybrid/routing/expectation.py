"""An expectation: by a time of day an event of a route is due, and somebody is told if none came."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

from airflow_provider_hybrid.exceptions import EventPatternError
from airflow_provider_hybrid.patterns.matchers.matcher import ValueMatcher
from airflow_provider_hybrid.patterns.matchers.wildcard import parse_wildcard
from airflow_provider_hybrid.routing.template import FieldError, compile_template

SPAN = timedelta(days=7)
"""How long before and after its day an event counts whose subject names the day."""

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Deadline:
    """A moment by which an event is due.

    Args:
        expectation: The expectation's name.
        dag_id: The DAG whose runs stand for deadlines.
        run_id: The id of the run that stands for this one, ``<expectation>__<day>T<time>``. It says which
            expectation, day and time it is, so nobody needs to look it up.
        moment: The moment, in seconds since 1970.
    """

    expectation: str
    dag_id: str
    run_id: str
    moment: float

    @property
    def late_run_id(self) -> str:
        """The id of the run that says that an event came late."""
        return late(self.run_id)


@dataclass(frozen=True)
class Expectation:
    """By a time of day an event of a route is due.

    Args:
        name: Unique among the expectations of a dispatcher.
        dag_id: The DAG whose runs stand for its deadlines.
        route: The route's name.
        by: The time of day, on the clocks of the time zone. A time that a change to summer time leaves out is
            as long after midnight as it is on the day before; one that comes twice is the first of the two.
        zone: The time zone.
        days: The days of the week on which an event is due; Monday is 0.
        subject: The subject of the events that count, with ``*`` for any text. It is a template over ``day``
            and ``day_before``, such as ``2026-11-29``. None for any subject.
    """

    name: str
    dag_id: str
    route: str
    by: time
    zone: ZoneInfo
    days: frozenset[int]
    subject: str | None = None

    def deadline(self, day: date) -> Deadline | None:
        """Return the deadline of a day in the time zone; None if nothing is due on that day."""
        if day.weekday() not in self.days:
            return None
        moment = datetime.combine(day, self.by, tzinfo=self.zone)
        run_id = f"{self.name}__{day}T{self.by:%H:%M}"
        return Deadline(self.name, self.dag_id, run_id, moment.timestamp())

    def between(self, after: float, until: float) -> Iterator[Deadline]:
        """Return the deadlines after a moment and until another one, in order (seconds since 1970)."""
        for day in _days(self.day_at(after), self.day_at(until)):
            deadline = self.deadline(day)
            if deadline and after < deadline.moment <= until:
                yield deadline

    def met_by(self, subject: str, sent_at: float) -> list[Deadline]:
        """Return the deadlines for which an event of the route counts.

        If the subject of the expectation names the day, the event counts for the day that its own subject
        names, whether it came the evening before or two days late (:data:`SPAN`). Otherwise it counts for the
        day on which it was sent.

        Args:
            subject: What the event is about: an object's key, or the first resource.
            sent_at: When its message was sent, in seconds since 1970.
        """
        sent_on = self.day_at(sent_at)
        days = _days(sent_on - SPAN, sent_on + SPAN) if self._names_day else [sent_on]
        deadlines = (self.deadline(day) for day in days if self._wants(subject, day))
        return [deadline for deadline in deadlines if deadline]

    def day_at(self, moment: float) -> date:
        """Return the day that it is in the time zone at a moment (seconds since 1970)."""
        return datetime.fromtimestamp(moment, tz=self.zone).date()

    def missing(self, deadline: Deadline) -> str:
        """Say in a sentence what is missing if no event has come for a deadline, and since when."""
        day = self.day_at(deadline.moment)
        what = f" with the subject {self._subject_on(day)!r}" if self.subject else ""
        utc = datetime.fromtimestamp(deadline.moment, tz=timezone.utc)
        return (
            f"No event of the route {self.route!r}{what} has come. It was due on {day:%A}, {day}, at "
            f"{self.by:%H:%M} {self.zone.key} ({utc:%Y-%m-%d %H:%M} UTC)"
        )

    @property
    def _names_day(self) -> bool:
        return self.subject is not None and "{" in self.subject

    def _subject_on(self, day: date) -> str:
        """Return the subject that is due on a day; the template itself, if it fails on that day."""
        try:
            return subject_on(self.subject or "", day)
        except FieldError:
            return self.subject or ""

    def _wants(self, subject: str, day: date) -> bool:
        if self.subject is None:
            return True
        try:
            return subject_matcher(self.subject, day).accepts(subject)
        except (FieldError, EventPatternError):
            return False


def due(
    expectations: Iterable[Expectation], after: float, until: float
) -> list[tuple[Expectation, Deadline]]:
    """Return the deadlines after a moment and until another one, in order of time (seconds since 1970)."""
    found = [(one, deadline) for one in expectations for deadline in one.between(after, until)]
    return sorted(found, key=lambda pair: pair[1].moment)


def late(run_id: str) -> str:
    """Return the id of the run that says that an event came late for a deadline's run."""
    return f"{run_id}~late"


def subject_on(template: str, day: date) -> str:
    """Return an expectation's subject on a day; stars still stand for any text.

    Raises:
        FieldError: If the template cannot be rendered.
    """
    return str(compile_template(template)({"day": str(day), "day_before": str(day - _ONE_DAY)}))


@lru_cache(maxsize=10_000)
def subject_matcher(template: str, day: date) -> ValueMatcher:
    """Return what accepts the subjects of a day.

    Raises:
        FieldError: If the template cannot be rendered.
        EventPatternError: If the subject is no text with stars, as EventBridge's ``wildcard`` has them.
    """
    return parse_wildcard(subject_on(template, day), ())


def _days(first: date, last: date) -> Sequence[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
