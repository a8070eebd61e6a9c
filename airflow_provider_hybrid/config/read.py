"""Reading the dispatcher's configuration: from the Airflow Variable to its model, or to its faults."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError

from airflow_provider_hybrid.compat.task import count_queued_runs
from airflow_provider_hybrid.config.document import Path, read_document
from airflow_provider_hybrid.config.expect import ExpectConfig
from airflow_provider_hybrid.config.faults import describe, refusal, repetition
from airflow_provider_hybrid.config.models import DispatcherConfig
from airflow_provider_hybrid.config.routes import RouteList
from airflow_provider_hybrid.config.variable import read_included, read_variable
from airflow_provider_hybrid.config.version import version_fault
from airflow_provider_hybrid.exceptions import ConfigError, UnreadableError
from airflow_provider_hybrid.routing.broken import BrokenRoutes

DEFAULT_VARIABLE = "hybrid_dispatcher"

_MODELS: dict[tuple[str, ...], type[BaseModel]] = {(): DispatcherConfig, ("expect",): ExpectConfig}
"""The models, each by the keys above its own."""

ReadIncluded = Callable[[str], str]
"""Returns the text of an included Variable, by its key; raises a `ConfigError` if it cannot."""


class _Included(NamedTuple):
    """An included Variable.

    Args:
        name: Its key.
        text: What it holds; empty if it cannot be read.
        fault: Why it cannot be read; empty if it can.
    """

    name: str
    text: str
    fault: str = ""


def load_config(variable: str = DEFAULT_VARIABLE) -> DispatcherConfig:
    """Read and check the dispatcher's Variable; for a task on a worker, never for a DAG file.

    Args:
        variable: The Variable's key.

    Returns:
        The configuration, with the routes that are valid. It says what is wrong with the others.

    Raises:
        ConfigError: If the Variable is missing or wrong, or has no valid route; names each path, the value
            found and the fix.
        LaunchError: If Airflow does not answer.
    """
    try:
        config = parse_config(read_variable(variable), variable)
    except ConfigError:
        _make_sure_of_airflow(variable)
        raise
    if config.broken.faults:
        _make_sure_of_airflow(variable)
    return config


def _make_sure_of_airflow(variable: str) -> None:
    """Ask one thing more: Airflow 3.3 takes a Variable for missing if its API server does not answer."""
    count_queued_runs(variable)


def parse_config(
    text: str, origin: str = DEFAULT_VARIABLE, read_included: ReadIncluded = read_included
) -> DispatcherConfig:
    """Read a configuration from its JSON text; a text that was read lately is not read again.

    Args:
        text: The document.
        origin: Its name in errors: the Variable's key or a file's name.
        read_included: Reads the Variables that it includes.

    Returns:
        The configuration, with the routes that are valid. It says what is wrong with the others.

    Raises:
        ConfigError: If it is not JSON, not a configuration, or has no valid route; names each path, the value
            found and the fix.
    """
    found = find_faults(text, read_included)
    if isinstance(found, DispatcherConfig):
        return found
    raise refusal(repr(origin), found)


def find_faults(text: str, read_included: ReadIncluded) -> DispatcherConfig | list[str]:
    """Read a configuration from its JSON text, or name every fault in it.

    Args:
        text: The document.
        read_included: Reads the Variables that it includes.

    Returns:
        The configuration, with the routes that are valid; or all faults, a sentence each with the path, the
        value found and the fix, if they leave no configuration to work with.
    """
    return _read(text, tuple(_include(name, read_included) for name in _names(text)))


def routes_in(text: str, place: str) -> RouteList | None:
    """Read a list of routes, as an included Variable holds it.

    Args:
        text: The document.
        place: What its faults are named with.

    Returns:
        The routes, valid and broken; None if the document is no list.
    """
    document, _, repeated = _document(text)
    if not isinstance(document, list):
        return None
    routes = RouteList()
    routes.read(document, place, repeated)
    return routes


def _include(name: str, read_included: ReadIncluded) -> _Included:
    try:
        return _Included(name, read_included(name))
    except UnreadableError:
        # Nobody knows what its routes want: a message must not be deleted meanwhile.
        raise
    except ConfigError as error:
        return _Included(name, "", str(error))


@lru_cache
def _names(text: str) -> tuple[str, ...]:
    """Return the names in ``include``; none where the document cannot be read."""
    try:
        document, _ = read_document(text)
    except (ValueError, RecursionError):
        return ()
    names = document.get("include") if isinstance(document, dict) else None
    return tuple(name for name in names if isinstance(name, str)) if isinstance(names, list) else ()


@lru_cache
def _read(text: str, included: tuple[_Included, ...]) -> DispatcherConfig | list[str]:
    document, faults, repeated = _document(text)
    # The other faults of a form that this package does not know would mislead.
    if faults or (newer := version_fault(document)):
        return faults or [newer]
    routes = RouteList()
    own = document.get("routes") if isinstance(document, dict) else None
    if isinstance(own, list):
        inner = [path for path in repeated if path[0] == "routes" and ("routes",) not in repeated]
        routes.read(own, "routes", [path[1:] for path in inner])
        repeated = [path for path in repeated if path not in inner]
        document = {**document, "routes": []}
    for one in included:
        _read_included(one, routes)
    faults = [repetition(path) for path in repeated]
    try:
        config = DispatcherConfig.model_validate(document)
    except ValidationError as error:
        faults += [describe(fault, _MODELS) for fault in error.errors(include_url=False)]
    else:
        if config.queue.is_fifo:
            routes.refuse_waits()
        faults += _faults_of_expectations(config.expect, routes)
    if isinstance(document, dict) and not own and not included:
        faults.append("routes: is missing or empty; add a route, or name Variables with routes in 'include'")
    if faults or not routes.valid:
        return [*faults, *routes.faults, *routes.disabled]
    broken = BrokenRoutes(tuple(routes.faults), tuple(routes.patterns), tuple(routes.disabled))
    return config.with_routes(routes.valid, broken)


def _read_included(included: _Included, routes: RouteList) -> None:
    document, faults, repeated = _document(included.text)
    if included.fault:
        faults = [included.fault]
    elif included.name == "routes":
        faults = ["a Variable of this name cannot be included: its routes have the places of 'routes'"]
    elif not faults and not isinstance(document, list):
        faults = ["it is no list. Write the routes as a list: [{...}, {...}]"]
    if faults:
        routes.faults += [f"{included.name}: {fault}" for fault in faults]
    else:
        routes.read(document, included.name, repeated)


def _faults_of_expectations(expectations: Sequence[ExpectConfig], routes: RouteList) -> list[str]:
    known = {route.name for route in routes.valid.values()}
    names = [one.full_name for one in expectations]
    faults: list[str] = []
    for index, one in enumerate(expectations):
        # The route may be one of the broken ones, whose names are not known.
        if one.route not in known and not (routes.faults or routes.disabled):
            faults.append(f"expect[{index}].route: there is no route {one.route!r}; name one of 'routes'")
        if one.full_name in names[:index]:
            first = names.index(one.full_name)
            faults.append(
                f"expect[{index}]: {one.full_name!r} is also the name of expect[{first}]; give each a 'name' "
                "of its own"
            )
    return faults


def _document(text: str) -> tuple[Any, list[str], list[Path]]:
    """Return a document, why it cannot be read, and the keys that stand more than once in their object."""
    try:
        document, repeated = read_document(text)
    except (ValueError, RecursionError) as error:
        return None, [f"it is not JSON: {error}. Mend the document at that place."], []
    return document, [], repeated
