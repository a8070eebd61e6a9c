"""The app with the pages, for somebody who is logged in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from fastapi.testclient import TestClient

from tests.harness.metadata import Record, add, known_dag


@dataclass
class Person:
    """Takes the place of Airflow's auth manager, which tests/system asks."""

    name: str = "ann"
    triggers: bool = True
    edits: bool = True

    def may_trigger(self, _dag_id: str) -> bool:
        return self.triggers

    def may_edit(self, _dag_id: str) -> bool:
        return self.edits


@pytest.fixture
def record(airflow_database: None, monkeypatch: pytest.MonkeyPatch) -> Record:
    """Two dispatchers, of which the user may read one."""
    from airflow_provider_hybrid.web import access

    known = {"orders": "hybrid_dispatcher", "secret": "secret"}
    monkeypatch.setattr(access, "dispatchers", lambda: known)
    add(*(known_dag(dag_id, is_paused=True) for dag_id in known))
    return Record(*known)


@pytest.fixture
def person() -> Person:
    """Somebody who is logged in, and may do everything with the DAGs that they may read."""
    return Person()


@pytest.fixture
def browser(record: Record, person: Person) -> Iterator[TestClient]:
    from airflow_provider_hybrid.compat import web
    from airflow_provider_hybrid.web.app import create_app

    app = create_app()
    app.dependency_overrides[web.may_see_plugins.dependency] = lambda: None
    app.dependency_overrides[web.may_see_assets.dependency] = lambda: None
    app.dependency_overrides[web._readable_dags] = lambda: {"orders", "partner_a"}
    app.dependency_overrides[web.person] = lambda: person
    with TestClient(app) as client:
        yield client
