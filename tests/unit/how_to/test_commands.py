"""Each command that a how-to page shows could be typed: its subcommand and its options exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path, PurePath
from typing import Any

import pytest
import typer
from airflow.cli.cli_parser import get_parser

from airflow_provider_hybrid.cli.main import app
from airflow_provider_hybrid.interceptor.source import template
from tests.harness.aws_cli import options, read_call
from tests.harness.cloudformation import read_template
from tests.harness.pages import Page, commands, pages

OF_OTHERS = {"pip", "python3", "helm", "kubectl", "mc", "export"}
"""Programs whose options are not looked at."""

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
def test_airflow_takes_these_words(
    page: Page, words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its parser makes the file that a command writes."""
    monkeypatch.chdir(tmp_path)
    airflow_parser().parse_args(words)


@pytest.mark.parametrize(("page", "words"), of_program("aws"))
def test_the_aws_cli_takes_these_words(page: Page, words: list[str]) -> None:
    if (words[0], words[1]) not in CUSTOM:
        read_call(words, lambda file: page.of_kind(FILES[file])[0].text)
    elif words[1] == "deploy":
        check_stack(words[2:])


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
