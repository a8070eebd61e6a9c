"""The configuration that a command works on: from a file, or from Airflow's Variable."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from airflow_provider_hybrid.cli.text import TextError, read_text
from airflow_provider_hybrid.compat.installation import (
    NotLoadedError,
    UnansweredError,
    get_variable,
    who_is_silent,
)
from airflow_provider_hybrid.config.read import DEFAULT_VARIABLE, ReadIncluded
from airflow_provider_hybrid.config.variable import included_text, variable_text
from airflow_provider_hybrid.exceptions import ConfigError

ConfigOption = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="A file with the configuration. Default: the Variable.",
        show_default=False,
    ),
]

VariableOption = Annotated[
    str, typer.Option(metavar="NAME", help="The Airflow Variable to read where no file is given.")
]


def read_configuration(file: Path | None, variable: str = DEFAULT_VARIABLE) -> tuple[str, str, ReadIncluded]:
    """Return a configuration's text, its name for errors, and what reads the Variables that it includes.

    Those of a file are files beside it: ``hybrid_routes_team_a.json`` for ``hybrid_routes_team_a``.

    Args:
        file: The file; None for the Variable.
        variable: The Variable's key. It is read as `airflow variables get` reads it, from Airflow's
            configuration and database on this machine.

    Raises:
        ConfigError: If there is no such file or Variable, if it is no text, or if Airflow does not answer.
    """
    if file is not None:
        try:
            return read_text(file), str(file), _from_folder(file.parent)
        except TextError as error:
            raise ConfigError(str(error)) from None
    value = _read_variable(variable)
    if value is None:
        raise ConfigError(
            f"Airflow Variable {variable!r} does not exist", "Create it, or name a file: --config FILE"
        )
    return variable_text(value, variable), variable, lambda name: included_text(_read_variable(name), name)


def _from_folder(folder: Path) -> ReadIncluded:
    def read(variable: str) -> str:
        try:
            return read_text(folder / f"{variable}.json")
        except TextError as error:
            raise ConfigError(f"{error}. Beside a file, an included Variable is a file, too") from None

    return read


def _read_variable(variable: str) -> Any:
    """Ask Airflow for a Variable; None if it does not exist."""
    try:
        return get_variable(variable)
    except NotLoadedError as error:
        raise ConfigError(
            f"Airflow Variable {variable!r} cannot be read: Airflow cannot be loaded ({error})",
            "Mend Airflow's configuration (AIRFLOW_HOME, airflow.cfg), or name a file: --config FILE",
        ) from error
    except UnansweredError as error:
        found, mend = who_is_silent(error.__cause__)
        raise ConfigError(
            f"Airflow Variable {variable!r} cannot be read: {found}",
            f"{mend}. `airflow db migrate` makes a database where there is none. Or name a file: "
            "--config FILE",
        ) from error
