"""docs/how-to/test-routes.md says what is: every block in it is run, every name in it exists."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from airflow_provider_hybrid.cli.main import app
from airflow_provider_hybrid.testing import SAMPLE_NAMES, WAY_NAMES

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "how-to" / "test-routes.md").read_text(encoding="utf-8")
BLOCKS = dict(re.findall(r"^```(\w+ \w+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make the reader's folder, and go there."""
    (tmp_path / "hybrid_dispatcher.json").write_text(BLOCKS["json configuration"])
    (tmp_path / "test_routes.py").write_text(BLOCKS["python test"])
    (tmp_path / "hybrid_cases.json").write_text(BLOCKS["json cases"])
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_block_is_run_below() -> None:
    assert set(BLOCKS) == {
        *("json configuration", "python test", "json cases", "yaml workflow", "text output"),
    }
    assert PAGE.count("```") == 2 * len(BLOCKS)


def test_the_tests_in_python_pass(project: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", "/dev/null", "--rootdir=."],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 0, ran.stdout
    assert "3 passed" in ran.stdout


def test_the_commands_of_the_workflow_pass(project: Path) -> None:
    """All of them but the installation, and pytest, which ran above."""
    steps = yaml.safe_load(BLOCKS["yaml workflow"])["jobs"]["routes"]["steps"]
    commands = [shlex.split(step["run"]) for step in steps if "run" in step]

    for words in [words[1:] for words in commands if words[0] == "hybrid"]:
        result = CliRunner().invoke(app, words)
        assert result.exit_code == 0, result.output
    assert [words[0] for words in commands] == ["pip", "hybrid", "pytest", "hybrid"]


def test_the_installation_is_the_one_that_the_documentation_names() -> None:
    words = re.findall(r'"apache-airflow==[^"]+"|https://raw[^\s]+', BLOCKS["yaml workflow"])
    elsewhere = (ROOT / "docs" / "airflow.md").read_text()

    assert len(words) == 2
    assert all(word in elsewhere for word in words)


def test_the_actions_are_those_of_this_repository() -> None:
    ours = (ROOT / ".github" / "workflows" / "ci.yml").read_text()

    assert all(used in ours for used in re.findall(r"uses: (\S+)", BLOCKS["yaml workflow"]))


def test_a_wrong_route_says_what_the_page_shows(project: Path) -> None:
    file = project / "hybrid_dispatcher.json"
    file.write_text(file.read_text().replace("partner-a", "partner-b"))

    result = CliRunner().invoke(app, ["test", "hybrid_cases.json"])

    assert result.exit_code == 1
    assert BLOCKS["text output"].strip() in result.stdout


def first_column(heading: str) -> set[str]:
    table = PAGE.split(f"  | {heading} |")[1].split("\n\n")[0]
    return {name for row in table.splitlines()[2:] for name in re.findall(r"`([^`]+)`", row.split("|")[1])}


def test_the_tables_name_all_samples_and_ways() -> None:
    others = {name for name in SAMPLE_NAMES if not name.startswith("s3:ObjectCreated:")}

    assert first_column("via") == {*WAY_NAMES}
    assert first_column("sample") - {"s3:ObjectCreated:Put"} == {
        name for name in others if not name.startswith("s3:") or name == "s3:TestEvent"
    }
