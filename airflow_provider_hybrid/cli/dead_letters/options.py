"""The options that these commands share."""

from __future__ import annotations

from typing import Annotated

import typer

RouteOption = Annotated[
    str | None, typer.Option(help="Only those that this route could not handle.", show_default=False)
]
ErrorOption = Annotated[
    str | None,
    typer.Option(help="Only those with this error type, as `list` shows it.", show_default=False),
]
