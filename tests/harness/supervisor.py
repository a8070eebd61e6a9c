"""An Airflow in memory: what a task's supervisor answers when the task starts runs or counts them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from airflow.sdk.exceptions import AirflowRuntimeError, ErrorType
from airflow.sdk.execution_time import comms
from airflow.sdk.execution_time.comms import (
    DRCount,
    ErrorResponse,
    GetDRCount,
    MaskSecret,
    OKResponse,
    SetXCom,
    TriggerDagRun,
)

from tests.harness.versions import TASKS_KNOW_DAGS


@dataclass
class Supervisor:
    """Knows some DAGs and keeps the runs that it was asked to start.

    Args:
        dag_ids: The DAGs that exist.
        broken: DAGs with import errors.
        paused: DAGs that are paused.
        queued: How many queued runs a DAG holds, where it holds any.
        counted: The DAGs whose queued runs were asked for.
        runs: The runs that were started, by DAG and id.
        states: The state of a run, where it is not queued.
        cleared: The runs that were cleared, in order.
        xcoms: The XComs that were pushed, in order.
        variables: The Variables that it stores.
    """

    dag_ids: set[str] = field(default_factory=set)
    broken: set[str] = field(default_factory=set)
    paused: set[str] = field(default_factory=set)
    queued: dict[str, int] = field(default_factory=dict)
    counted: list[str] = field(default_factory=list)
    runs: dict[tuple[str, str], TriggerDagRun] = field(default_factory=dict)
    states: dict[tuple[str, str], str] = field(default_factory=dict)
    cleared: list[tuple[str, str]] = field(default_factory=list)
    xcoms: list[SetXCom] = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)

    def send(self, msg: Any) -> Any:
        """Answer as the supervisor of Airflow 3 does."""
        if isinstance(msg, comms.GetVariable | comms.PutVariable):
            return self._variable(msg)
        if TASKS_KNOW_DAGS and isinstance(msg, comms.GetDag):
            return comms.DagResult(
                dag_id=msg.dag_id,
                is_paused=msg.dag_id in self.paused,
                bundle_name="dags-folder",
                bundle_version=None,
                relative_fileloc="dispatcher.py",
                owners="airflow",
                tags=["hybrid"],
                next_dagrun=None,
            )
        if isinstance(msg, GetDRCount):
            return DRCount(count=self._count(msg))
        if isinstance(msg, TriggerDagRun):
            return self._start(msg)
        assert isinstance(msg, SetXCom | MaskSecret)
        if isinstance(msg, SetXCom):
            self.xcoms.append(msg)
        return OKResponse(ok=True)

    def _variable(self, msg: comms.GetVariable | comms.PutVariable) -> Any:
        if isinstance(msg, comms.PutVariable):
            self.variables[msg.key] = msg.value or ""
            return OKResponse(ok=True)
        if msg.key in self.variables:
            return comms.VariableResult(key=msg.key, value=self.variables[msg.key])
        return ErrorResponse(error=ErrorType.VARIABLE_NOT_FOUND)

    def _count(self, msg: GetDRCount) -> int:
        if msg.run_ids is None:
            assert msg.states == ["queued"]
            self.counted.append(msg.dag_id)
            return self.queued.get(msg.dag_id, 0)
        found = [(msg.dag_id, run_id) for run_id in msg.run_ids if (msg.dag_id, run_id) in self.runs]
        return sum(msg.states is None or self.states.get(run, "queued") in msg.states for run in found)

    def _start(self, msg: TriggerDagRun) -> OKResponse | ErrorResponse:
        if msg.dag_id not in self.dag_ids:
            raise _refusal(404, "not_found", f"Dag with dag_id: '{msg.dag_id}' not found")
        if msg.dag_id in self.broken:
            raise _refusal(400, "import_errors", f"Dag with dag_id '{msg.dag_id}' has import errors")
        key = (msg.dag_id, msg.run_id)
        if key in self.runs:
            if msg.reset_dag_run:
                self.cleared.append(key)
                self.states.pop(key, None)
                return OKResponse(ok=True)
            return ErrorResponse(error=ErrorType.DAGRUN_ALREADY_EXISTS)
        self.runs[key] = msg
        return OKResponse(ok=True)


def _refusal(status: int, reason: str, message: str) -> AirflowRuntimeError:
    detail = {
        "status_code": status,
        "message": "Server returned error",
        "detail": {"detail": {"reason": reason, "message": message}},
    }
    return AirflowRuntimeError(ErrorResponse(error=ErrorType.API_SERVER_ERROR, detail=detail))
