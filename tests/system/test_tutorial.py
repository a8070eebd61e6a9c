"""docs/tutorial.md is typed as it stands, in its order, and prints what it says.

What `pip install` brings is here already: the environment of the tests, and that of MiniStack. The ports are
free ones. The ids, hashes and times that the page shows stand for any others, and `...` for any text.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from typing import TYPE_CHECKING, NamedTuple

import httpx
import pytest
from packaging.version import Version

from tests.harness.environment import PROJECT, clean_environ
from tests.harness.ports import free_port
from tests.harness.process import Process
from tests.harness.versions import AIRFLOW
from tests.harness.wait import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAGE = PROJECT / "docs" / "tutorial.md"
_BLOCK = re.compile(r"^```(\w+) ?(.*)\n((?s:.*?))^```$", re.MULTILINE)

LOOKS = ("hybrid events", "hybrid dead-letters list", "grep", "airflow dags unpause")
"""Commands that somebody types again if what they wait for is not there yet."""
COMES_WITHIN = 60
"""Seconds, on a busy machine."""

_CHANGES = {
    r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b": "<id>",
    r"[0-9a-f]{20,32}\b": "<hash>",
    r"\d{4}-\d\d-\d\d[T ]?\d\d:\d\d:\d\d(\.\d+)?": "<time>",
    r"PID ?\d+": "PID <number>",
}
"""What is different each time."""

pytestmark = pytest.mark.skipif(Version("3.3") > AIRFLOW, reason="the tutorial installs Airflow 3.3")


class Block(NamedTuple):
    """A block of code of the page: its language, its label, and the code."""

    language: str
    label: str
    text: str


class Terminal:
    """A terminal in which somebody works through the page."""

    def __init__(self, folder: Path, environ: dict[str, str]) -> None:
        """Open it in a folder."""
        self.end = f"end of command {os.getpid()}"
        self.shell = subprocess.Popen(
            ["bash"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=folder,
            env=environ,
        )

    def type(self, command: str) -> str:
        """Type a command; return what it prints, and the code that it ends with if that is not 0."""
        assert self.shell.stdin
        assert self.shell.stdout
        self.shell.stdin.write(f'{command}\ncode=$?; [ $code = 0 ] || echo "code $code"; echo "{self.end}"\n')
        self.shell.stdin.flush()
        return "".join(iter(self.shell.stdout.readline, f"{self.end}\n"))

    def close(self) -> None:
        """Close it."""
        self.shell.communicate()


@pytest.fixture
def tutorial(tmp_path: Path) -> Iterator[tuple[Terminal, Process, list[Block]]]:
    """A terminal, a second one that is to start Airflow, and the page with the ports of this run."""
    ports = {"8080": str(free_port()), "4566": str(free_port())}
    text = PAGE.read_text()
    for there, here in ports.items():
        text = text.replace(there, here)
    folder = tmp_path / "first-route"
    folder.mkdir()
    (folder / "airflow-env").symlink_to(sys.prefix)
    (folder / "emulator-env").symlink_to(PROJECT / ".ministack")
    environ = clean_environ(
        AIRFLOW__API__PORT=ports["8080"],
        AIRFLOW__API__BASE_URL=f"http://localhost:{ports['8080']}",
        AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT=str(free_port()),
        AIRFLOW__LOGGING__TRIGGER_LOG_SERVER_PORT=str(free_port()),
        GATEWAY_PORT=ports["4566"],
        S3_DATA_DIR=str(tmp_path / "s3"),
        STATE_DIR=str(tmp_path / "state"),
        TMPDIR=str(tmp_path),
        # clean_environ() hides the machine's AWS settings; the page has its own.
        HOME=str(tmp_path),
    )
    blocks = [Block(*found) for found in _BLOCK.findall(text)]
    (commands,) = (block.text for block in blocks if block.label == "second terminal")
    program = "; ".join(line.removeprefix("$ ") for line in commands.splitlines())
    second = Process("standalone", ["bash", "-c", program], log=tmp_path / "standalone.log", environ=environ)
    first = Terminal(folder, environ)
    try:
        yield first, second, blocks
    finally:
        second.kill()
        first.type("emulator-env/bin/ministack --stop")
        first.close()


def test_somebody_works_through_it(tutorial: tuple[Terminal, Process, list[Block]], tmp_path: Path) -> None:
    terminal, airflow, blocks = tutorial
    for block in blocks:
        if block.label.startswith("file "):
            file = tmp_path / "first-route" / block.label.removeprefix("file ")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block.text)
        elif block.label == "second terminal":
            airflow.start()
            wait_until(lambda: "Airflow is ready" in airflow.tail(lines=10_000), 180, "Airflow")
        elif block.language == "console" and block.label != "install":
            for command, expected in steps(block.text):
                check(terminal, command, expected)
    look_at_the_pages(airflow.environ["AIRFLOW__API__BASE_URL"])


def look_at_the_pages(base_url: str) -> None:
    """Open the addresses that the page names, without a log-in as it says, and see the upload."""
    paths = re.findall(r"<http://localhost:8080(/[^>]*)>", PAGE.read_text())
    assert "/plugin/hybrid-events" in paths
    with httpx.Client(base_url=base_url, follow_redirects=True, trust_env=False, timeout=30) as browser:
        for path in paths:
            browser.get(path).raise_for_status()
        # Airflow's UI shows this within /plugin/hybrid-events.
        assert "s3://shop/orders/2026-11-29.csv" in browser.get("/hybrid/events").raise_for_status().text


def steps(text: str) -> Iterator[tuple[str, str]]:
    """Yield each command of a block, and what the page says that it prints."""
    for step in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, expected = step.partition("\n")
        yield command, expected


def check(terminal: Terminal, command: str, expected: str) -> None:
    """Type a command until it prints what is expected."""
    deadline = time.monotonic() + (COMES_WITHIN if command.startswith(LOOKS) else 0)
    pattern = pattern_of(expected)
    while True:
        printed = simplified(terminal.type(command))
        if re.fullmatch(pattern, printed) or time.monotonic() > deadline:
            break
    assert re.fullmatch(pattern, printed), f"{command}\n{printed}\n-- and not --\n{simplified(expected)}"


def pattern_of(expected: str) -> str:
    """Return a regular expression for what the page shows."""
    lines = (
        "(.*\n)*" if line == "..." else re.escape(f"{line}\n") for line in simplified(expected).splitlines()
    )
    return "".join(lines).replace(re.escape("..."), ".*")


def simplified(text: str) -> str:
    """Leave out what is different each time, and how a table is drawn, which depends on the terminal."""
    rows: list[list[str]] = []
    for line in filter(str.strip, text.splitlines()):
        cells = [cell.strip() for cell in re.split("[│┃]", line)]
        if re.match("[┏┡└├]", line):
            continue
        if rows and len(cells) == len(rows[-1]) > 1 and not cells[1]:
            rows[-1] = [f"{above} {cell}" for above, cell in zip(rows[-1], cells, strict=True)]
        else:
            rows.append(cells)
    joined = "\n".join("|".join(cell.replace(" ", "") for cell in row) for row in rows)
    for changing, name in _CHANGES.items():
        joined = re.sub(changing, name, joined)
    return joined and f"{joined}\n"
