"""`--help` of every command: it flows, and says the same things in the same way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
import typer
from click import Command
from typer.testing import CliRunner

from airflow_provider_hybrid.cli.main import app


def commands(command: Command, words: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Command]]:
    yield words, command
    for name, inner in getattr(command, "commands", {}).items():
        yield from commands(inner, (*words, name))


COMMANDS = dict(commands(typer.main.get_command(app)))
LEAVES = {words: command for words, command in COMMANDS.items() if not hasattr(command, "commands")}


def shown(words: tuple[str, ...], option: str, width: int) -> str:
    result = CliRunner().invoke(app, [*words, option], env={"COLUMNS": str(width)})
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("width", [60, 80, 110])
def test_no_line_ends_early_in_the_middle_of_a_paragraph(words: tuple[str, ...], width: int) -> None:
    text = shown(words, "--help", width).partition("\u256d")[0]
    lines = [line.rstrip() for line in text.splitlines()]
    paragraphs = (COMMANDS[words].help or "").split("\n\n")

    assert max(map(len, lines)) <= width
    for line, following in pairwise(lines):
        ends = any(paragraph.endswith(line.strip()) for paragraph in paragraphs)
        if line and following and not ends and not line.startswith(" Usage:"):
            # A column is left free on each side.
            assert len(f"{line} {following.split()[0]}") > width - 1, f"{line!r} ends early"


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_h_is_help(words: tuple[str, ...]) -> None:
    assert shown(words, "-h", 80) == shown(words, "--help", 80)


@pytest.mark.parametrize("words", LEAVES, ids=" ".join)
def test_help_says_all_that_the_docstring_says(words: tuple[str, ...]) -> None:
    said = " ".join(shown(words, "--help", 110).split())

    assert " ".join((LEAVES[words].help or "nothing").split()) in said


@pytest.mark.parametrize("words", LEAVES, ids=" ".join)
def test_a_configuration_is_named_in_one_way(words: tuple[str, ...]) -> None:
    names = {option: parameter for parameter in LEAVES[words].params for option in parameter.opts}

    assert ("--config" in names) == ("--variable" in names)
    for option, metavar in (("--config", "FILE"), ("--variable", "NAME")):
        assert option not in names or names[option].metavar == metavar
    assert "file" not in names or words in {("interceptor", "zip")}, "a configuration is no argument"


@pytest.mark.parametrize("words", LEAVES, ids=" ".join)
def test_every_option_has_its_help(words: tuple[str, ...]) -> None:
    helps = [
        (parameter.name, getattr(parameter, "help", ""))
        for parameter in LEAVES[words].params
        if parameter.opts[0].startswith("-")
    ]

    assert [name for name, text in helps if not text] == []
    assert [text for _, text in helps if not re.fullmatch(r".*[.]", str(text), re.DOTALL)] == []
