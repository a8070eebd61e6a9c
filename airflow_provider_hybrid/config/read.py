"""Reading the dispatcher's configuration: from the Airflow Variable to its model, or to its faults."""

from __future__ import annotations

from functools import lru_cache

from pydantic import BaseModel, ValidationError

from airflow_provider_hybrid.compat.task import get_variable
from airflow_provider_hybrid.config.document import document_text, read_document
from airflow_provider_hybrid.config.expect import ExpectConfig
from airflow_provider_hybrid.config.faults import describe, refusal
from airflow_provider_hybrid.config.models import BatchConfig, DispatcherConfig, RouteConfig
from airflow_provider_hybrid.exceptions import ConfigError, dotted

DEFAULT_VARIABLE = "hybrid_dispatcher"

_MODELS: dict[tuple[str, ...], type[BaseModel]] = {
    (): DispatcherConfig,
    ("routes",): RouteConfig,
    ("routes", "batch"): BatchConfig,
    ("expect",): ExpectConfig,
}
"""The models, each by the keys above its own: ``routes[0].batch.max_events`` has ``routes`` and ``batch``."""


def load_config(variable: str = DEFAULT_VARIABLE) -> DispatcherConfig:
    """Read and check the dispatcher's Variable; for a task on a worker, never for a DAG file.

    Args:
        variable: The Variable's key.

    Raises:
        ConfigError: If the Variable is missing or wrong; names each path, the value found and the fix.
    """
    return parse_config(read_variable(variable), variable)


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
            f"Airflow Variable {variable!r} is a {type(value).__name__} that JSON cannot write: {error}. "
            "Give the secrets backend the document as text."
        ) from None


@lru_cache
def parse_config(text: str, origin: str = DEFAULT_VARIABLE) -> DispatcherConfig:
    """Read a configuration from its JSON text; a text that was read lately is not read again.

    Args:
        text: The document.
        origin: Its name in errors: the Variable's key or a file's name.

    Raises:
        ConfigError: If it is not JSON or not a configuration; names each path, the value found and the fix.
    """
    found = find_faults(text)
    if isinstance(found, DispatcherConfig):
        return found
    raise refusal(repr(origin), found)


def find_faults(text: str) -> DispatcherConfig | list[str]:
    """Read a configuration from its JSON text, or name every fault in it.

    Args:
        text: The document.

    Returns:
        The configuration; or its faults, a sentence each with the path, the value found and the fix.
    """
    try:
        document, repeated = read_document(text)
    except (ValueError, RecursionError) as error:
        return [f"it is not JSON: {error}. Mend the document at that place."]
    faults = [f"{dotted(path)}: stands more than once in its object; keep one" for path in repeated]
    try:
        config = DispatcherConfig.model_validate(document)
    except ValidationError as error:
        return faults + [describe(fault, _MODELS) for fault in error.errors(include_url=False)]
    return faults or config
