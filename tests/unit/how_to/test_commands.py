"""Each command that a how-to page shows could be typed: its subcommand and its options exist."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import PurePath
from typing import Any

import botocore.session
import pytest
import typer
from airflow.cli.cli_parser import get_parser
from botocore import xform_name
from botocore.validate import ParamValidator

from airflow_provider_hybrid.cli.main import app
from airflow_provider_hybrid.interceptor.source import template
from tests.harness.cloudformation import read_template
from tests.harness.pages import Page, commands, pages

OF_OTHERS = {"pip", "python3", "helm", "kubectl", "mc", "export"}
"""Programs whose options are not looked at."""

GLOBAL = {"query", "output", "region", "endpoint-url", "profile"}
"""Options of every command of the AWS CLI, each with a value."""

CUSTOM = {("s3", "cp"), ("s3", "ls"), ("cloudformation", "deploy")}
"""Commands of the AWS CLI that are no operation of a service."""

FILES = {"notification.json": "json notification", "redrive.json": "json attributes"}
"""The files that commands name, and the blocks of the page that hold their text."""

TEMPLATE = read_template(template())


def typed() -> Iterator[tuple[Page, list[str]]]:
    for page in pages():
        for block in page.of_kind("console"):
            for words in commands(block):
                yield page, words


def of_program(name: str) -> list[Any]:
    found = [(page, words[1:]) for page, words in typed() if PurePath(words[0]).name == name]
    assert len(found) >= 10
    return [pytest.param(page, words, id=f"{page.name}: {' '.join(words)[:50]}") for page, words in found]


def test_every_program_is_known() -> None:
    assert {PurePath(words[0]).name for _, words in typed()} - OF_OTHERS == {"hybrid", "aws", "airflow"}


@pytest.mark.parametrize(("page", "words"), of_program("hybrid"))
def test_hybrid_takes_these_words(page: Page, words: list[str]) -> None:
    if words == ["--version"]:
        return
    context = typer.main.get_command(app).make_context("hybrid", [*words])
    while hasattr(context.command, "resolve_command"):
        # Newer versions of click call it a secret.
        rest = [*getattr(context, "_protected_args", ()), *context.args]
        name, command, rest = context.command.resolve_command(context, rest)
        context = command.make_context(name, rest, parent=context)

    assert context.command_path.startswith("hybrid ")


INLINE = [
    pytest.param(words.split()[1:], id=f"{page.name}: {words}")
    for page in pages()
    for words in dict.fromkeys(re.findall(r"`(hybrid [^`]+)`", page.prose.replace("\n", " ")))
]


@pytest.mark.parametrize("words", INLINE)
def test_a_command_in_the_text_exists_with_its_options(words: list[str]) -> None:
    command: Any = typer.main.get_command(app)
    while words and hasattr(command, "commands"):
        command = command.commands[words.pop(0)]
    known = {name for parameter in command.params for name in [*parameter.opts, *parameter.secondary_opts]}

    assert [word for word in words if word.startswith("--") and word not in known] == []


@cache
def airflow_parser() -> Any:
    return get_parser()


@pytest.mark.parametrize(("page", "words"), of_program("airflow"))
def test_airflow_takes_these_words(page: Page, words: list[str]) -> None:
    airflow_parser().parse_args(words)


@pytest.mark.parametrize(("page", "words"), of_program("aws"))
def test_the_aws_cli_takes_these_words(page: Page, words: list[str]) -> None:
    service, operation, *rest = words
    if (service, operation) in CUSTOM:
        if operation == "deploy":
            check_stack(rest)
        return
    model = model_of(service, operation)
    members = {xform_name(name, "-"): (name, shape) for name, shape in model.input_shape.members.items()}
    given = {}
    for option, values in options(rest).items():
        if option in GLOBAL:
            continue
        name, shape = members[option]
        given[name] = value_of(page, shape.type_name, values)

    report = ParamValidator().validate(given, model.input_shape)
    assert not report.has_errors(), report.generate_report()


@cache
def model_of(service: str, operation: str) -> Any:
    service_model = botocore.session.get_session().get_service_model("s3" if service == "s3api" else service)
    names = {xform_name(name, "-"): name for name in service_model.operation_names}
    return service_model.operation_model(names[operation])


def options(words: list[str]) -> dict[str, list[str]]:
    """Sort what follows an operation by the options; there is nothing before the first one."""
    found: dict[str, list[str]] = {}
    for word in words:
        if word.startswith("--"):
            found[word[2:]] = []
        else:
            found[next(reversed(found))].append(word)
    return found


def value_of(page: Page, kind: str, values: list[str]) -> Any:
    if kind == "boolean":
        return True
    if values and values[0].startswith("file://"):
        (block,) = page.of_kind(FILES[values[0].removeprefix("file://")])
        return json.loads(block.text, parse_int=str) if "attributes" in block.kind else json.loads(block.text)
    if kind in ("structure", "map") or values[0].startswith("["):
        (text,) = values
        return json.loads(text)
    if kind == "list":
        return values
    (value,) = values
    return int(value) if kind in ("integer", "long") else value


def check_stack(words: list[str]) -> None:
    """Check the parameters of the template as CloudFormation would."""
    given = options(words)
    assert given["template-file"] == ["interceptor.yaml"]
    assert given["capabilities"] == ["CAPABILITY_IAM"]
    assert given.keys() <= {"stack-name", "template-file", "capabilities", "parameter-overrides"}
    for text in given.get("parameter-overrides", []):
        name, _, value = text.partition("=")
        parameter = TEMPLATE["Parameters"][name]
        assert value in parameter.get("AllowedValues", [value])
        assert re.fullmatch(parameter.get("AllowedPattern", "(?s).*"), value)
