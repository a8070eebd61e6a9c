"""The sandbox of templates, which read an event and make a value of it.

We trust the author of a route, but not the sender of an event. Jinja's own sandbox keeps a template away from
Python. This one also limits the size of each result, and has no loops. So an event that says "repeat this a
billion times" is refused, and harms no other event.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sized
from functools import wraps
from typing import Any

from jinja2 import StrictUndefined, TemplateSyntaxError, Undefined, nodes
from jinja2.exceptions import SecurityError
from jinja2.filters import FILTERS as JINJAS_FILTERS
from jinja2.filters import do_sum
from jinja2.nativetypes import NativeCodeGenerator
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment, safe_range
from jinja2.utils import pass_environment

from airflow_provider_hybrid.events.json_text import read_json
from airflow_provider_hybrid.events.limits import why_not_storable
from airflow_provider_hybrid.exceptions import MessageParseError

MAX_ARGUMENT = 1024
"""The most characters or items of an argument; the longest key in S3 has as many."""

MAX_WIDTH = 1000
"""The most characters to which a text is padded, and the most digits to which a number is rounded."""

MAX_LENGTH = 4 * 1024 * 1024
"""The most characters or items of a result: four times those of the longest message."""

MAX_BITS = 4096
"""The most bits of a power."""

MAX_JSON = 1024 * 1024
"""The most characters of a text that `fromjson` reads; no message has more."""

STATEMENTS = (nodes.Output, nodes.If, nodes.Assign)

FILTERS = (
    *("abs", "capitalize", "count", "d", "default", "dictsort", "first", "float", "format", "groupby", "int"),
    *("items", "join", "last", "length", "list", "lower", "map", "max", "min", "reject", "rejectattr"),
    *("reverse", "round", "select", "selectattr", "sort", "string", "title", "trim", "truncate", "unique"),
    *("upper", "urlencode", "wordcount"),
)
"""Jinja's filters that are useful for data.

The sandbox adds `replace`, `sum` and `tojson` in forms of its own, and `fromjson`, which Jinja does not have.
"""

_UNSAFE_METHODS = {"encode", "expandtabs", "from_bytes", "maketrans", "to_bytes", "translate"}
_PADDING = {"center", "ljust", "rjust", "zfill"}
_WIDE = re.compile(r"%[^a-zA-Z%]*?(\d{4,}|\*)|\{[^{}]*[:.][^{}]*\d{4,}|\{[^{}]*\{")
"""A format's width or precision that is above 999, or that is an argument itself."""


class SandboxError(SecurityError):
    """A template asks for something that the sandbox refuses; the text holds nothing of an event."""


class TooMuchError(SandboxError):
    """A template asks for a result that is too large."""


class NotJsonError(SandboxError):
    """A template reads as JSON a text that is no JSON, or whose value Airflow cannot carry."""


