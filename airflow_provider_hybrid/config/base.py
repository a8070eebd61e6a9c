"""What all parts of a configuration have in common."""

from __future__ import annotations

from typing import Annotated, TypeVar

from jinja2 import TemplateError
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from airflow_provider_hybrid.routing.template import compile_template


class Model(BaseModel):
    """A part of a configuration. An unknown key is a fault, no value is converted, and none can change."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    comment: str | list[str] | None = Field(default=None, alias="//", description="For people; ignored.")


T = TypeVar("T")


def compilable(template: T) -> T:
    """Check that the strings in a value are Jinja templates."""
    try:
        compile_template(template)
    except TemplateError as error:
        raise ValueError(f"not a Jinja template: {error}") from None
    return template


Template = Annotated[str, AfterValidator(compilable)]
"""A text that is a Jinja template."""
