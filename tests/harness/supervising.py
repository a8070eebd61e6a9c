"""Putting an Airflow in memory in the place of a task's supervisor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import pytest
from airflow.sdk.exceptions import AirflowRuntimeError, ErrorType
from airflow.sdk.execution_time import task_runner
from airflow.sdk.execution_time.comms import ErrorResponse, MaskSecret, OKResponse

from tests.harness.supervisor import Supervisor

S = TypeVar("S")


def supervise(monkeypatch: pytest.MonkeyPatch, supervisor: S) -> S:
    """Let tasks and triggers in this process talk to a supervisor, for the time of the test.

    Args:
        monkeypatch: The test's.
        supervisor: A `Supervisor`, or whatever has its method `send`.
    """
    monkeypatch.setattr(task_runner, "SUPERVISOR_COMMS", supervisor, raising=False)
    return supervisor


class Eventful(Supervisor):
    """A supervisor with whom something happens after each answer.

    Args:
        dag_ids: The DAGs that exist.
        happens: Called with each request that was answered, before the caller gets the answer.
    """

    def __init__(self, dag_ids: set[str], happens: Callable[[Any], None]) -> None:
        super().__init__(dag_ids)
        self._happens = happens

    def send(self, msg: Any) -> Any:
        """Answer as a supervisor does."""
        answer = super().send(msg)
        self._happens(msg)
        return answer


class Refusing:
    """A supervisor that refuses every request to Airflow's API with an answer of it.

    Args:
        status_code: The answer's HTTP status.
        detail: What the API says of it.
    """

    def __init__(self, status_code: int = 503, detail: Any = None) -> None:
        self.detail = {"status_code": status_code, "message": "Server returned error", "detail": detail}

    def send(self, msg: Any) -> OKResponse:
        """Refuse a request; what is to be masked in the log is no request to the API."""
        if isinstance(msg, MaskSecret):
            return OKResponse(ok=True)
        raise AirflowRuntimeError(ErrorResponse(error=ErrorType.API_SERVER_ERROR, detail=self.detail))
