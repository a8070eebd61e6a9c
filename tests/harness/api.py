"""A thin client of Airflow's stable REST API: the few calls that the demo and the tests need."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx

from tests.harness.wait import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

Json = dict[str, Any]
_PAGE = 100


class AirflowApi:
    """Airflow as its administrator sees it.

    ``token`` is the log-in: what a browser has as its cookie ``_token``.
    """

    def __init__(self, base_url: str, user: str, password: str) -> None:
        """Log in.

        Args:
            base_url: Where the API server listens.
            user: A user of the SimpleAuthManager.
            password: That user's password.
        """
        self._http = httpx.Client(
            base_url=base_url, timeout=30, trust_env=False, transport=httpx.HTTPTransport(retries=3)
        )
        login = self._http.post("/auth/token", json={"username": user, "password": password})
        self.token: str = login.raise_for_status().json()["access_token"]
        self._http.headers["Authorization"] = f"Bearer {self.token}"

    def call(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        """Send a request below ``/api/v2``.

        Raises:
            RuntimeError: The answer is an error; the message has its text.
        """
        answer = self._http.request(method, f"/api/v2/{path}", **arguments)
        if answer.is_error:
            raise RuntimeError(f"{method} {path}: {answer.status_code} {answer.text}")
        return answer

    def set_variable(self, key: str, value: Any) -> None:
        """Create or replace a Variable; what is not a string is stored as JSON."""
        text = value if isinstance(value, str) else json.dumps(value)
        self.delete_variable(key)
        self.call("POST", "variables", json={"key": key, "value": text})

    def delete_variable(self, key: str) -> None:
        """Delete a Variable, if there is one."""
        self._http.delete(f"/api/v2/variables/{_path(key)}")

    def set_connection(self, connection_id: str, fields: Json) -> None:
        """Create or replace a connection, from the fields of its JSON form; ``extra`` may be an object."""
        body = {**fields, "connection_id": connection_id}
        if isinstance(body.get("extra"), dict):
            body["extra"] = json.dumps(body["extra"])
        self._http.delete(f"/api/v2/connections/{_path(connection_id)}")
        self.call("POST", "connections", json=body)

    def wait_for_dags(self, *dag_ids: str, timeout: float = 60) -> None:
        """Wait until the DAGs are parsed.

        Raises:
            RuntimeError: A DAG file has an import error; the message has its text.
            TimeoutError: A DAG is not there in time.
        """
        wait_until(lambda: set(dag_ids) <= self._dag_ids(), timeout, f"the DAGs {', '.join(dag_ids)}")

    def import_errors(self) -> dict[str, str]:
        """Return the stack trace of each DAG file that cannot be imported."""
        return {
            error["filename"]: error["stack_trace"] for error in self._all("importErrors", "import_errors")
        }

    def unpause(self, dag_id: str) -> None:
        """Let a DAG's runs start."""
        self.call("PATCH", f"dags/{_path(dag_id)}", json={"is_paused": False})

    def pause(self, dag_id: str) -> None:
        """Keep a DAG's runs from starting."""
        self.call("PATCH", f"dags/{_path(dag_id)}", json={"is_paused": True})

    def trigger(self, dag_id: str, run_id: str, conf: Json) -> Json:
        """Start a DAG run by hand."""
        body = {"dag_run_id": run_id, "conf": conf, "logical_date": None}
        return _object(self.call("POST", f"dags/{_path(dag_id)}/dagRuns", json=body))

    def clear(self, dag_id: str, run_id: str, task_id: str) -> None:
        """Let a task of a run, and all tasks after it, run again, whatever became of them."""
        body = {
            "dag_run_id": run_id,
            "task_ids": [task_id],
            "include_downstream": True,
            "only_failed": False,
            "dry_run": False,
        }
        self.call("POST", f"dags/{_path(dag_id)}/clearTaskInstances", json=body)

    def runs(self, dag_id: str) -> list[Json]:
        """Return all runs of a DAG, the oldest first."""
        return list(self._all(f"dags/{_path(dag_id)}/dagRuns", "dag_runs", order_by="id"))

    def tasks(self, dag_id: str, run_id: str) -> list[Json]:
        """Return all task instances of a run; "~" as run id means all runs."""
        return list(
            self._all(f"dags/{_path(dag_id)}/dagRuns/{_path(run_id)}/taskInstances", "task_instances")
        )

    def xcom(self, dag_id: str, run_id: str, task_id: str, key: str = "return_value") -> Any:
        """Return what a task returned, or pushed as ``key``."""
        path = (
            f"dags/{_path(dag_id)}/dagRuns/{_path(run_id)}/taskInstances/{_path(task_id)}/xcomEntries/{key}"
        )
        return self.call("GET", path, params={"deserialize": "true"}).json()["value"]

    def log(self, task: Json) -> str:
        """Return the log of the last try of a task instance, one line per record, errors in full."""
        run = f"dags/{_path(task['dag_id'])}/dagRuns/{_path(task['dag_run_id'])}"
        path = f"{run}/taskInstances/{_path(task['task_id'])}/logs/{task['try_number']}"
        query = {"full_content": "true", "map_index": task["map_index"]}
        answer = self.call("GET", path, params=query, headers={"Accept": "application/json"})
        return "\n".join(_line(record) for record in answer.json()["content"])

    def _dag_ids(self) -> set[str]:
        if errors := self.import_errors():
            raise RuntimeError("\n\n".join(f"{name}:\n{trace}" for name, trace in errors.items()))
        return {dag["dag_id"] for dag in self._all("dags", "dags")}

    def _all(self, path: str, key: str, **query: Any) -> Iterator[Json]:
        """Read a collection page by page."""
        offset = 0
        while page := self.call("GET", path, params={**query, "limit": _PAGE, "offset": offset}).json()[key]:
            yield from page
            offset += len(page)
            if len(page) < _PAGE:
                return


def moment(text: str) -> datetime:
    """Read a time as Airflow writes it."""
    # Python 3.10 does not know the letter Z.
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def _object(answer: httpx.Response) -> Json:
    result: Json = answer.json()
    return result


def _path(part: str) -> str:
    return quote(part, safe="~")


def _line(record: Any) -> str:
    return record if isinstance(record, str) else json.dumps(record, ensure_ascii=False)
