"""The paces of a queue's routes, kept in an Airflow Variable from one batch to the next."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict

from airflow_provider_hybrid.compat.task import get_variable, set_variable
from airflow_provider_hybrid.exceptions import LaunchError
from airflow_provider_hybrid.routing.pace import Pace, Pacer
from airflow_provider_hybrid.troubleshooting import logger

log = logger(__name__)

DESCRIPTION = "How far the routes with 'max_runs_per_minute' have used their time. A dispatcher writes it."


def load_pacer(queue_name: str, rates: Mapping[str, int], now: float) -> Pacer:
    """Go on with the paces that the batch before has left; begin anew if there are none that can be read.

    Args:
        queue_name: The queue.
        rates: The runs of a minute, by the name of each route that has a limit.
        now: The time, in seconds since 1970.

    Raises:
        ConfigError: If Airflow does not give the Variable.
    """
    stored = get_variable(_variable(queue_name))
    try:
        paces = {route: Pace(**fields) for route, fields in json.loads(stored or "{}").items()}
    except (ValueError, TypeError, AttributeError):
        log.warning("Variable %r cannot be read: the routes' paces begin anew", _variable(queue_name))
        paces = {}
    return Pacer(rates, paces, now)


def save_pacer(queue_name: str, pacer: Pacer) -> None:
    """Leave the paces for the next batch. If Airflow does not take them, that batch may be too fast.

    Args:
        queue_name: The queue.
        pacer: As it is after a batch.
    """
    value = json.dumps({route: asdict(pace) for route, pace in pacer.paces.items()})
    try:
        set_variable(_variable(queue_name), value, DESCRIPTION)
    except LaunchError as error:
        log.warning("The next runs may start too fast. %s", error)


def _variable(queue_name: str) -> str:
    return f"hybrid_paces_{queue_name}"
