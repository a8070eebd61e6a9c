"""Airflow's own metrics: whether they are on, and how a value is sent (StatsD, DogStatsD, OpenTelemetry).

Read in the wheels of Airflow 3.0.6, 3.1.8, 3.2.2 and 3.3.2, and seen to work there in tasks and triggers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from threading import Lock
from typing import Any, Literal

from airflow.configuration import conf

from airflow_provider_hybrid.troubleshooting import logger

Kind = Literal["counter", "gauge", "timer"]

Process = Literal["task", "triggerer"]
"""Where the caller runs: from 3.2 on Airflow sets up other metrics in a task than in the triggerer."""

LONGEST = 90
"""The most characters of a tag's value. Airflow drops a name that has more than 250 with its tags."""

_REFUSED = re.compile(r"[^A-Za-z0-9_.-]")
"""What `stat_name_default_handler` refuses, and "/", which has a meaning in paths of metrics."""

_sending = Lock()
"""The first to send sets up the installation's metrics, which must happen once."""

log = logger(__name__)


def are_on() -> bool:
    """Say whether this installation sends metrics."""
    return any(map(_is_set, ("statsd_on", "statsd_datadog_enabled", "otel_on")))


def send(kind: Kind, name: str, value: float, tags: Mapping[str, str], process: Process) -> None:
    """Send a value of a figure. It never raises: a figure is worth less than an event.

    In the values of tags other characters than ASCII letters, digits, "_", "." and "-" become "_". Where
    Airflow would drop the tags (StatsD without ``statsd_influxdb_enabled``), their values stand behind the
    name, as Airflow has it in such names: separated by dots, with "__" for a dot in a value.

    Args:
        kind: How values are put together.
        name: The name, without Airflow's prefix.
        value: The value; of a timer in milliseconds.
        tags: The tags, in their order.
        process: Where the caller runs.
    """
    tags = {tag: _REFUSED.sub("_", text)[:LONGEST] for tag, text in tags.items()}
    try:
        if _loses_tags():
            name, tags = ".".join((name, *(text.replace(".", "__") for text in tags.values()))), {}
        with _sending:
            stats = _stats(process)
            method = {"counter": stats.incr, "gauge": stats.gauge, "timer": stats.timing}[kind]
            method(name, value, tags=tags)
    except Exception as error:  # noqa: BLE001 - whatever the installation's own metrics raise
        _complain(type(error).__name__)


def _stats(process: Process) -> Any:
    try:
        if process == "task":
            from airflow.sdk.observability.stats import Stats
        else:
            from airflow.observability.stats import Stats  # type: ignore[assignment]
    except ImportError:  # before Airflow 3.2
        from airflow.stats import Stats

    return Stats


def _loses_tags() -> bool:
    """Say whether the installation's metrics are plain StatsD; Airflow itself asks in this order."""
    if _is_set("statsd_datadog_enabled") or not _is_set("statsd_on"):
        return False
    return not _is_set("statsd_influxdb_enabled")


@cache
def _is_set(option: str) -> bool:
    """Read a setting once: Airflow looks into many places for one that nobody has set."""
    return conf.getboolean("metrics", option, fallback=False)


@cache
def _complain(what: str) -> None:
    """Say once that figures are not sent."""
    log.warning("Figures for monitoring are not sent: %s. Look at the section [metrics] of airflow.cfg", what)
