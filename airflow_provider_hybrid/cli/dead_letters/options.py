"""The options that these commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

ConfigOption = Annotated[
    Path | None, typer.Option(help="The configuration. Default: the Variable.", show_default=False)
]
RouteOption = Annotated[
    str | None, typer.Option(help="Only those that this route could not handle.", show_default=False)
]
ErrorOption = Annotated[
    str | None,
    typer.Option(help="Only those with this error type, as `list` shows it.", show_default=False),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
