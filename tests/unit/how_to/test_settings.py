"""Connections, values of the Helm chart and other settings of the how-to pages: Airflow and AWS read them."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from airflow.providers.amazon.aws.hooks.sqs import SqsHook
from airflow.sdk import Connection
from botocore.exceptions import ClientError
from packaging.requirements import Requirement

from airflow_provider_hybrid.cli.doctor.versions import DISTRIBUTION
from airflow_provider_hybrid.sqs.client import open_client
from airflow_provider_hybrid.sqs.queue import Queue
from tests.harness.environment import PROJECT
from tests.harness.pages import Block, Page, pages

CONNECTIONS = [block for page in pages() for block in page.of_kind("json connection")]


def page(name: str) -> Page:
    (found,) = (each for each in pages() if each.name == name)
    return found


@pytest.mark.parametrize("block", CONNECTIONS, ids=lambda block: block.page)
def test_airflow_reads_a_connection(block: Block, monkeypatch: pytest.MonkeyPatch) -> None:
    said = json.loads(block.text)
    monkeypatch.setenv("AIRFLOW_CONN_AWS_PAGE", block.text)

    connection = Connection.get("aws_page")
    settings = SqsHook("aws_page").conn_config

    assert connection.conn_type == "aws"
    assert settings.region_name == said["extra"]["region_name"]
    assert settings.role_arn == said["extra"].get("role_arn")
    assert settings.endpoint_url == said["extra"].get("endpoint_url")
    assert (settings.assume_role_kwargs or {}) == said["extra"].get("assume_role_kwargs", {})


def test_triggerer_and_workers_assume_the_role_of_the_connection(
    aws: Callable[..., Any], endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the account of the role has the queue."""
    (block,) = page("assumed-roles").of_kind("json connection")
    document = json.loads(block.text)
    document |= {"login": "testing", "password": "testing"}
    document["extra"]["endpoint_url"] = endpoint
    monkeypatch.setenv("AIRFLOW_CONN_AWS_PARTNER", json.dumps(document))
    role = aws("sts").assume_role(RoleArn=document["extra"]["role_arn"], RoleSessionName="owner")
    owner = aws(
        "sqs",
        aws_access_key_id=role["Credentials"]["AccessKeyId"],
        aws_secret_access_key=role["Credentials"]["SecretAccessKey"],
        aws_session_token=role["Credentials"]["SessionToken"],
    )
    url = owner.create_queue(QueueName="theirs")["QueueUrl"]

    async def ask_as_the_trigger(connection: str) -> Any:
        async with open_client(Queue(url, connection, None), asynchronous=True) as client:
            return await client.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])

    def ask_as_a_task(connection: str) -> Any:
        client = open_client(Queue(url, connection, None))
        return client.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])

    answers = [ask_as_a_task("aws_partner"), asyncio.run(ask_as_the_trigger("aws_partner"))]
    arns = {answer["Attributes"]["QueueArn"] for answer in answers}
    assert arns == {"arn:aws:sqs:eu-west-1:444455556666:theirs"}
    with pytest.raises(ClientError, match="does not exist"):
        ask_as_a_task("aws_default")


def values(where: str) -> list[Any]:
    return [yaml.safe_load(block.text) for block in page(where).of_kind("yaml helm")]


def is_part(part: Any, whole: Any) -> bool:
    """Say whether all that one document says stands in another one, too."""
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(
            key in whole and is_part(value, whole[key]) for key, value in part.items()
        )
    return bool(part == whole)


def test_the_connection_in_the_charts_values_is_one() -> None:
    (found,) = values("helm-celery")
    (variable,) = yaml.safe_load(found["extraEnv"])

    assert variable["name"] == "AIRFLOW_CONN_AWS_DEFAULT"
    assert json.loads(variable["value"])["conn_type"] == "aws"


def test_the_service_accounts_with_the_role_are_those_that_the_role_trusts() -> None:
    (found,) = values("assumed-roles")
    trusts = [json.loads(block.text) for block in page("assumed-roles").of_kind("json policy")]
    conditions = [trust["Statement"][0]["Condition"]["StringEquals"] for trust in trusts]
    (accounts,) = (value for one in conditions for key, value in one.items() if key.endswith(":sub"))

    components = {"triggerer": "triggerer", "workers": "worker", "apiServer": "api-server"}
    assert sorted(accounts) == sorted(
        f"system:serviceaccount:airflow:airflow-{components[key]}" for key in found
    )


def test_the_external_id_of_the_connection_is_the_one_that_the_role_wants() -> None:
    (block,) = page("assumed-roles").of_kind("json connection")
    external_id = json.loads(block.text)["extra"]["assume_role_kwargs"]["ExternalId"]

    trust = page("assumed-roles").of_kind("json policy")[-1]
    assert json.loads(trust.text)["Statement"][0]["Condition"] == {
        "StringEquals": {"sts:ExternalId": external_id}
    }


def test_the_rule_is_one_of_those_that_come_with_the_repository() -> None:
    (block,) = page("alerting").of_kind("yaml rule")
    rules = yaml.safe_load((PROJECT / "deploy" / "monitoring" / "rules.yaml").read_text(encoding="utf-8"))

    said = yaml.safe_load(block.text)
    (rule,) = (rule for rule in rules["groups"][0]["rules"] if rule["alert"] == said["alert"])
    assert is_part(said, {**rule, "expr": rule["expr"]})


def test_the_requirements_name_this_package() -> None:
    (block,) = page("mwaa").of_kind("text requirements")

    assert [Requirement(line).name for line in block.text.splitlines()] == [DISTRIBUTION]


def test_settings_of_airflow_exist(set_metrics: Callable[[bool], None]) -> None:
    """Each `AIRFLOW__SECTION__NAME` and each `[section] name` of the pages is an option."""
    from airflow.configuration import conf

    text = "\n".join(each.text for each in pages())
    named = {
        (section.lower(), name.lower()) for section, name in re.findall(r"AIRFLOW__([A-Z]+)__([A-Z_]+)", text)
    }
    named |= set(re.findall(r"`\[(\w+)\]\s+(\w+)`", text.replace("\n", " ")))

    assert len(named) >= 4
    assert {(section, name) for section, name in named if not conf.has_option(section, name)} == set()
