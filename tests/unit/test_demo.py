"""What the demo says, and the file that gives a shell its Airflow and its AWS."""

from __future__ import annotations

import io
import subprocess
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console

from tests.demo import step as step_module
from tests.demo.kept import environment, paragraphs
from tests.demo.outcome import DeadLetter, Outcome
from tests.demo.report import parts
from tests.demo.step import step
from tests.demo.world import make_world

WORLD = make_world()
UPLOADED = datetime(2026, 11, 29, tzinfo=timezone.utc)
RUN_ID = "partner_a__orders-2026-11-21-orders.csv__534fc6984f4bfa675d85"
ENDPOINT = "http://127.0.0.1:1234"


def console(**kind: Any) -> Console:
    return Console(file=io.StringIO(), highlight=False, width=40, **kind)


def written(console: Console) -> list[str]:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().splitlines()


@pytest.fixture
def outcome() -> Outcome:
    run = {
        "dag_run_id": RUN_ID,
        "state": "success",
        "queued_at": (UPLOADED + timedelta(seconds=2)).isoformat(),
    }
    runs: dict[str, list[Any]] = {delivery.uri: [] for delivery in WORLD.deliveries}
    runs[WORLD.deliveries[0].uri] = [run]
    letter = DeadLetter("s3://partner-d/[red]/orders.csv", "Unmatched", "no route wants it, " * 9)
    return Outcome(WORLD, runs, [], {}, {}, [letter], 0)


@pytest.mark.parametrize("kind", [{}, {"force_terminal": True, "no_color": True}], ids=["pipe", "terminal"])
def test_no_id_is_wrapped(outcome: Outcome, kind: dict[str, Any]) -> None:
    narrow = console(**kind)

    for part in parts(outcome, dict.fromkeys(outcome.runs, UPLOADED), lambda _: "S3 > SQS", []):
        if isinstance(part, str):
            narrow.print(part, soft_wrap=True)

    lines = [line.strip() for line in "\n".join(written(narrow)).splitlines()]
    assert WORLD.deliveries[0].uri in lines
    assert RUN_ID in lines
    assert "s3://partner-d/[red]/orders.csv" in lines
    assert "no run" in " ".join(lines)


def test_the_file_gives_a_shell_the_demo_and_nothing_else(tmp_path: Path) -> None:
    script = tmp_path / "env.sh"
    settings = {"AIRFLOW_HOME": "/a b/'c'", "AWS_ENDPOINT_URL": ENDPOINT, "PATH": "/bin", "HOME": "/demo"}
    script.write_text(environment(settings))

    done = subprocess.run(
        ["sh", "-c", f'. {script}; printf "%s\\n" "$AIRFLOW_HOME" "$AWS_ENDPOINT_URL" "$HOME"'],
        env={"HOME": "/mine", "AWS_ENDPOINT_URL": "https://real"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.splitlines() == ["/a b/'c'", ENDPOINT, "/mine"]


def test_what_is_kept_says_where_all_is_and_what_to_try() -> None:
    end: Any = SimpleNamespace(
        airflow=SimpleNamespace(base_url="http://127.0.0.1:8080", password="secret"),  # noqa: S106 - made up
        ministack=SimpleNamespace(endpoint_url=ENDPOINT),
        cloud=SimpleNamespace(queue_url=f"{ENDPOINT}/0/q", dead_letter_queue_url=f"{ENDPOINT}/0/q-dead"),
        outcome=SimpleNamespace(world=WORLD),
    )

    lines = "\n".join(paragraphs(".demo", end)).splitlines()

    assert f"S3 and SQS   {ENDPOINT}" in lines
    assert "  . .demo/env.sh" in lines
    assert "  hybrid send .demo/orders.csv s3://partner-a/orders/2026-12-01/orders.csv" in lines
    assert not [line for line in lines if len(line) > 110]


def test_a_step_says_what_it_waits_for_and_how_long_it_took() -> None:
    pipe = console()

    with step(pipe, "Airflow: all of its components") as tell:
        tell("waiting for scheduler, triggerer and others")
        tell("waiting for scheduler, triggerer and others")

    first, last = written(pipe)
    assert first == "  ... waiting for scheduler, triggerer and others (0 s)"
    assert last == "  Airflow: all of its components (0.0 s)"


def test_a_long_step_gives_signs_of_life(monkeypatch: pytest.MonkeyPatch) -> None:
    from threading import Event

    monkeypatch.setattr(step_module, "EVERY", 0.01)
    pipe, signs = console(), Event()
    write = pipe.file.write

    def count(text: str) -> int:
        if "..." in text:
            signs.set()
        return write(text)

    monkeypatch.setattr(pipe.file, "write", count)

    with step(pipe, "Airflow"):
        assert signs.wait(30)

    assert written(pipe)[0] == "  ... Airflow (0 s)"


def test_on_a_terminal_it_shows_the_time_that_has_passed() -> None:
    terminal = console(force_terminal=True, legacy_windows=False)

    with step(terminal, "Airflow") as tell:
        tell("making its database")

    assert "0:00:00" in "".join(written(terminal))
    assert "Airflow" in written(terminal)[-1]
