"""The options that these commands share."""

from __future__ import annotations

from typing import Annotated

import typer

IdsArgument = Annotated[
    list[str] | None,
    typer.Argument(metavar="MESSAGE_ID", help="The ids that `list` shows.", show_default=False),
]
RouteOption = Annotated[
    str | None, typer.Option(help="Only those that this route could not handle.", show_default=False)
]
ErrorOption = Annotated[
    str | None,
    typer.Option(help="Only those with this error type, as `list` shows it.", show_default=False),
]
AllOption = Annotated[bool, typer.Option("--all", help="Every dead letter.")]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Only show which ones it would be.")]
YesOption = Annotated[bool, typer.Option("--yes", help="Do not ask before.")]
