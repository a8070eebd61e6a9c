"""What pytest gets from the package: in a project of routes, and in any other one of the same environment."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

DEPLOY = Path(__file__).parents[2] / "deploy"
SETTINGS = """
[tool.pytest.ini_options]
hybrid_routes = "routes/hybrid_dispatcher.json"
"""
TEST = """
from airflow_provider_hybrid.testing import sample_event

def test_a_route(hybrid_routes):
    event = sample_event("s3:ObjectCreated:Put", bucket="partner-a", key="orders/2026-11-22/1.csv")
    hybrid_routes.given(event).starts("partner_a", conf={"day": "2026-11-22"})
"""
FOREIGN = """
import sys

def test_something_else():
    loaded = {name.partition(".")[0] for name in sys.modules}
    ours = {name for name in sys.modules if name.startswith("airflow_provider_hybrid")}
    assert not loaded & {"airflow", "pydantic", "jinja2", "boto3", "typer"}
    assert ours == {"airflow_provider_hybrid", "airflow_provider_hybrid.pytest_plugin"}
"""


def run_pytest(folder: Path, *arguments: str) -> tuple[int, str]:
    """Run a pytest of its own, with the plugins that are installed but for those of other packages."""
    others = ("timeout", "cov", "anyio", "hypothesispytest", "playwright", "moto")
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments]
        + [f"-pno:{name}" for name in others],
        cwd=folder,
        env={**os.environ, "PYTEST_ADDOPTS": "", "COLUMNS": "120"},
        capture_output=True,
        text=True,
        check=False,
    )
    return ran.returncode, ran.stdout + ran.stderr


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "routes").mkdir()
    (tmp_path / "routes" / "hybrid_dispatcher.json").write_text(
        (DEPLOY / "hybrid_dispatcher.json").read_text()
    )
    (tmp_path / "pyproject.toml").write_text(SETTINGS)
    (tmp_path / "test_routes.py").write_text(TEST)
    return tmp_path


def test_a_difference_is_told_at_the_line_of_the_test_and_in_words(project: Path) -> None:
    code, output = run_pytest(project)

    assert code == 1
    assert '>       hybrid_routes.given(event).starts("partner_a", conf={"day": "2026-11-22"})' in output
    assert "conf.bucket: expected nothing, found 'partner-a'" in output
    assert "outcome.py" not in output, "the kit's own lines say nothing to the reader"


def test_without_the_setting_the_fixture_says_what_to_set(project: Path) -> None:
    (project / "pyproject.toml").write_text("[tool.pytest.ini_options]\n")

    code, output = run_pytest(project)

    assert code == 1
    assert "set 'hybrid_routes' in pytest's settings" in output


def test_a_foreign_project_loads_nothing_of_it(tmp_path: Path) -> None:
    (tmp_path / "test_foreign.py").write_text(FOREIGN)

    code, output = run_pytest(tmp_path)

    assert code == 0, output


def test_the_example_beside_the_compose_file_passes() -> None:
    code, output = run_pytest(DEPLOY, "-c", os.devnull, "test_routes.py")

    assert code == 0, output
    assert "3 passed" in output
