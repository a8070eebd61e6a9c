"""The page of the commands, from the command line itself."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import typer

from airflow_provider_hybrid.cli.main import app

if TYPE_CHECKING:
    from collections.abc import Iterator

INTRODUCTION = """\
# The commands

<!-- written by `make reference` from the commands themselves -->

`pip install airflow-provider-hybrid` brings the command `hybrid`. On Airflow 3.2 and later `airflow hybrid`
is the same. Every command has `--help`. Type the commands where Airflow's own command `airflow` works: they
read the same configuration, connections and Variables.

"""


def commands_page() -> str:
    """Return the page: a section for each command."""
    found = list(commands(typer.main.get_command(app), "hybrid"))
    overview = "".join(
        f"| [`{name}`](#{name.replace(' ', '-')}) | {summary(command)} |\n" for name, command in found
    )
    sections = "\n".join(section(name, command) for name, command in found)
    return INTRODUCTION + f"| command | what it does |\n|---|---|\n{overview}\n{sections}"


def commands(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    """Yield each command that is no group, with its full name.

    Args:
        command: A command as Typer or Click has it; which of the two depends on Typer's version.
        name: Its full name.
    """
    below = getattr(command, "commands", {})
    for last, part in below.items():
        yield from commands(part, f"{name} {last}")
    if not below:
        yield name, command


def summary(command: Any) -> str:
    """Return the first sentence of what a command does."""
    return " ".join(paragraphs(command)[0].split())


def paragraphs(command: Any) -> list[str]:
    """Return what a command does, by paragraph."""
    return inspect.cleandoc(command.help).split("\n\n")


def section(name: str, command: Any) -> str:
    """Write what a command does, how it is called, and its parameters."""
    shown = [parameter for parameter in command.params if not getattr(parameter, "hidden", False)]
    arguments = [parameter for parameter in shown if parameter.param_type_name == "argument"]
    options = [parameter for parameter in shown if parameter.param_type_name == "option"]
    usage = " ".join([name, *(["[OPTIONS]"] if options else []), *map(placeholder, arguments)])
    parts = [f"## {name}", *paragraphs(command), f"```text\n{usage}\n```"]
    if shown:
        rows = "".join(f"| `{written(one)}` | {meaning(one)} |\n" for one in (*arguments, *options))
        parts.append(f"| parameter | meaning |\n|---|---|\n{rows}".rstrip())
    return "\n\n".join(parts) + "\n"


def placeholder(argument: Any) -> str:
    """Write an argument as in a line of usage: ``[MESSAGE_IDS]...``."""
    name = (argument.metavar or argument.name.upper()).strip("[]")
    return (name if argument.required else f"[{name}]") + ("..." if argument.nargs == -1 else "")


def written(parameter: Any) -> str:
    """Write a parameter as it is typed: ``--route ROUTE``."""
    if parameter.param_type_name == "argument":
        text = (parameter.metavar or parameter.name.upper()).strip("[]")
    else:
        text = ", ".join([*parameter.opts, *parameter.secondary_opts])
        if not parameter.is_flag:
            text += f" {parameter.metavar or parameter.name.upper()}"
    # A bar ends a table's cell, also within code.
    return text.replace("|", "\\|")


def meaning(parameter: Any) -> str:
    """Say what a parameter is for, and its default."""
    parts = [parameter.help or ""]
    if parameter.required:
        parts.append("Required.")
    default = parameter.opts[0] if parameter.default is True else parameter.default
    if parameter.show_default and default and isinstance(default, str | int):
        parts.append(f"Default: `{default}`.")
    return " ".join(" ".join(parts).split()).replace("|", "\\|")
