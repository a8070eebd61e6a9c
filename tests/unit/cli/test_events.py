"""`hybrid events`: the record at a terminal."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

import pytest
from airflow.models.dagrun import DagRun
from typer.testing import CliRunner, Result

from airflow_provider_hybrid.cli.main import app
from airflow_provider_hybrid.events.headline import Headline
from airflow_provider_hybrid.record.line import Line, RunLine
from airflow_provider_hybrid.routing.run_id import run_id
from airflow_provider_hybrid.view import dispatchers
from tests.harness.dispatching import configure
from tests.harness.metadata import Record, add
from tests.harness.outputs import output_of

NOW = datetime.now(tz=timezone.utc)
RUN = RunLine("eu", "partner_a", "eu__in-a.csv__0", "e-0", "started")


def hybrid_events(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["events", *arguments])


def messages(*arguments: str) -> list[str]:
    result = hybrid_events("--json", *arguments)
    assert result.exit_code == 0, result.output
    return [line["message_id"] for line in output_of("events", result.stdout)["lines"]]


@pytest.fixture
def record(airflow_database: None) -> Record:
    """Three lines: a run an hour ago, a rejection, and one that comes back."""
    record = Record("orders", "files")
    upload = Headline("e-0", "aws.s3", "Object Created", "s3://b/in/a.csv")
    hostile = Headline("e-1", "shop", subject="\x1b[2J[red]x")
    at = NOW.timestamp()
    lines: list[tuple[str, Line, timedelta]] = [
        ("orders", Line("m-0", "started", at - 3600, events=(upload,), runs=(RUN,)), timedelta(hours=1)),
        (
            "orders",
            Line("m-1", "unmatched", at, reason="no route wants it", dead_lettered=True, events=(hostile,)),
            timedelta(),
        ),
        ("files", Line("m-2", "waiting", at, reason="no room", returns_at=at + 60), timedelta()),
    ]
    for dag_id, line, ago in lines:
        record.write(dag_id, [line], NOW - ago)
    return record


def test_the_newest_come_first_with_their_runs_or_the_reason_below(record: Record) -> None:
    shown = [re.sub(r"\d{4}-\S+Z", "<time>", row) for row in hybrid_events().output.splitlines()]

    assert shown[-2:] == ["<time>  started    s3://b/in/a.csv", f"    partner_a {RUN.run_id}"]
    unmatched = shown.index(r"<time>  unmatched  \x1b[2J[red]x")
    assert shown[unmatched + 1] == "    no route wants it; in the dead-letter queue"
    waiting = shown.index("<time>  waiting    message m-2")
    assert shown[waiting + 1] == "    no room; comes back at <time>"


def test_what_an_event_holds_steers_no_terminal(record: Record) -> None:
    shown = hybrid_events("--outcome", "unmatched").output

    assert "\x1b[2J" not in shown
    assert r"\x1b[2J[red]x" in shown


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (["--outcome", "started"], ["m-0"]),
        (["--outcome", "started", "--outcome", "waiting"], ["m-2", "m-0"]),
        (["--route", "eu"], ["m-0"]),
        (["--dispatcher", "files"], ["m-2"]),
        (["--contains", "A.CSV"], ["m-0"]),
        (["--since", "30m", "--dispatcher", "orders"], ["m-1"]),
        (["--since", "2h", "--dispatcher", "orders"], ["m-1", "m-0"]),
        (["--since", (NOW - timedelta(minutes=5)).isoformat(), "--dispatcher", "orders"], ["m-1"]),
        (["--dispatcher", "orders", "--limit", "1"], ["m-1"]),
        (["--contains", "nowhere"], []),
    ],
)
def test_it_shows_only_what_is_asked_for(record: Record, arguments: list[str], found: list[str]) -> None:
    assert messages(*arguments) == found


def test_for_programs_a_line_has_all_that_the_record_has(record: Record) -> None:
    (line,) = output_of("events", hybrid_events("--json", "--outcome", "started").stdout)["lines"]

    assert line["dispatcher"] == {
        "dag_id": "orders",
        "run_id": record.run_ids["orders"],
        "task_id": "listen",
        "map_index": -1,
    }
    assert line["runs"] == [
        {
            "route": "eu",
            "dag_id": "partner_a",
            "run_id": "eu__in-a.csv__0",
            "event_id": "e-0",
            "outcome": "started",
        }
    ]


def test_where_there_is_none_it_says_so(record: Record) -> None:
    assert "No such message since 20" in hybrid_events("--contains", "nowhere").output


def test_it_tells_that_there_may_be_more(record: Record) -> None:
    assert "These are the newest 1. --limit shows more" in hybrid_events("--limit", "1").output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--outcome", "lost"], "'lost' is no outcome. There are started, existed"),
        (["--since", "yesterday"], "'yesterday' is no time. Write 30m, 2h or 7d"),
    ],
)
def test_a_wrong_option_is_named(arguments: list[str], said: str) -> None:
    result = hybrid_events(*arguments)

    assert result.exit_code == 2
    assert said in " ".join(result.output.replace("│", " ").split())


def test_without_a_database_one_sentence_says_so() -> None:
    result = hybrid_events()

    assert result.exit_code == 2
    assert result.output.startswith("hybrid events: Airflow's database does not answer (")
    assert "AIRFLOW_HOME is" in result.output


@pytest.fixture
def lone(record: Record, monkeypatch: pytest.MonkeyPatch) -> str:
    """The id of a run that a dispatcher started, and that has no line."""
    monkeypatch.setattr(dispatchers, "dispatchers", lambda: {"orders": "hybrid_dispatcher"})
    route = {"name": "eu", "event_pattern": {"source": ["aws.s3"]}, "trigger_dag_id": "partner_a"}
    configure(monkeypatch, "http://127.0.0.1:9/1/orders", routes=[route])
    made = run_id("eu", "e-7", "in/lost.csv")
    add(DagRun(dag_id="partner_a", run_id=made, run_type="manual", state="failed", run_after=NOW))
    return made


def test_a_search_shows_the_runs_without_a_line(lone: str) -> None:
    shown = hybrid_events("--contains", "in/lost.csv").output

    assert "No such message since 20" in shown
    assert "These runs have no line in the record" in shown
    assert re.search(rf"failed +partner_a {lone}", shown)


@pytest.mark.parametrize(
    "arguments", [["--contains", "found.csv"], [], ["--contains", "lost.csv", "--dispatcher", "files"]]
)
def test_a_run_that_nobody_looks_for_is_not_shown(lone: str, arguments: list[str]) -> None:
    assert lone not in hybrid_events(*arguments).output


def test_for_programs_it_stands_beside_the_lines(lone: str) -> None:
    result = hybrid_events("--json", "--contains", "lost.csv")

    told = output_of("events", result.stdout)
    assert told["lines"] == []
    assert [run["run_id"] for run in told["runs_without_line"]] == [lone]
