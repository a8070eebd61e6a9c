"""`hybrid interceptor template`."""

from __future__ import annotations

import typer

from airflow_provider_hybrid.interceptor import source


def template() -> None:
    """Print the CloudFormation template, with the function's code in it.

    `hybrid interceptor template > interceptor.yaml`, and then `aws cloudformation deploy`; docs/deploy.md has
    the whole way.
    """
    typer.echo(source.template(), nl=False)
