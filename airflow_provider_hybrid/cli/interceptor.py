"""`hybrid interceptor`: the AWS side, to deploy."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from airflow_provider_hybrid.cli.leaving import leaving_with_2
from airflow_provider_hybrid.documentation import page
from airflow_provider_hybrid.interceptor import source

app = typer.Typer(no_args_is_help=True, help="The AWS side: a queue, ways into it, and the Lambda function.")


@app.command(epilog=f"{page('deploy')} has the whole way.")
def template() -> None:
    """Print the CloudFormation template, with the function's code in it.

    `hybrid interceptor template > interceptor.yaml`, and then `aws cloudformation deploy`.
    """
    typer.echo(source.template(), nl=False)


@app.command("zip")
def zip_(
    file: Annotated[Path, typer.Argument(help="Where to write it; what is there is replaced.")] = Path(
        "interceptor.zip"
    ),
) -> None:
    """Write the function's deployment package, for Terraform and others; its handler is index.handler.

    Exits with code 2 if the file cannot be written.
    """
    with leaving_with_2("hybrid interceptor zip"):
        file.write_bytes(source.archive())
    typer.echo(f"written  {file}")
