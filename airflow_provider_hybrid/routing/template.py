"""Templates over an event: Jinja's sandbox, and values that keep their type."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, Undefined
from jinja2.nativetypes import NativeCodeGenerator, NativeTemplate
from jinja2.sandbox import ImmutableSandboxedEnvironment

Render = Callable[[Mapping[str, Any]], Any]

_MAY_BE_TEMPLATE = re.compile(r"[{\r\n]")
"""What Jinja gives back letter by letter has none of these: it normalises line ends, too."""


def compile_template(template: Any) -> Render:
    """Compile a JSON value in which every string is a Jinja template.

    A template that is one expression keeps the type of its value: ``{{ event.detail.object.size }}`` is a
    number. What an event holds is only ever data: it is never read as a template or as a literal.

    Args:
        template: Strings, and lists and objects of them at any depth; other values stay as they are.

    Returns:
        A function of the template's variables that gives the rendered value.

    Raises:
        jinja2.TemplateError: If a template's syntax is wrong.
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
    """Compile a text once: validating a configuration and using it ask for the same, as do many routes."""
    if not _MAY_BE_TEMPLATE.search(text):
        return lambda _variables: text
    return _ENVIRONMENT.from_string(text).render


class FieldError(Exception):
    """A template that could not be rendered; names the field."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(field, reason)
        self.field = field
        self.reason = reason


def _render(key: str, field: Render, variables: Mapping[str, Any]) -> Any:
    try:
        return field(variables)
    except FieldError as error:
        raise FieldError(f"{key}.{error.field}", error.reason) from None
    except Exception as error:
        # Whatever the author's expression does with the data at hand may raise anything: it is the same
        # finding every time, this field cannot be made from this event.
        raise FieldError(key, f"{type(error).__name__}: {error}") from error


def _concat(parts: Iterable[Any]) -> Any:
    """Join what a template put out; one value alone stays what it is.

    Jinja's own `native_concat` reads the text as a Python literal, which turns an object key "007" or "None"
    into something else.
    """
    values = [_defined(part) for part in parts]
    return values[0] if len(values) == 1 else "".join(str(value) for value in values)


def _defined(value: Any) -> Any:
    if isinstance(value, Undefined):
        str(value)
    return value


class _Environment(ImmutableSandboxedEnvironment):
    code_generator_class = NativeCodeGenerator
    concat = staticmethod(_concat)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Prefer what an object holds to what Python gives it: `event.detail.items` is the event's field."""
        if isinstance(obj, Mapping) and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)


class _Template(NativeTemplate):
    environment_class = _Environment  # type: ignore[assignment]  # jinja2 has no class that is both


_Environment.template_class = _Template
_ENVIRONMENT = _Environment(undefined=StrictUndefined, autoescape=False)