def check_statements(tree: nodes.Template) -> None:
    """Check that a template has only text, expressions, ``{% if %}`` and ``{% set %}``.

    Raises:
        jinja2.TemplateSyntaxError: If it has anything else.
    """
    for statement in tree.find_all(nodes.Stmt):
        if not isinstance(statement, STATEMENTS):
            raise TemplateSyntaxError(
                f"only {{{{ ... }}}}, {{% if %}} and {{% set %}} may stand here, not "
                f"{{% {type(statement).__name__.lower()} %}}",
                statement.lineno,
            )


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, with limits on the size of results."""

    code_generator_class = NativeCodeGenerator
    intercepted_binops = frozenset({"*", "**", "%"})

    def __init__(self) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=False)
        self.globals = {"range": safe_range, "dict": dict}
        self.filters = {name: _guarded(name, JINJAS_FILTERS[name]) for name in FILTERS}
        self.filters |= {"fromjson": _fromjson, "replace": _replace, "sum": _sum, "tojson": _tojson}

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Prefer an object's fields to Python's attributes: `event.detail.items` is the event's field."""
        if isinstance(obj, dict) and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Refuse also the methods that make bytes, or a much longer text."""
        return attr not in _UNSAFE_METHODS and super().is_safe_attribute(obj, attr, value)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Compute ``*``, ``**`` and ``%``, unless the result is too large."""
        if operator == "*":
            for what, times in ((left, right), (right, left)):
                if isinstance(what, Sized) and isinstance(times, int) and len(what) * times > MAX_LENGTH:
                    raise TooMuchError(f"'*' would make more than {MAX_LENGTH} characters or items")
        elif operator == "**":
            if isinstance(left, int) and isinstance(right, int) and left.bit_length() * right > MAX_BITS:
                raise TooMuchError(f"'**' would make a number of more than {MAX_BITS} bits")
        elif isinstance(left, str):
            _check_format(left)
        return super().call_binop(context, operator, left, right)

    def call(self, context: Context, function: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Call a function; refuse a text's method whose result would be too large."""
        # Jinja's sandbox wraps `str.format`.
        method = getattr(function, "__wrapped__", function)
        text, name = getattr(method, "__self__", None), getattr(method, "__name__", "")
        if isinstance(text, str):
            if name == "replace":
                _check_replace(text, *args, **kwargs)
            elif name == "join":
                _check_arguments("join", [text])
            elif name in {"format", "format_map"}:
                _check_format(text)
            elif name in _PADDING and args and isinstance(args[0], int) and args[0] > MAX_WIDTH:
                raise TooMuchError(f"{name!r} to more than {MAX_WIDTH} characters")
            else:
                _check_arguments(name, args)
        return super().call(context, function, *args, **kwargs)


def _guarded(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Let a filter take only short arguments; the value that it filters may have any length."""
    first = 2 if hasattr(function, "jinja_pass_arg") else 1

    @wraps(function)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if name == "format":
            _check_format(str(args[0]))
        elif name == "round":
            for precision in [*args[first:2], *kwargs.values()]:
                if isinstance(precision, int) and abs(precision) > MAX_WIDTH:
                    raise TooMuchError(f"'round' to more than {MAX_WIDTH} digits")
        elif name not in {"d", "default"}:
            _check_arguments(name, [*args[first:], *kwargs.values()])
        return function(*args, **kwargs)

    return guarded


def _check_arguments(name: str, arguments: Iterable[Any]) -> None:
    for argument in arguments:
        if isinstance(argument, Sized) and len(argument) > MAX_ARGUMENT:
            raise TooMuchError(f"{name!r} with an argument of more than {MAX_ARGUMENT} characters or items")


def _check_format(text: str) -> None:
    if len(text) > MAX_ARGUMENT or _WIDE.search(text):
        raise TooMuchError(f"a format of more than {MAX_ARGUMENT} characters, or with a width above 999")


def _check_replace(text: str, old: str, new: str, *_count: Any, **_kwargs: Any) -> None:
    if text.count(old) * len(new) > MAX_LENGTH:
        raise TooMuchError(f"'replace' would make more than {MAX_LENGTH} characters")


def _replace(value: Any, old: Any, new: Any, count: int = -1) -> str:
    text, old, new = str(value), str(old), str(new)
    _check_replace(text, old, new)
    return text.replace(old, new, count)


@pass_environment
def _sum(environment: Any, values: Any, attribute: Any = None, start: Any = 0) -> Any:
    """Add numbers only: lists would be copied again and again."""
    if not isinstance(start, int | float):
        raise TooMuchError("'sum' adds numbers only")
    return do_sum(environment, values, attribute, start)


def _fromjson(text: Any) -> Any:
    """Read the JSON in a text as the JSON in a message's body is read."""
    if isinstance(text, Undefined):
        str(text)  # raises Jinja's error, which has the name
    if not isinstance(text, str):
        raise NotJsonError(f"'fromjson' reads a text, not a {type(text).__name__}")
    if len(text) > MAX_JSON:
        raise TooMuchError(f"'fromjson' of more than {MAX_JSON} characters")
    try:
        value = read_json(text, "the text that 'fromjson' was given")
    except MessageParseError as error:
        raise NotJsonError(str(error)) from None
    if reason := why_not_storable(value):
        raise NotJsonError(f"'fromjson': Airflow cannot carry the value: {reason}")
    return value


def _tojson(value: Any) -> str:
    return json.dumps(value, sort_keys=True)
