"""A run once more, because somebody wants it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from airflow.models.dagrun import DagRun
from airflow.models.serialized_dag import SerializedDagModel
from airflow.models.tasklog import LogTemplate
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, Param
from airflow.serialization.serialized_objects import LazyDeserializedDAG
from airflow.utils.session import create_session
from sqlalchemy import select
from typer.testing import CliRunner, Result

from airflow_provider_hybrid.again import Run, launch_again, runs_meant
from airflow_provider_hybrid.cli.main import app
from airflow_provider_hybrid.events.headline import Headline
from airflow_provider_hybrid.exceptions import LaunchError
from airflow_provider_hybrid.record.line import Line, RunLine
from tests.harness.metadata import BUNDLES, Record, add, known_dag
from tests.harness.versions import DagSerialization

NOW = datetime.now(tz=timezone.utc)
FIRST = Run("partner_a", "eu__in-a.csv__0")
COPY = Run("partner_b", "copy__in-a.csv__0")
UPLOAD = Headline("e-0", "aws.s3", "Object Created", "s3://b/in/a.csv", "2026-11-29T06:59:00Z")
CONF = {"key": "in/a.csv", "odd": "{{ var.value.password }}"}


@pytest.fixture
def record(airflow_database: None) -> Record:
    """An upload that started runs of two DAGs."""
    # Airflow puts one there when it makes the tables; a new run names the last one.
    add(LogTemplate(filename="log", elasticsearch_id="log"))
    for dag_id in ("partner_a", "partner_b"):
        store_dag(dag_id)
    add(*(stored(run) for run in (FIRST, COPY)))
    record = Record("orders")
    runs = tuple(RunLine("r", run.dag_id, run.run_id, "e-0", "started") for run in (FIRST, COPY))
    folder = Headline("e-7", "aws.s3", subject="s3://b/in/")
    lines = [
        Line("m-0", "started", NOW.timestamp(), events=(UPLOAD,), runs=runs),
        Line("m-7", "started", NOW.timestamp(), events=(folder, Headline("e-6", "shop"))),
    ]
    record.write("orders", lines, NOW)
    return record


@pytest.fixture
def session(record: Record) -> Iterator[Any]:
    with create_session() as session:
        yield session


def store_dag(dag_id: str, **fields: Any) -> None:
    """Store a DAG of one task as the DAG processor does."""
    add(known_dag(dag_id))
    with DAG(dag_id, schedule=None, **fields) as dag:
        EmptyOperator(task_id="nothing")
    built = LazyDeserializedDAG(data=DagSerialization.to_dict(dag))
    with create_session() as session:
        SerializedDagModel.write_dag(built, bundle_name=BUNDLES[0], session=session)


def stored(run: Run, **fields: Any) -> DagRun:
    return DagRun(
        **{
            "dag_id": run.dag_id,
            "run_id": run.run_id,
            "run_type": "operator_triggered",
            "state": "success",
            "conf": CONF,
            **fields,
        }
    )


def found(session: Any, run: Run) -> DagRun:
    conditions = DagRun.dag_id == run.dag_id, DagRun.run_id == run.run_id
    return session.scalars(select(DagRun).where(*conditions)).one()  # type: ignore[no-any-return]


def test_it_has_a_new_id_that_names_the_first_and_the_same_conf(session: Any) -> None:
    again = launch_again(session, FIRST, "`ann`", "ui")

    assert again == Run("partner_a", "eu__in-a.csv__0~2")
    run = found(session, again)
    assert (run.conf, run.state, run.logical_date) == (CONF, "queued", None)
    assert run.note == "Run `eu__in-a.csv__0` once more, wanted by `ann`."


def test_each_repetition_takes_the_next_free_number(session: Any) -> None:
    second = launch_again(session, FIRST, "me", "ui")
    third = launch_again(session, second, "me", "ui")
    session.delete(found(session, second))
    session.flush()

    assert third.run_id == "eu__in-a.csv__0~3"
    assert launch_again(session, FIRST, "me", "cli").run_id == "eu__in-a.csv__0~4"


def test_another_run_whose_id_begins_alike_does_not_count(session: Any) -> None:
    session.add(stored(Run("partner_a", "eu__in-a.csv__0~7x")))
    session.add(stored(Run("partner_a", "eu__in_a.csv__0~7")))
    session.flush()

    assert launch_again(session, FIRST, "me", "cli").run_id == "eu__in-a.csv__0~2"


@pytest.mark.parametrize("text", ["e-0", "m-0", "s3://b/in/a.csv", "in/a.csv", "a.csv"])
def test_an_event_is_found_by_its_id_its_message_or_what_it_is_about(session: Any, text: str) -> None:
    assert runs_meant(session, text) == [FIRST, COPY]
    assert runs_meant(session, text, "partner_b") == [COPY]


@pytest.mark.parametrize("text", ["n/a.csv", "e", "in/a", "/", "m-1", "copy__in-a.csv"])
def test_a_part_of_a_name_is_nobody(session: Any, text: str) -> None:
    with pytest.raises(LaunchError, match=f"there is no run '{text}'"):
        runs_meant(session, text)


def test_a_run_is_found_by_its_id_also_without_the_record(session: Any) -> None:
    session.add(stored(Run("partner_a", "by-hand")))
    session.flush()

    assert runs_meant(session, "by-hand") == [Run("partner_a", "by-hand")]


def test_a_run_id_that_two_dags_have_needs_the_dag(session: Any) -> None:
    session.add(stored(Run("partner_b", FIRST.run_id)))
    session.flush()

    with pytest.raises(LaunchError, match=r"2 DAGs have a run .* Name one with --dag"):
        runs_meant(session, FIRST.run_id)
    assert runs_meant(session, FIRST.run_id, "partner_a") == [FIRST]


def test_a_file_that_was_uploaded_twice_needs_the_event(record: Record, session: Any) -> None:
    later = Headline("e-1", "aws.s3", "Object Created", UPLOAD.subject, "2026-11-29T08:00:00Z")
    line = Line("m-1", "started", NOW.timestamp(), events=(later,))
    record.write("orders", [line], NOW + timedelta(seconds=1))

    with pytest.raises(LaunchError) as caught:
        runs_meant(session, "in/a.csv")

    assert "2 events are called 'in/a.csv'" in str(caught.value)
    assert "e-1 (2026-11-29T08:00:00Z)" in str(caught.value)
    assert runs_meant(session, "e-0") == [FIRST, COPY]


def test_of_a_message_with_several_events_one_is_meant_by_its_id(record: Record, session: Any) -> None:
    events = (Headline("e-8", "shop"), Headline("e-9", "shop"))
    runs = (RunLine("r", *astuple(FIRST), "e-8", "started"), RunLine("r", *astuple(COPY), "e-9", "started"))
    line = Line("m-8", "started", NOW.timestamp(), events=events, runs=runs)
    record.write("orders", [line], NOW + timedelta(seconds=1))

    assert runs_meant(session, "e-9") == [COPY]
    assert runs_meant(session, "m-8") == [FIRST, COPY]


def astuple(run: Run) -> tuple[str, str]:
    return run.dag_id, run.run_id


def test_a_run_that_does_not_exist_cannot_be_repeated(session: Any) -> None:
    with pytest.raises(LaunchError, match=r"has no run 'gone'\. Nothing was started"):
        launch_again(session, Run("partner_a", "gone"), "me", "cli")


@pytest.mark.parametrize(
    ("fields", "said"),
    [({"is_stale": True}, "does not exist"), ({"has_import_errors": True}, "has import errors")],
)
def test_a_dag_that_is_gone_or_broken_is_told(session: Any, fields: dict[str, bool], said: str) -> None:
    session.add(known_dag("old", **fields))
    session.add(stored(Run("old", "r")))
    session.flush()

    with pytest.raises(LaunchError, match=f"DAG 'old' {said}"):
        launch_again(session, Run("old", "r"), "me", "cli")


def test_a_conf_that_the_dag_refuses_today_is_an_error_that_does_not_quote_it(session: Any) -> None:
    store_dag("strict", params={"key": Param("x", type="integer")})
    session.add(stored(Run("strict", "r")))
    session.flush()

    with pytest.raises(LaunchError, match="Airflow refuses run r~2 of DAG 'strict'") as caught:
        launch_again(session, Run("strict", "r"), "me", "cli")
    assert "in/a.csv" not in str(caught.value)


def hybrid_launch(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["launch", *arguments])


def test_the_command_starts_all_runs_of_an_event(record: Record) -> None:
    result = hybrid_launch("--again", "in/a.csv")

    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == [
        "started  partner_a eu__in-a.csv__0~2",
        "started  partner_b copy__in-a.csv__0~2",
    ]
    with create_session() as session:
        note = found(session, Run("partner_a", "eu__in-a.csv__0~2")).note
    assert note.endswith("` with `hybrid launch --again`.")


def test_the_command_starts_all_or_nothing(record: Record) -> None:
    with create_session() as session:
        session.merge(known_dag("partner_b", is_stale=True))

    result = hybrid_launch("--again", "e-0")

    assert result.exit_code == 2
    assert "hybrid launch: DAG 'partner_b' does not exist" in result.output
    with create_session() as session:
        assert not [run_id for run_id in session.scalars(select(DagRun.run_id)) if "~" in run_id]


def test_without_saying_again_the_command_does_nothing(record: Record) -> None:
    result = hybrid_launch()

    assert result.exit_code == 2
    assert "--again EVENT|RUN" in result.output
