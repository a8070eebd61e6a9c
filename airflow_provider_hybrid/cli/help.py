"""What `--help` shows: the docstring of a command, in paragraphs that flow at any width."""

from __future__ import annotations

import inspect

from typer import Typer

NAMES = {"help_option_names": ["-h", "--help"]}
"""The settings of a command's context; its subcommands have them from it."""


def let_help_flow(app: Typer) -> None:
    """Give each command of an app its docstring as help, without the line breaks that the code needs.

    Typer keeps the breaks in all paragraphs but the first one.

    Args:
        app: The app, with all of its commands.
    """
    for command in app.registered_commands:
        command.help = _flowing(command.callback)
    for group in app.registered_groups:
        if group.typer_instance:
            let_help_flow(group.typer_instance)


def _flowing(documented: object) -> str:
    paragraphs = (inspect.getdoc(documented) or "").split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)
