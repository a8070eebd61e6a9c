"""Where a command finds a configuration: a file, or Airflow's Variable."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from airflow_provider_hybrid.config import DEFAULT_VARIABLE
from airflow_provider_hybrid.exceptions import ConfigError

VariableOption = Annotated[str, typer.Option(help="The Airflow Variable to read where no file is given.")]


def read_configuration(file: Path | None, variable: str = DEFAULT_VARIABLE) -> tuple[str, str]:
    """Return a configuration's text and what to call it.

    Args:
        file: The file; None for the Variable.
        variable: The Variable's key. It is read as `airflow variables get` reads it, from Airflow's
            configuration and database on this machine.

    Raises:
        ConfigError: If there is no such file or Variable.
    """
    if file is not None:
        try:
            return file.read_text(), str(file)
        except OSError as error:
            raise ConfigError(f"{file}: {error.strerror}") from None
    # Only the Variable needs Airflow, which takes seconds to import.
    from airflow.models.variable import Variable

    text = Variable.get(variable, default_var=None)
    if text is None:
        raise ConfigError(
            f"Airflow Variable {variable!r} does not exist. Create it, or name a file: hybrid ... FILE"
        )
    return str(text), variable
