"""`hybrid interceptor zip`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from airflow_provider_hybrid.cli.leaving import leaving_with_2
from airflow_provider_hybrid.interceptor.source import archive


def zip_(
    file: Annotated[Path, typer.Argument(help="Where to write it; what is there is replaced.")] = Path(
        "interceptor.zip"
    ),
) -> None:
    """Write the function's deployment package, for Terraform and others; its handler is index.handler.

    Leaves with 2 if the file cannot be written.
    """
    with leaving_with_2("hybrid interceptor zip"):
        file.write_bytes(archive())
    typer.echo(f"written  {file}")
