"""Expectations: their deadlines, and the events that count for them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from airflow.timetables.base import TimeRestriction
from airflow.timetables.trigger import CronTriggerTimetable
from pendulum import instance

from airflow_provider_hybrid.config.expect import DAYS, days_in
from airflow_provider_hybrid.routing.expectation import Expectation, due

EVERY_DAY = frozenset(range(7))
PARIS = ZoneInfo("Europe/Paris")


def at(text: str) -> float:
    """Return a moment, written in UTC, in seconds since 1970."""
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc).timestamp()


def expectation(
    by: str = "07:00",
    zone: str = "Europe/Paris",
    days: str = "mon-sun",
    subject: str | None = None,
    name: str = "orders",
) -> Expectation:
    made = (time.fromisoformat(by), ZoneInfo(zone), days_in(days), subject)
    return Expectation(name, "hybrid_expectations", "partner_a", *made)


def moments(found: list[tuple[Expectation, object]]) -> list[str]:
    return [
        datetime.fromtimestamp(deadline.moment, tz=timezone.utc).strftime("%a %H:%M")  # type: ignore[attr-defined]
        for _, deadline in found
    ]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("mon-fri", {0, 1, 2, 3, 4}),
        ("sat-mon", {5, 6, 0}),
        ("mon,wed,fri", {0, 2, 4}),
        ("tue-thu,sun", {1, 2, 3, 6}),
        ("sun", {6}),
        ("mon-sun", EVERY_DAY),
    ],
)
def test_days_are_read_as_people_write_them(text: str, numbers: set[int]) -> None:
    assert days_in(text) == numbers


def test_summer_time_begins_and_the_deadline_stays_at_seven_in_the_morning() -> None:
    """The night to 2026-03-29 has an hour less in Paris."""
    found = due([expectation()], at("2026-03-28"), at("2026-03-31"))

    assert moments(found) == ["Sat 06:00", "Sun 05:00", "Mon 05:00"]
    assert [deadline.run_id for _, deadline in found] == [
        "orders__2026-03-28T07:00",
        "orders__2026-03-29T07:00",
        "orders__2026-03-30T07:00",
    ]


def test_summer_time_ends_and_each_day_has_one_deadline() -> None:
    """The night to 2026-10-25 has half past two twice in Paris."""
    found = due([expectation("02:30")], at("2026-10-24"), at("2026-10-27"))

    assert moments(found) == ["Sat 00:30", "Sun 00:30", "Mon 01:30"]


def test_a_time_that_is_left_out_still_has_a_deadline() -> None:
    """There is no half past two on 2026-03-29 in Paris."""
    found = due([expectation("02:30")], at("2026-03-28"), at("2026-03-31"))

    assert moments(found) == ["Sat 01:30", "Sun 01:30", "Mon 00:30"]


@pytest.mark.parametrize("zone", ["Europe/Paris", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"])
@pytest.mark.parametrize(("by", "days"), [("07:00", "mon-fri"), ("23:59", "mon-sun"), ("00:05", "sun")])
def test_a_year_of_deadlines_is_as_airflows_own_timetable_has_it(zone: str, by: str, days: str) -> None:
    hour, minute = map(int, by.split(":"))
    timetable = CronTriggerTimetable(f"{minute} {hour} * * {days}", timezone=zone)
    begin, end = at("2026-01-01"), at("2027-01-01")
    restriction = TimeRestriction(
        instance(datetime.fromtimestamp(begin, tz=timezone.utc)), None, catchup=True
    )
    expected, interval = [], None
    while True:
        info = timetable.next_dagrun_info(last_automated_data_interval=interval, restriction=restriction)
        assert info is not None
        if info.run_after.timestamp() > end:
            break
        expected.append(info.run_after.timestamp())
        interval = info.data_interval

    found = [deadline.moment for _, deadline in due([expectation(by, zone, days)], begin, end)]

    assert found == expected
    assert len(found) >= 52


def test_several_expectations_are_due_in_the_order_of_time() -> None:
    early, late = expectation("10:00", "Asia/Tokyo", name="tokyo"), expectation("07:00", name="paris")

    found = due([late, early], at("2026-11-29T00:00"), at("2026-11-29T06:00"))

    assert [one.name for one, _ in found] == ["tokyo", "paris"]


def test_a_deadline_is_due_once() -> None:
    moment = at("2026-11-29T06:00")

    assert len(due([expectation()], moment - 1, moment)) == 1
    assert due([expectation()], moment, moment + 3600) == []
    assert due([expectation()], moment, moment - 3600) == []


def met(one: Expectation, sent: str, subject: str = "") -> list[str]:
    return [deadline.run_id.partition("__")[2] for deadline in one.met_by(subject, at(sent))]


@pytest.mark.parametrize("sent", ["2026-11-28T18:00", "2026-11-29T05:00", "2026-12-01T12:00"])
def test_a_subject_that_names_the_day_counts_the_evening_before_and_two_days_late(sent: str) -> None:
    one = expectation(subject="orders/{{ day }}/*")

    assert met(one, sent, "orders/2026-11-29/a.csv") == ["2026-11-29T07:00"]
    assert met(one, sent, "refunds/2026-11-29/a.csv") == []


def test_a_subject_that_names_a_day_of_long_ago_counts_for_nothing() -> None:
    assert met(expectation(subject="orders/{{ day }}/*"), "2026-11-29T05:00", "orders/2026-01-01/a.csv") == []


def test_a_subject_may_name_the_day_before_and_write_it_in_its_own_way() -> None:
    one = expectation(subject="orders/{{ day_before.replace('-', '/') }}.csv")

    assert met(one, "2026-11-29T05:00", "orders/2026/11/28.csv") == ["2026-11-29T07:00"]


def test_without_a_day_in_the_subject_an_event_counts_for_the_day_on_which_it_was_sent() -> None:
    """23:30 UTC is half past midnight of the next day in Paris."""
    for one in (expectation(), expectation(subject="orders/*")):
        assert met(one, "2026-11-28T23:30", "orders/a.csv") == ["2026-11-29T07:00"]
        assert met(one, "2026-11-28T22:30", "orders/a.csv") == ["2026-11-28T07:00"]
        assert met(one, "2026-11-29T17:00", "orders/a.csv") == ["2026-11-29T07:00"], "late, for that day"
    assert met(expectation(subject="orders/*"), "2026-11-29T05:00", "refunds/a.csv") == []


def test_on_a_day_without_a_deadline_an_event_counts_for_nothing() -> None:
    assert date(2026, 11, 29).weekday() == DAYS.index("sun")
    assert met(expectation(days="mon-fri"), "2026-11-29T05:00") == []


def test_the_sentence_says_what_is_missing_and_since_when() -> None:
    one = expectation(subject="orders/{{ day }}/*")
    deadline = one.deadline(date(2026, 3, 29))
    assert deadline

    assert one.missing(deadline) == (
        "No event of the route 'partner_a' with the subject 'orders/2026-03-29/*' has come. It was due on "
        "Sunday, 2026-03-29, at 07:00 Europe/Paris (2026-03-29 05:00 UTC)"
    )


def test_a_day_has_its_deadlines_whatever_the_hour_at_which_one_asks() -> None:
    """Between two moments of a day that lie hours apart each deadline is found once."""
    one = expectation("00:01", "Pacific/Kiritimati")
    begin = at("2026-06-01")
    hours = [begin + timedelta(hours=hour).total_seconds() for hour in range(24 * 30 + 1)]

    found = [deadline.run_id for start, end in pairwise(hours) for deadline in one.between(start, end)]

    assert len(found) == len(set(found)) == 30


def test_a_subject_that_fails_on_some_day_harms_no_event_and_is_named_as_it_is() -> None:
    one = expectation("07:00", subject="{{ {'11': 'nov'}[day[5:7]] }}/{{ day }}")
    (_, deadline), *_ = due([one], at("2026-12-01T00:00"), at("2026-12-02T00:00"))

    assert met(one, "2026-12-01T05:00", "nov/2026-12-01") == []
    assert "with the subject \"{{ {'11': 'nov'}[day[5:7]] }}/{{ day }}\" has come" in one.missing(deadline)
