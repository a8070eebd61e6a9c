"""What a template may do: read an event and shape a value. Nothing in it can be steered out of bounds.

Whoever configures a route is trusted; whoever sends an event is not. Jinja's own sandbox keeps a template
away from Python. Beyond that, no operation here makes much more out of an event than there was in it, and
without loops there is only one pass. So an event that says "repeat this a billion times" is refused, and
harms no other.
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
"""Characters or items of an argument; an S3 key has as many."""

MAX_WIDTH = 1000
"""Characters to which a text is padded."""

MAX_LENGTH = 4 * 1024 * 1024
"""Characters or items of what an operation makes; a message has a quarter of it."""

MAX_BITS = 4096
"""Bits of a power."""

MAX_JSON = 1024 * 1024
"""Characters of a text that `fromjson` reads; a message has no more."""

STATEMENTS = (nodes.Output, nodes.If, nodes.Assign)

FILTERS = (
    *("abs", "capitalize", "count", "d", "default", "dictsort", "first", "float", "format", "groupby", "int"),
    *("items", "join", "last", "length", "list", "lower", "map", "max", "min", "reject", "rejectattr"),
    *("reverse", "round", "select", "selectattr", "sort", "string", "title", "trim", "truncate", "unique"),
    *("upper", "urlencode", "wordcount"),
)
"""Jinja's filters that are of use for data.

Of `replace`, `sum` and `tojson` there are forms of our own; Jinja has no `fromjson`.
"""

_UNSAFE_METHODS = {"encode", "expandtabs", "from_bytes", "maketrans", "to_bytes", "translate"}
_PADDING = {"center", "ljust", "rjust", "zfill"}
_WIDE = re.compile(r"%[^a-zA-Z%]*?(\d{4,}|\*)|\{[^{}]*[:.][^{}]*\d{4,}|\{[^{}]*\{")
"""A width or precision in a format that is large, or that is an argument itself."""


class SandboxError(SecurityError):
    """A template asks for what the sandbox does not give; its text holds nothing of an event."""


class TooMuchError(SandboxError):
    """A template asks for more than there is a reason for."""


class NotJsonError(SandboxError):
    """A template reads as JSON what is none, or what Airflow could not carry."""


def check_statements(tree: nodes.Template) -> None:
    """Let a template consist of text, expressions, ``{% if %}`` and ``{% set %}``.

    Raises:
        jinja2.TemplateSyntaxError: If there is anything else.
    """
    for statement in tree.find_all(nodes.Stmt):
        if not isinstance(statement, STATEMENTS):
            raise TemplateSyntaxError(
                f"only {{{{ ... }}}}, {{% if %}} and {{% set %}} may stand here, not "
                f"{{% {type(statement).__name__.lower()} %}}",
                statement.lineno,
            )


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, in which an event cannot make a template swell."""

    code_generator_class = NativeCodeGenerator
    intercepted_binops = frozenset({"*", "**", "%"})

    def __init__(self) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=False)
        self.globals = {"range": safe_range, "dict": dict}
        self.filters = {name: _guarded(name, JINJAS_FILTERS[name]) for name in FILTERS}
        self.filters |= {"fromjson": _fromjson, "replace": _replace, "sum": _sum, "tojson": _tojson}

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Prefer what an object holds to what Python gives it: `event.detail.items` is the event's field."""
        if isinstance(obj, dict) and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Leave out the methods that make bytes or swell a text."""
        return attr not in _UNSAFE_METHODS and super().is_safe_attribute(obj, attr, value)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Compute ``*``, ``**`` and ``%`` if the result is of a sensible size."""
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
        """Call a function or a method of a text if the result is of a sensible size."""
        # The sandbox wraps `str.format`.
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
    """Let a filter see only short arguments; what it filters may be of any length."""
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
    """Read the JSON that a text holds, as a message's body is read."""
    if isinstance(text, Undefined):
        str(text)
    if not isinstance(text, str):
        raise NotJsonError(f"'fromjson' reads a text, not a {type(text).__name__}")
    if len(text) > MAX_JSON:
        raise TooMuchError(f"'fromjson' of more than {MAX_JSON} characters")
    try:
        value = read_json(text, "'fromjson': the text")
    except MessageParseError as error:
        raise NotJsonError(str(error)) from None
    if reason := why_not_storable(value):
        raise NotJsonError(f"'fromjson': Airflow cannot carry the value: {reason}")
    return value


def _tojson(value: Any) -> str:
    return json.dumps(value, sort_keys=True)
