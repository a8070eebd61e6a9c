"""The output of `hybrid test --json`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field


@dataclass(frozen=True)
class CaseResult:
    """What came of a case."""

    name: Annotated[str, Field(description="The case's name.")]
    passed: Annotated[bool, Field(description="Whether all is as expected.")]
    failure: Annotated[
        str | None, Field(description="What is not, over several lines, for people. null: it passed.")
    ]


@dataclass(frozen=True)
class CaseResults:
    """What came of the cases of a file. If one did not pass the exit code is 1, else 0."""

    configuration: Annotated[str, Field(description="The file, or the Variable's key.")]
    cases: Annotated[list[CaseResult], Field(description="The cases, in their order.")]
