"""What all parts of a configuration have in common."""

from __future__ import annotations

import re
from typing import Annotated, Any, TypeVar

from jinja2 import TemplateError
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema

from airflow_provider_hybrid.config.wrong import WrongValueError
from airflow_provider_hybrid.routing.template import compile_template


def _is_comment(value: Any) -> Any:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        return value
    raise WrongValueError("is no comment", "write a text, or a list of texts")


# As a union of types it would have a fault for each of them.
Comment = Annotated[
    Any,
    AfterValidator(_is_comment),
    WithJsonSchema(
        {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}, {"type": "null"}]}
    ),
]
"""A comment: a text or a list of texts."""


class Model(BaseModel):
    """A part of a configuration. An unknown key is a fault, no value is converted, and none can change."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    comment: Comment = Field(default=None, alias="//", description="For people; ignored.")


T = TypeVar("T")


def compilable(template: T) -> T:
    """Check that the strings in a value are Jinja templates."""
    try:
        compile_template(template)
    except TemplateError as error:
        raise WrongValueError(f"not a Jinja template: {error}", "mend the template") from None
    return template


_NAME = r"^[A-Za-z0-9_.-]{1,100}$"


def _is_name(text: str) -> str:
    if not re.fullmatch(_NAME, text):
        raise WrongValueError("is no name", "write up to 100 letters, digits, '_', '-' and '.'")
    return text


Name = Annotated[str, AfterValidator(_is_name), Field(json_schema_extra={"pattern": _NAME})]
"""The name of a route or of an expectation; run ids begin with it."""

Template = Annotated[str, AfterValidator(compilable)]
"""A text that is a Jinja template."""
