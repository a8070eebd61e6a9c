"""A sentence for each fault in the dispatcher's configuration: its path, the value found and the fix."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from airflow_provider_hybrid.exceptions import ConfigError, EventPatternError, dotted
from airflow_provider_hybrid.sqs.url import without_credentials

LONGEST_VALUE = 100
"""Characters of a faulty value that an error shows."""


def describe(fault: ErrorDetails, models: Mapping[tuple[str, ...], type[BaseModel]]) -> str:
    """Say in a sentence what is wrong.

    No secret is in it: the value of an unknown key is not shown, nor are the credentials in a URL.

    Args:
        fault: One of ``ValidationError.errors()``.
        models: The models of the document, each by the keys above its own.
    """
    path, found, rule = fault["loc"], fault["input"], fault["msg"].removeprefix("Value error, ")
    cause = fault.get("ctx", {}).get("error")
    if isinstance(cause, EventPatternError):
        path, rule = (*path, *cause.path), cause.rule
    if fault["type"] == "missing":
        return f"{dotted(path)}: is missing; add it"
    if fault["type"] == "extra_forbidden":
        above = tuple(part for part in path[:-1] if isinstance(part, str))
        return f"{dotted(path)}: unknown key{_suggestion(str(path[-1]), models[above])}"
    if not path:
        return rule
    return f"{dotted(path)}: {rule}; value found: {_short(_at(found, path, fault['loc']))}"


def repetition(path: tuple[str | int, ...]) -> str:
    """Say that a key stands more than once in its object."""
    return f"{dotted(path)}: stands more than once in its object; keep one"


def refusal(origin: str, faults: Sequence[str]) -> ConfigError:
    """Make the error that tells every fault at once.

    Args:
        origin: The configuration's name.
        faults: A sentence each.
    """
    lines = "\n".join(f"- {fault}" for fault in faults)
    return ConfigError(f"{origin} has {len(faults)} fault(s):\n{lines}")


def _suggestion(key: str, model: type[BaseModel]) -> str:
    known = [name for name, field in model.model_fields.items() if not field.alias]
    close = difflib.get_close_matches(key, known, n=1)
    if close:
        return f", did you mean {close[0]!r}?"
    return f"; known here are {', '.join(known)}"


def _at(found: Any, path: tuple[str | int, ...], outer: tuple[str | int, ...]) -> Any:
    """Return the value that the rule is about, which lies inside of the one that pydantic shows."""
    for part in path[len(outer) :]:
        try:
            found = found[part]
        except (KeyError, IndexError, TypeError):
            return found
    return found


def _short(value: Any) -> str:
    text = without_credentials(json.dumps(value, ensure_ascii=False, default=repr))
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}..."
