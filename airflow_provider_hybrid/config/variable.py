"""The texts of Airflow Variables, whatever a secrets backend hands over."""

from __future__ import annotations

from airflow_provider_hybrid.compat.task import get_variable
from airflow_provider_hybrid.config.document import document_text
from airflow_provider_hybrid.exceptions import ConfigError


def read_variable(variable: str) -> str:
    """Read the text of the dispatcher's Variable.

    Args:
        variable: The Variable's key.

    Raises:
        ConfigError: If there is none, if Airflow does not give it, or if its value has no form in JSON.
    """
    value = get_variable(variable)
    if value is None:
        raise ConfigError(
            f"Airflow Variable {variable!r} does not exist. Create it under Admin > Variables (or with "
            f"`airflow variables set {variable} '...'`); `hybrid init` writes a document to start from."
        )
    return variable_text(value, variable)


def read_included(variable: str) -> str:
    """Read the text of an included Variable.

    Args:
        variable: The Variable's key.

    Raises:
        ConfigError: If there is none, if Airflow does not give it, or if its value has no form in JSON.
    """
    return included_text(get_variable(variable), variable)


def included_text(value: object, variable: str) -> str:
    """Return the value of an included Variable as text.

    Args:
        value: The value, as Airflow returns it; None if there is no such Variable.
        variable: The Variable's key.

    Raises:
        ConfigError: If there is none, or if its value has no form in JSON.
    """
    if value is None:
        raise ConfigError(
            "this Airflow Variable does not exist",
            "create it with a list of routes, or take its name out of 'include'",
        )
    return variable_text(value, variable)


def variable_text(value: object, variable: str) -> str:
    """Return a Variable's value as text, also where a secrets backend hands over an object.

    Args:
        value: The value, as Airflow returns it.
        variable: The Variable's key.

    Raises:
        ConfigError: If the value has no form in JSON.
    """
    try:
        return document_text(value)
    except (TypeError, ValueError) as error:
        raise ConfigError(
            f"Airflow Variable {variable!r} is a {type(value).__name__} that JSON cannot write: {error}",
            "Give the secrets backend the document as text",
        ) from None
