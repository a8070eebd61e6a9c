"""A dispatcher now: whether it listens, how full its queues are, and what it has done lately."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from airflow_provider_hybrid.compat.installation import NotLoadedError, UnansweredError, get_variable
from airflow_provider_hybrid.config.models import DispatcherConfig
from airflow_provider_hybrid.config.read import parse_config
from airflow_provider_hybrid.config.variable import included_text, variable_text
from airflow_provider_hybrid.exceptions import ConfigError, QueueError
from airflow_provider_hybrid.routing.fault import Fault
from airflow_provider_hybrid.sqs.errors import AWS_ERRORS, explain
from airflow_provider_hybrid.view.client import client_of
from airflow_provider_hybrid.view.lately import Lately, lately
from airflow_provider_hybrid.view.queue import Depth, depth_of
from airflow_provider_hybrid.view.state import MEANINGS, REMEDIES, WELL, State, last_error, state_of

SPAN = timedelta(hours=1)
"""What "lately" means."""


@dataclass(frozen=True)
class Status:
    """A dispatcher now.

    Args:
        dag_id: The DAG.
        state: Whether it listens.
        meaning: The state in words, and what to do about it.
        is_well: Whether it takes messages, or soon will.
        error: Why it failed, if it did, as far as the record has it; empty otherwise.
        depth: How full its queues are; None if that is not known.
        fault: Why that is not known; empty otherwise.
        lately: What it has done in the last hour.
        broken_routes: What is wrong with routes that are broken; the others go on.
    """

    dag_id: str
    state: State
    meaning: str
    is_well: bool
    error: str
    depth: Depth | None
    fault: str
    lately: Lately
    broken_routes: tuple[Fault, ...] = ()


def status_of(session: Any, dag_id: str, variable: str) -> Status:
    """Look at a dispatcher, its record and its queues.

    Args:
        session: A session of Airflow's database.
        dag_id: The dispatcher.
        variable: Its Variable.
    """
    state = state_of(session, dag_id)
    depth, fault, broken_routes = _look(variable)
    since = datetime.now(tz=timezone.utc) - SPAN
    meaning = ". ".join(filter(None, (MEANINGS[state], REMEDIES.get(state))))
    error = last_error(session, dag_id) if state == "failed" else ""
    done = lately(session, dag_id, since)
    return Status(dag_id, state, meaning, state in WELL, error, depth, fault, done, broken_routes)


def configuration_in(variable: str) -> DispatcherConfig:
    """Read a dispatcher's Variable.

    Raises:
        ConfigError: If it is missing or wrong, or if it cannot be read.
    """
    value = _value_of(variable)
    if value is None:
        raise ConfigError(f"Airflow Variable {variable!r} does not exist. Create it (Admin > Variables)")
    text = variable_text(value, variable)
    return parse_config(text, variable, lambda name: included_text(_value_of(name), name))


def _value_of(variable: str) -> object:
    try:
        return get_variable(variable)
    except (NotLoadedError, UnansweredError) as error:
        said = type(error.__cause__ or error).__name__
        raise ConfigError(f"Airflow Variable {variable!r} cannot be read ({said})") from error


def _look(variable: str) -> tuple[Depth | None, str, tuple[Fault, ...]]:
    """Return how full the queues are, why that is not known, and what is wrong with routes."""
    try:
        config = configuration_in(variable)
    except ConfigError as error:
        return None, str(error), ()
    broken_routes = config.broken.faults
    try:
        return depth_of(client_of(config.queue), config), "", broken_routes
    except QueueError as error:
        return None, str(error), broken_routes
    except AWS_ERRORS as error:
        return None, explain(error, config.queue), broken_routes
