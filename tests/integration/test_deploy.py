"""`deploy/docker-compose.yaml`, as far as it can be tried without docker."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from shutil import which
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from airflow_provider_hybrid.config.read import parse_config
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.routing.explain import explain_message
from tests.harness.environment import PROJECT, clean_environ
from tests.harness.ministack import ACCESS_KEY, REGION, SECRET_KEY, MiniStack

DEPLOY = PROJECT / "deploy"
VARIABLE = DEPLOY / "hybrid_dispatcher.json"


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    services: dict[str, Any] = yaml.safe_load((DEPLOY / "docker-compose.yaml").read_text())["services"]
    return services


def test_an_upload_becomes_the_message_that_the_route_wants(ministack: MiniStack) -> None:
    environ = clean_environ(
        AWS_ENDPOINT_URL=ministack.endpoint_url,
        AWS_DEFAULT_REGION=REGION,
        AWS_ACCESS_KEY_ID=ACCESS_KEY,
        AWS_SECRET_ACCESS_KEY=SECRET_KEY,
    )
    for script in ("aws.py", "aws.py", "upload.py"):
        subprocess.run([sys.executable, DEPLOY / script], check=True, env=environ, timeout=60)

    config = parse_config(VARIABLE.read_text())
    queue = urlsplit(config.queue_url).path
    answer = ministack.client("sqs").receive_message(
        QueueUrl=ministack.endpoint_url + queue, WaitTimeSeconds=20
    )
    (message,) = answer["Messages"]

    (launch,) = explain_message(Message("m-1", message["Body"]), config.compiled_routes).delivery.launches
    day = date.fromisoformat(launch.conf["day"]).isoformat()
    assert launch.trigger_dag_id == "partner_a"
    assert launch.conf == {"bucket": "partner-a", "key": f"orders/{day}/orders.csv", "day": day}


def test_nobody_but_this_machine_reaches_it(services: dict[str, Any]) -> None:
    published = [port for service in services.values() for port in service.get("ports", [])]

    assert published == ["127.0.0.1:8080:8080"]


def test_it_has_the_versions_that_are_tested(services: dict[str, Any]) -> None:
    makefile = (PROJECT / "Makefile").read_text()
    (dockerfile, *_) = (DEPLOY / "Dockerfile").read_text().splitlines()

    newest = makefile.partition("DEFAULT_AIRFLOW := ")[2].split()[0]
    assert dockerfile == f"FROM apache/airflow:{newest}-python3.12"
    installed = makefile.partition("MINISTACK := ")[2].splitlines()[0]
    assert f"pip install --quiet {installed} " in services["ministack"]["command"]


def test_every_program_finds_aws_where_it_is(services: dict[str, Any]) -> None:
    airflow, aws = (services[name]["environment"] for name in ("airflow", "aws"))
    extra = json.loads(airflow["AIRFLOW_CONN_AWS_DEFAULT"])["extra"]

    assert airflow["AWS_ENDPOINT_URL"] == aws["AWS_ENDPOINT_URL"] == extra["endpoint_url"]
    assert parse_config(VARIABLE.read_text()).queue_url.startswith(extra["endpoint_url"])


def test_docker_compose_reads_it() -> None:
    version = ["docker", "compose", "version"]
    if not which("docker") or subprocess.run(version, check=False, capture_output=True).returncode:
        pytest.skip("there is no `docker compose` on this machine")

    subprocess.run(
        ["docker", "compose", "--file", DEPLOY / "docker-compose.yaml", "config", "--quiet"], check=True
    )
