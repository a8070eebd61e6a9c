"""A fault in a configuration, for programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from airflow_provider_hybrid.routing import fault


@dataclass(frozen=True)
class Fault:
    """A fault in a configuration."""

    path: Annotated[str, Field(description="Where it is: routes[0].name. Empty: the document as a whole.")]
    problem: Annotated[str, Field(description="What is wrong there.")]
    fix: Annotated[str | None, Field(description="What to do. null: the problem says it.")]
    found: Annotated[
        str | None,
        Field(description="The value there, as JSON, cut after 100 characters. null: none, or not shown."),
    ]
    text: Annotated[str, Field(description="All of it in a sentence, for people.")]


def fault_output(found: fault.Fault) -> Fault:
    """Return a fault for programs."""
    return Fault(found.path, found.problem, found.fix or None, found.found or None, str(found))
