"""The first hour with what `pip install` of the wheel brings, and none of this repository's own packages."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.harness.environment import PROJECT
from tests.harness.ministack import MiniStack

UV = PROJECT / ".uv" / "bin" / "uv"
ROUTE = {"name": "partner_a", "event_pattern": {"source": ["shop"]}, "trigger_dag_id": "partner_a"}


@dataclass(frozen=True)
class Installation:
    """A plain Airflow with this package.

    Args:
        bin: Where its commands are.
        home: AIRFLOW_HOME.
        aws_default: The connection `aws_default`, as JSON.
    """

    bin: Path
    home: Path
    aws_default: str

    def __call__(self, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
        """Type a command in the home folder."""
        plain = {name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW_")}
        plain |= {"AIRFLOW_HOME": str(self.home), "AIRFLOW_CONN_AWS_DEFAULT": self.aws_default, **environ}
        return subprocess.run(
            [self.bin / words[0], *words[1:]],
            capture_output=True,
            text=True,
            env=plain,
            cwd=self.home,
            check=False,
        )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([UV, "build", "--quiet", "--wheel", "--out-dir", folder, PROJECT], check=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def installation(wheel: Path, ministack: MiniStack, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Install the wheel by the README, and let Airflow make its database."""
    environment, home = wheel.parent / "venv", tmp_path_factory.mktemp("home")
    constraints = Path(sys.prefix) / "constraints.txt"
    install = ("pip", "install", "--quiet", "--python", environment, "--constraint", constraints, wheel)
    for words in (("venv", "--quiet", environment), install):
        subprocess.run([UV, *words], check=True)
    installed = Installation(environment / "bin", home, ministack.airflow_connection())
    installed("airflow", "db", "migrate").check_returncode()
    return installed


@pytest.fixture
def configure(installation: Installation, ministack: MiniStack) -> Callable[[str], str]:
    """Set a dispatcher's Variable: a queue of its own, and a route to `partner_a`."""

    def set_variable(name: str) -> str:
        queue_url = str(ministack.client("sqs").create_queue(QueueName=name)["QueueUrl"])
        document = json.dumps({"queue_url": queue_url, "routes": [ROUTE]})
        installation("airflow", "variables", "set", name, document).check_returncode()
        return queue_url

    return set_variable


def dags(installation: Installation, **environ: str) -> dict[str, str]:
    """Let Airflow read all of its DAG bundles; return the bundle of each DAG but others' examples."""
    # Airflow 3.0's command, unlike its DAG processor, does not let DAG files import each other.
    path = str(installation.home / "dags")
    environ = {"AIRFLOW__CORE__LOAD_EXAMPLES": "False", "PYTHONPATH": path, **environ}
    installation("airflow", "dags", "reserialize", **environ).check_returncode()
    with closing(sqlite3.connect(installation.home / "airflow.db")) as database:
        found = database.execute("SELECT dag_id, bundle_name FROM dag").fetchall()
    others = ("example_dags", "apache-airflow-providers-")
    return {dag_id: bundle for dag_id, bundle in found if not bundle.startswith(others)}


def test_installation_alone_brings_no_dag(installation: Installation) -> None:
    """Airflow loads a provider's examples by default; each would be a second DAG beside its copy."""
    assert dags(installation, AIRFLOW__CORE__LOAD_EXAMPLES="True") == {}


@pytest.mark.parametrize(
    "words",
    [
        ("--version",),
        ("--help",),
        ("schema",),
        ("interceptor", "template"),
        ("interceptor", "zip", "function.zip"),
        ("validate", "--config", "hybrid_dispatcher.json", "--no-dags"),
        ("explain", "message.json", "--config", "hybrid_dispatcher.json"),
    ],
    ids=" ".join,
)
def test_each_command_runs(installation: Installation, words: tuple[str, ...]) -> None:
    installation("hybrid", "init", "dags")
    shutil.copy(PROJECT / "tests" / "events" / "aws_s3_test_event.json", installation.home / "message.json")

    done = installation("hybrid", *words)

    assert (done.returncode, done.stderr) == (0, "")
    assert "Traceback" not in done.stdout


def test_init_writes_where_the_configuration_of_airflow_says(
    installation: Installation, tmp_path: Path
) -> None:
    """`airflow.cfg` beside no AIRFLOW__ variable at all."""
    (tmp_path / "airflow.cfg").write_text(f"[core]\ndags_folder = {tmp_path / 'elsewhere'}\n")

    done = installation("hybrid", "init", AIRFLOW_HOME=str(tmp_path))

    assert str(tmp_path / "elsewhere" / "hybrid_dispatcher.py") in done.stdout
    assert (tmp_path / "elsewhere" / "hybrid_dispatcher.py").exists()


def test_the_doctor_is_content(installation: Installation, configure: Callable[[str], str]) -> None:
    configure("hybrid_dispatcher")
    installation("hybrid", "init")
    for name in ("partner_a.py", "partner_days.py"):
        shutil.copy(PROJECT / "example_dags" / name, installation.home / "dags")
    assert dags(installation) == {"hybrid_dispatcher": "dags-folder", "partner_a": "dags-folder"}

    done = installation("hybrid", "doctor", "--json")

    findings = json.loads(done.stdout)["findings"]
    assert [finding for finding in findings if finding["level"] == "fault"] == []
    assert done.returncode == 0
    fine = [finding["check"] for finding in findings if finding["level"] == "fine"]
    assert {"packages", "queue", "messages"} <= set(fine)
    (dispatcher,) = [finding for finding in findings if finding["check"] == "dispatchers"]
    assert dispatcher["found"] == "'hybrid_dispatcher': it is paused: messages wait in the queue"


def test_the_doctor_names_dispatchers_that_are_in_each_others_way(
    installation: Installation, configure: Callable[[str], str], tmp_path: Path
) -> None:
    """A second dispatcher on the Variable, and the same file in a second bundle."""
    configure("hybrid_dispatcher")
    installation("hybrid", "init")
    file = installation.home / "dags" / "hybrid_dispatcher.py"
    shutil.copy(file, tmp_path)
    second = file.read_text().replace("build_dispatcher()", "build_dispatcher('hybrid_2')")
    (installation.home / "dags" / "second.py").write_text(second)
    local = "airflow.dag_processing.bundles.local.LocalDagBundle"
    bundles = [
        {"name": "dags-folder", "classpath": local, "kwargs": {}},
        {"name": "team", "classpath": local, "kwargs": {"path": str(tmp_path)}},
    ]
    dags(installation, AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST=json.dumps(bundles))

    done = installation("hybrid", "doctor", "--json")

    found = [
        finding["found"]
        for finding in json.loads(done.stdout)["findings"]
        if finding["check"] == "dispatchers"
    ]
    assert [text for text in found if "is paused" not in text] == [
        "the DAGs 'hybrid_2', 'hybrid_dispatcher' all answer to the Variable 'hybrid_dispatcher'",
        "the DAG 'hybrid_dispatcher' comes now from one DAG bundle, now from another: 'dags-folder', 'team'",
    ]
    assert done.returncode == 0
