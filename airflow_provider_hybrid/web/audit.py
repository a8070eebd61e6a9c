"""Airflow's audit log: who has changed something by a page."""

from __future__ import annotations

import json
from typing import Any

from airflow_provider_hybrid.compat.database import Log
from airflow_provider_hybrid.compat.web import Person


def note(
    session: Any, event: str, person: Person, dag_id: str, run_id: str | None = None, **extra: Any
) -> None:
    """Write an entry.

    Args:
        session: A session of Airflow's database.
        event: What was done, at most 60 characters.
        person: Who did it.
        dag_id: The DAG that it concerns.
        run_id: The run that it concerns; None for none.
        extra: More of it, to be stored as JSON.
    """
    entry = Log(event=event, dag_id=dag_id, run_id=run_id, owner=person.name, extra=json.dumps(extra))
    session.add(entry)
