"""What is wrong in the dispatcher's configuration, in plain words: its path, the value found and the fix."""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from airflow_provider_hybrid.config.wrong import WrongValueError
from airflow_provider_hybrid.documentation import page
from airflow_provider_hybrid.exceptions import ConfigError, EventPatternError, dotted
from airflow_provider_hybrid.routing.fault import Fault
from airflow_provider_hybrid.sqs.url import without_credentials

LONGEST_VALUE = 100
"""Characters of a faulty value that an error shows."""

_WORDS: dict[str, Callable[[Mapping[str, Any]], tuple[str, str]]] = {
    "string_type": lambda _: ("is no text", "write one in double quotes"),
    "string_too_short": lambda _: ("is empty", "write a text"),
    "int_type": lambda _: ("is no whole number", "write one without quotes and without a decimal point"),
    "bool_type": lambda _: ("is neither true nor false", "write one of the two, without quotes"),
    "list_type": lambda _: ("is no list", "write one, in square brackets"),
    "dict_type": lambda _: ("is no object", "write one, in curly braces"),
    "model_type": lambda _: ("is no object", "write one, in curly braces"),
    "literal_error": lambda bounds: (
        "is none of the words that may stand here",
        f"write {bounds['expected']}",
    ),
    "greater_than_equal": lambda bounds: ("is too small", f"write {bounds['ge']} or more"),
    "less_than_equal": lambda bounds: ("is too large", f"write {bounds['le']} or less"),
    "multiple_of": lambda bounds: (
        f"is no multiple of {bounds['multiple_of']}",
        f"write one, as {bounds['multiple_of'] * 12}",
    ),
}
"""The problem and the fix for each kind of error of pydantic that the models can produce, by its bounds.

https://docs.pydantic.dev/latest/errors/validation_errors/
"""


def describe(error: ErrorDetails, models: Mapping[tuple[str, ...], type[BaseModel]]) -> Fault:
    """Say in plain words what is wrong.

    No secret is in it: the value of an unknown key is not shown, nor are the credentials in a URL.

    Args:
        error: One of ``ValidationError.errors()``.
        models: The models of the document, each by the keys above its own.
    """
    path, found = error["loc"], error["input"]
    if error["type"] == "missing":
        return Fault(dotted(path), "is missing", "add it")
    if error["type"] == "extra_forbidden":
        above = tuple(part for part in path[:-1] if isinstance(part, str))
        return Fault(dotted(path), "unknown key", _suggestion(str(path[-1]), models[above]))
    bounds = error.get("ctx", {})
    cause = bounds.get("error")
    if isinstance(cause, EventPatternError):
        outer, path = path, (*path, *cause.path)
        return Fault(dotted(path), cause.rule, cause.mend, _short(_at(found, path, outer)))
    if isinstance(cause, WrongValueError):
        problem, fix = cause.problem, cause.fix
    elif words := _WORDS.get(error["type"]):
        problem, fix = words(bounds)
    else:
        problem, fix = "is no value that may stand here", f"{page('routes')} says what may"
    return Fault(dotted(path), problem if path else f"the document {problem}", fix, _short(found))


def repetition(path: tuple[str | int, ...]) -> Fault:
    """Say that a key stands more than once in its object."""
    return Fault(dotted(path), "stands more than once in its object", "keep one")


def refusal(origin: str, faults: Sequence[Fault]) -> ConfigError:
    """Make the error that tells every fault at once.

    Args:
        origin: The configuration's name.
        faults: The faults.
    """
    lines = "\n".join(f"- {fault}" for fault in faults)
    return ConfigError(f"{origin} has {len(faults)} fault(s):\n{lines}")


def _suggestion(key: str, model: type[BaseModel]) -> str:
    known = [name for name, field in model.model_fields.items() if not field.alias]
    close = difflib.get_close_matches(key, known, n=1)
    return f"did you mean {close[0]!r}?" if close else f"known here are {', '.join(known)}"


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
