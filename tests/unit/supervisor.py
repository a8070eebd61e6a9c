"""An Airflow in memory: what a task's supervisor answers when the task starts runs or counts them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from airflow.sdk.exceptions import AirflowRuntimeError, ErrorType
from airflow.sdk.execution_time.comms import (
    DRCount,
    ErrorResponse,
    GetDRCount,
    MaskSecret,
    OKResponse,
    TriggerDagRun,
)


@dataclass
class Supervisor:
    """Knows some DAGs and keeps the runs that it was asked to start.

    Args:
        dag_ids: The DAGs that exist.
        broken: DAGs with import errors.
        queued: How many queued runs a DAG holds, where it holds any.
        active: How many queued or running runs a DAG has, where it has any.
        counted: The DAGs whose queued runs were asked for.
    """

    dag_ids: set[str] = field(default_factory=set)
    broken: set[str] = field(default_factory=set)
    queued: dict[str, int] = field(default_factory=dict)
    active: dict[str, int] = field(default_factory=dict)
    counted: list[str] = field(default_factory=list)
    runs: dict[tuple[str, str], TriggerDagRun] = field(default_factory=dict)

    def send(self, request: Any) -> OKResponse | ErrorResponse | DRCount:
        """Answer as the supervisor of Airflow 3 does."""
        if isinstance(request, MaskSecret):
            return OKResponse(ok=True)
        if isinstance(request, GetDRCount):
            if "running" in request.states:
                return DRCount(count=self.active.get(request.dag_id, 0))
            assert request.states == ["queued"]
            self.counted.append(request.dag_id)
            return DRCount(count=self.queued.get(request.dag_id, 0))
        assert isinstance(request, TriggerDagRun)
        if request.dag_id not in self.dag_ids:
            raise _refusal(404, "not_found", f"Dag with dag_id: '{request.dag_id}' not found")
        if request.dag_id in self.broken:
            raise _refusal(400, "import_errors", f"Dag with dag_id '{request.dag_id}' has import errors")
        key = (request.dag_id, request.run_id)
        if key in self.runs:
            return ErrorResponse(error=ErrorType.DAGRUN_ALREADY_EXISTS)
        self.runs[key] = request
        return OKResponse(ok=True)


def _refusal(status: int, reason: str, message: str) -> AirflowRuntimeError:
    detail = {
        "status_code": status,
        "message": "Server returned error",
        "detail": {"detail": {"reason": reason, "message": message}},
    }
    return AirflowRuntimeError(ErrorResponse(error=ErrorType.API_SERVER_ERROR, detail=detail))
