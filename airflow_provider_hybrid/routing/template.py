"""Templates over an event: Jinja's sandbox, and values that keep their type."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from jinja2 import Undefined, UndefinedError
from jinja2.exceptions import SecurityError
from jinja2.nativetypes import NativeTemplate

from airflow_provider_hybrid.routing.sandbox import Sandbox, SandboxError, check_statements

Render = Callable[[Mapping[str, Any]], Any]

_MAY_BE_TEMPLATE = re.compile(r"[{\r\n]")
"""Jinja returns a text that has none of these as it is. Line ends are among them: Jinja normalises them."""

_COMPLAINT = re.compile(
    r"(?:'[\w.]+(?: object)?'|[\w.]+ object) has no (?:attribute|element) (.+)"
    r"|(.+) is undefined|access to attribute (.+) of '\w+' object is unsafe\.",
    re.DOTALL,
)
"""Jinja's errors for a name that it does not find, or refuses; the group is the name."""

LONGEST_QUOTE = 100
"""The most characters of a template that an error shows."""


def compile_template(template: Any) -> Render:
    """Compile a JSON value in which every string is a Jinja template.

    A template that is one expression keeps the type of its value: ``{{ event.detail.object.size }}`` is a
    number. Event data is always data: it is never read as a template or as a literal.

    Args:
        template: Strings, and lists and objects of them at any depth; other values stay as they are.

    Returns:
        A function of the template's variables that gives the rendered value.

    Raises:
        jinja2.TemplateError: If a template's syntax is wrong, or the sandbox refuses a statement in it.
    """
    if isinstance(template, str):
        return _compile_text(template)
    if isinstance(template, Mapping):
        fields = {key: compile_template(value) for key, value in template.items()}
        return lambda variables: {key: _render(key, field, variables) for key, field in fields.items()}
    if isinstance(template, list):
        items = [compile_template(value) for value in template]
        return lambda variables: [item(variables) for item in items]
    return lambda _variables: template


@lru_cache(maxsize=10_000)
def _compile_text(text: str) -> Render:
    """Compile a text, once: validation, use, and many routes ask for the same texts."""
    if not _MAY_BE_TEMPLATE.search(text):
        return lambda _variables: text
    tree = _ENVIRONMENT.parse(text)
    check_statements(tree)
    template = _ENVIRONMENT.from_string(tree)

    def render(variables: Mapping[str, Any]) -> Any:
        try:
            return template.render(variables)
        except Exception as error:  # noqa: BLE001
            # An expression may raise any error if the data is not as its author expected. Each error means
            # that this field cannot be made from this event.
            raise FieldError("", _reason(error, text)) from None

    return render


class FieldError(Exception):
    """A template that could not be rendered; names the field, and quotes the template but no event."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(field, reason)
        self.field = field
        self.reason = reason


def _render(key: str, field: Render, variables: Mapping[str, Any]) -> Any:
    try:
        return field(variables)
    except FieldError as error:
        raise FieldError(f"{key}.{error.field}".rstrip("."), error.reason) from None


def _reason(error: Exception, template: str) -> str:
    """Say what went wrong, without event data, which an exception's text may quote.

    The text is shown if it is the sandbox's, or if the name in Jinja's text stands in the template.
    """
    complaint = (
        _COMPLAINT.fullmatch(str(error)) if isinstance(error, UndefinedError | SecurityError) else None
    )
    known = complaint is not None and complaint[complaint.lastindex or 0].strip("'\"") in template
    said = f": {error}" if known or isinstance(error, SandboxError) else ""
    quote = template if len(template) <= LONGEST_QUOTE else f"{template[:LONGEST_QUOTE]}..."
    return f"{type(error).__name__}{said} in the template {quote!r}"


def _concat(parts: Iterable[Any]) -> Any:
    """Join the values that a template puts out; a single value keeps its type.

    Jinja's own `native_concat` reads the text as a Python literal, which changes an object key such as "007"
    or "None".
    """
    values = [_defined(part) for part in parts]
    return values[0] if len(values) == 1 else "".join(str(value) for value in values)


def _defined(value: Any) -> Any:
    if isinstance(value, Undefined):
        str(value)  # raises Jinja's error, which has the name
    return value


class _Environment(Sandbox):
    concat = staticmethod(_concat)


class _Template(NativeTemplate):
    environment_class = _Environment  # type: ignore[assignment]  # jinja2 has no class that is both


_Environment.template_class = _Template
_ENVIRONMENT = _Environment()
