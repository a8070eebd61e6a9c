"""`hybrid validate --migrate`: a configuration in the newest form."""

from __future__ import annotations

from pathlib import Path

import typer

from airflow_provider_hybrid.config.version import VERSION, migrated
from airflow_provider_hybrid.exceptions import ConfigError


def migrate(text: str, file: Path | None, *, write: bool, is_list: bool) -> None:
    """Print a configuration in the newest form, or write it into its file.

    Args:
        text: The configuration, which has no fault.
        file: Its file; None if it comes from a Variable.
        write: Whether the file is to be overwritten.
        is_list: Whether it is a list of routes, as an included Variable holds it.

    Raises:
        ConfigError: If it is such a list, or if there is no file to write into.
    """
    if is_list:
        raise ConfigError("a list of routes has no version; migrate the configuration that includes it")
    new = migrated(text)
    if not write:
        typer.echo(new, nl=not new.endswith("\n"))
    elif file is None or str(file) == "-":
        raise ConfigError(
            "--write needs a file; without it the new form is printed, and you set the Variable"
        )
    elif new == text:
        typer.echo(f"kept     {file} (it is version {VERSION})")
    else:
        file.write_text(new, encoding="utf-8")
        typer.echo(f"written  {file} (version {VERSION})")
