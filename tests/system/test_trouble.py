"""What somebody must mend: said once, in plain words; no storm of failed runs; nothing is lost.

The five kinds of trouble run side by side, each with a dispatcher, a Variable and a queue of its own.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.demo.cloud import Cloud
from tests.harness.api import moment
from tests.harness.wait import wait_until
from tests.system.events import configuration, eventbridge, route, run_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.harness.airflow import Airflow
    from tests.harness.api import AirflowApi, Json
    from tests.harness.ministack import MiniStack

# The dispatcher's run with its four retries, 30 s apart, and the time that Airflow takes for them.
FAILS_WITHIN = 200
RECOVERS_WITHIN = 120


@dataclass(frozen=True)
class Trouble:
    """A dispatcher that cannot do its work.

    ``error`` is what its log must say; ``mend`` puts it right. A message waits for it meanwhile; ``backlog``
    tells whether it still does.
    """

    dag_id: str
    error: str
    mend: Callable[[], None]
    backlog: Callable[[], int]

    @property
    def run_id(self) -> str:
        """The id of the run that its message must become."""
        return run_of("recorder", self.dag_id)


@pytest.fixture(scope="module")
def troubles(
    airflow: Airflow, api: AirflowApi, ministack: MiniStack, strict_ministack: MiniStack
) -> dict[str, Trouble]:
    """All troubles, after each has failed a run, was mended and has had the time to go on."""
    cases = [
        _missing_variable(api, ministack),
        _invalid_variable(api, ministack),
        _missing_queue(api, ministack),
        _wrong_credential(api, strict_ministack),
        _missing_right(api, strict_ministack),
    ]
    for case in cases:
        api.unpause(case.dag_id)
    _wait_for_all(cases, lambda case: bool(_failed(api, case)), FAILS_WITHIN, "a failed run", airflow)
    for case in cases:
        case.mend()
    _wait_for_all(
        cases,
        lambda case: case.run_id in _recorded(api) and not case.backlog(),
        RECOVERS_WITHIN,
        "its run and an empty queue",
        airflow,
    )
    return {case.dag_id: case for case in cases}


@pytest.mark.parametrize(
    "dag_id", ["missing_variable", "invalid_variable", "missing_queue", "wrong_credential", "missing_right"]
)
def test_trouble_is_told_and_waited_out(dag_id: str, api: AirflowApi, troubles: dict[str, Trouble]) -> None:
    trouble = troubles[dag_id]
    failed = _failed(api, trouble)

    errors = [error for run in failed for error in _errors(api, run)]
    assert len(errors) == len(failed)
    assert all(trouble.error in error for error in errors), errors
    ended = sorted(moment(task["end_date"]) for run in failed for task in _failed_tasks(api, run))
    # Two runs fail side by side, and no third one before two minutes are over.
    assert all((third - first).total_seconds() >= 120 for first, third in zip(ended, ended[2:], strict=False))
    assert _recorded(api).count(trouble.run_id) == 1


def _missing_variable(api: AirflowApi, ministack: MiniStack) -> Trouble:
    name = "missing_variable"
    cloud = Cloud(ministack, name)
    cloud.send(_message(name))
    return Trouble(
        name,
        error="Airflow Variable 'missing_variable' does not exist",
        mend=lambda: api.set_variable(name, configuration(cloud, route("recorder"))),
        backlog=cloud.backlog,
    )


def _invalid_variable(api: AirflowApi, ministack: MiniStack) -> Trouble:
    name = "invalid_variable"
    cloud = Cloud(ministack, name)
    cloud.send(_message(name))
    right = configuration(cloud, route("recorder"))
    api.set_variable(name, {**right, "routes": [{**right["routes"][0], "trigger_dag": "recorder"}]})
    return Trouble(
        name,
        error="routes[0].trigger_dag: unknown key, did you mean 'trigger_dag_id'?",
        mend=lambda: api.set_variable(name, right),
        backlog=cloud.backlog,
    )


def _missing_queue(api: AirflowApi, ministack: MiniStack) -> Trouble:
    name = "missing_queue"
    elsewhere = Cloud(ministack, "not_missing")
    queue_url = elsewhere.queue_url.replace("not_missing", name)
    api.set_variable(name, configuration(elsewhere, route("recorder"), queue_url=queue_url))
    return Trouble(
        name,
        error=queue_url,
        mend=lambda: Cloud(ministack, name).send(_message(name)),
        backlog=lambda: Cloud(ministack, name).backlog(),
    )


def _wrong_credential(api: AirflowApi, ministack: MiniStack) -> Trouble:
    name = "wrong_credential"
    cloud = Cloud(ministack, name)
    cloud.send(_message(name))
    right = json.loads(ministack.airflow_connection())
    api.set_connection(name, {**right, "login": "AKIAWRONGWRONGWRONG0"})
    api.set_variable(name, configuration(cloud, route("recorder"), aws_conn_id=name))
    return Trouble(
        name,
        error=f"connection {name!r}",
        mend=lambda: api.set_connection(name, right),
        backlog=cloud.backlog,
    )


def _missing_right(api: AirflowApi, ministack: MiniStack) -> Trouble:
    """Messages may be received, and not deleted."""
    name = "missing_right"
    cloud = Cloud(ministack, name)
    cloud.send(_message(name))
    iam = ministack.client("iam")
    iam.create_user(UserName=name)
    key = iam.create_access_key(UserName=name)["AccessKey"]

    def allow(*actions: str) -> None:
        # MiniStack, unlike AWS, asks for the batch calls by their own names.
        every = [f"sqs:{action}{kind}" for action in actions for kind in ("", "Batch")]
        statement = {"Effect": "Allow", "Action": every, "Resource": "*"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        iam.put_user_policy(UserName=name, PolicyName="queue", PolicyDocument=document)

    allow("ReceiveMessage", "ChangeMessageVisibility")
    connection = json.loads(ministack.airflow_connection())
    api.set_connection(name, {**connection, "login": key["AccessKeyId"], "password": key["SecretAccessKey"]})
    api.set_variable(name, configuration(cloud, route("recorder"), aws_conn_id=name))
    return Trouble(
        name,
        error="allow sqs:DeleteMessage",
        mend=lambda: allow("ReceiveMessage", "ChangeMessageVisibility", "DeleteMessage"),
        backlog=cloud.backlog,
    )


def _message(name: str) -> str:
    return eventbridge(name, {"number": 1})


def _wait_for_all(
    cases: list[Trouble], condition: Callable[[Trouble], bool], timeout: float, what: str, airflow: Airflow
) -> None:
    waiting = list(cases)

    def none_waits() -> bool:
        airflow.check()
        waiting[:] = [case for case in waiting if not condition(case)]
        return not waiting

    try:
        wait_until(none_waits, timeout, f"{what} of each dispatcher", every=2)
    except TimeoutError as error:
        raise TimeoutError(f"{error}: {[case.dag_id for case in waiting]}") from None


def _failed(api: AirflowApi, trouble: Trouble) -> list[Json]:
    return [run for run in api.runs(trouble.dag_id) if run["state"] == "failed"]


def _recorded(api: AirflowApi) -> list[str]:
    return [run["dag_run_id"] for run in api.runs("recorder")]


def _failed_tasks(api: AirflowApi, run: Json) -> list[Json]:
    return [task for task in api.tasks(run["dag_id"], run["dag_run_id"]) if task["state"] == "failed"]


def _errors(api: AirflowApi, run: Json) -> list[str]:
    """Return the errors in the log of the last try of a run's failed task."""
    lines = [line for task in _failed_tasks(api, run) for line in api.log(task).splitlines()]
    return [line for line in lines if '"level": "error"' in line]
